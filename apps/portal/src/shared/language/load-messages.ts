import { i18n, type Messages } from '@lingui/core';

/** Catalogues that are not loaded with the page, but with the part of it that needs them. */
const LATER = [
  'contacts',
  'explain',
  'groups',
  'guides',
  'hand-over',
  'health',
  'held',
  'mapping',
  'requests',
  'setup-guide',
  'users',
] as const;

export type LaterCatalogue = (typeof LATER)[number];

const CATALOGUES = import.meta.glob<Messages>(
  '../../locales/*/{contacts,explain,groups,guides,hand-over,health,held,mapping,requests,setup-guide,users}.po',
  { import: 'messages' },
);

/** Loads a part of the page together with its messages in the language of the page. Rejects when either cannot be had. */
export async function withMessages<T>(catalogues: readonly LaterCatalogue[], load: () => Promise<T>): Promise<T> {
  const [part] = await Promise.all([load(), ...catalogues.map(loadMessages)]);
  return part;
}

/** Loads all messages in the language of the page, for an application that does not part them. */
export async function loadAllMessages(): Promise<void> {
  await Promise.all(LATER.map(loadMessages));
}

async function loadMessages(catalogue: LaterCatalogue): Promise<void> {
  const load = CATALOGUES[`../../locales/${i18n.locale}/${catalogue}.po`];
  if (!load) throw new Error(`there is no catalogue ${catalogue} for the language ${i18n.locale}`);
  i18n.load(i18n.locale, await load());
}

import { i18n, type Messages } from '@lingui/core';
import { LATER, type LaterCatalogue } from './later-catalogues';

const CATALOGUES = import.meta.glob<Messages>('../../locales/*/later/*.po', { import: 'messages' });

/** The language of a page does not change, so none is needed twice. */
const loaded = new Set<LaterCatalogue>();

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
  if (loaded.has(catalogue)) return;
  const load = CATALOGUES[`../../locales/${i18n.locale}/later/${catalogue}.po`];
  if (!load) throw new Error(`there is no catalogue ${catalogue} for the language ${i18n.locale}`);
  const messages = await load();
  if (loaded.has(catalogue)) return;
  loaded.add(catalogue);
  // Everything that is drawn hears of it.
  i18n.load(i18n.locale, messages);
}

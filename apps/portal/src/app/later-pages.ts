import type { QueryClient } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { PortalError } from '../shared/api/portal-error';
import type { LaterCatalogue } from '../shared/language/later-catalogues';
import { withMessages } from '../shared/language/load-messages';
import { laterPage } from '../shared/ui/later-page';

const loaders: (() => Promise<ComponentType>)[] = [];

/** A page that is not the first one to which a link leads, with its messages: that one waits for neither. */
function later(catalogues: readonly LaterCatalogue[], loadPage: () => Promise<ComponentType>) {
  const page = laterPage(() => withMessages(catalogues, loadPage));
  loaders.push(page.load);
  return page;
}

export const ConfigurationPage = later(
  ['health', 'setup-guide'],
  async () => (await import('./pages/configuration-page')).ConfigurationPage,
);
export const ContactsPage = later(['contacts'], async () => (await import('./pages/contacts-page')).ContactsPage);
/** Comes with the page that is shown first within it. */
export const DirectoryLayout = later(['health', 'held'], async () => {
  const [{ DirectoryLayout: Layout }] = await Promise.all([
    import('./pages/directory-layout'),
    ConfigurationPage.load(),
  ]);
  return Layout;
});
export const ExplainPage = later(['explain'], async () => (await import('./pages/explain-page')).ExplainPage);
export const GroupPage = later(
  ['explain', 'groups', 'users'],
  async () => (await import('./pages/group-page')).GroupPage,
);
export const GroupsPage = later(['groups'], async () => (await import('./pages/groups-page')).GroupsPage);
export const HandOverPage = later(['hand-over'], async () => (await import('./pages/hand-over-page')).HandOverPage);
export const HandedOverPage = later(
  ['hand-over', 'health', 'setup-guide'],
  async () => (await import('./pages/handed-over-page')).HandedOverPage,
);
export const HeldPage = later(['held'], async () => (await import('./pages/held-page')).HeldPage);
export const MappingPage = later(['mapping'], async () => (await import('./pages/mapping-page')).MappingPage);
export const RequestPage = later(['requests'], async () => (await import('./pages/request-page')).RequestPage);
export const RequestsPage = later(
  ['explain', 'requests'],
  async () => (await import('./pages/requests-page')).RequestsPage,
);
export const UnsubscribePage = later(
  ['contacts'],
  async () => (await import('../features/contacts/unsubscribe-page')).UnsubscribePage,
);
export const UsersPage = later(['explain', 'users'], async () => (await import('./pages/users-page')).UsersPage);

/**
 * Loads them, so that whoever goes there later finds them also while the server is away, and after it was replaced by another version:
 * a page that could not be loaded would take a new token with it that was not copied yet. It begins when the page that is shown has been
 * answered, so as not to take the network from it.
 * @returns what ends the wait for that
 */
export function loadLaterPages(client: QueryClient): () => void {
  const stop = client.getQueryCache().subscribe(loadWhenAnswered);
  loadWhenAnswered();
  return stop;

  function loadWhenAnswered(): void {
    if (client.isFetching() > 0) return;
    stop();
    // One that cannot be loaded now is asked for again when somebody goes there.
    for (const load of loaders) load().catch(() => undefined);
  }
}

/** Loads where a new token is shown: without it none is to be made. Throws PortalError with the code `network` when it cannot be had. */
export async function loadConfiguration(): Promise<void> {
  try {
    await DirectoryLayout.load();
  } catch {
    throw new PortalError(0, 'network', 'The page of the directory could not be loaded.');
  }
}

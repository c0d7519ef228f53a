import { lazy, type ComponentType } from 'react';
import { PortalError } from '../shared/api/portal-error';
import { withMessages, type LaterCatalogue } from '../shared/language/load-messages';

const loaders: (() => Promise<ComponentType>)[] = [];

/** A page that is not the first one to which a link leads, with its messages: that one waits for neither. */
function later(catalogues: readonly LaterCatalogue[], loadPage: () => Promise<ComponentType>) {
  const load = () => withMessages(catalogues, loadPage);
  loaders.push(load);
  return Object.assign(
    lazy(async () => ({ default: await load() })),
    { load },
  );
}

export const ConfigurationPage = later(
  ['health', 'setup-guide'],
  async () => (await import('./pages/configuration-page')).ConfigurationPage,
);
export const ContactsPage = later(['contacts'], async () => (await import('./pages/contacts-page')).ContactsPage);
export const DirectoryLayout = later(
  ['health'],
  async () => (await import('./pages/directory-layout')).DirectoryLayout,
);
export const ExplainPage = later(['explain'], async () => (await import('./pages/explain-page')).ExplainPage);
export const GroupPage = later(['groups', 'users'], async () => (await import('./pages/group-page')).GroupPage);
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
  [],
  async () => (await import('../features/contacts/unsubscribe-page')).UnsubscribePage,
);
export const UsersPage = later(['users'], async () => (await import('./pages/users-page')).UsersPage);

/**
 * Loads them, so that whoever goes there later finds them also while the server is away, and after it was replaced by another version:
 * a page that could not be loaded would take a new token with it that was not copied yet.
 */
export function loadLaterPages(): void {
  // One that cannot be loaded now is asked for again when somebody goes there.
  for (const load of loaders) load().catch(() => undefined);
}

/** Loads where a new token is shown: without it none is to be made. Throws PortalError with the code `network` when it cannot be had. */
export async function loadConfiguration(): Promise<void> {
  try {
    await Promise.all([ConfigurationPage.load(), DirectoryLayout.load()]);
  } catch {
    throw new PortalError(0, 'network', 'The page of the directory could not be loaded.');
  }
}

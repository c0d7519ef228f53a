import { PORTAL_ORGANIZATION_HEADER } from '@rollcall/contract';

/**
 * The organization that this page shows, by id; null until its session is known. The browser's cookie may come to be that of
 * another organization while the page is open, so every call says which one it is meant for.
 */
let shown: string | null = null;

/** Tells for which organization the calls of this page are, from the first session that it read on. */
export function showOrganization(id: string): void {
  shown ??= id;
}

/** The same after the reader opened the link of another organization in this page. */
export function switchOrganization(id: string): void {
  shown = id;
}

/** Its id; null while it is not known. */
export function shownOrganization(): string | null {
  return shown;
}

/** What every call of the portal's API says besides. */
export function organizationHeader(): Record<string, string> {
  return shown === null ? {} : { [PORTAL_ORGANIZATION_HEADER]: shown };
}

import type { RunningRollcall } from '@rollcall/testing';
import type { Browser, Page } from 'playwright-core';
import { createDirectory, type ReadyDirectory } from './create-directory';
import { openPortal, type PortalVisit } from './open-portal';

/** A directory, its identity provider, and the way of its organization's admin to its pages. */
export interface PortalDirectory extends ReadyDirectory {
  /** A SCIM request of the identity provider. Throws on every answer that is no success. */
  scim<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Makes a user; `attributes` beside userName. */
  createUser(userName: string, attributes?: object): Promise<string>;
  createGroup(displayName: string, memberIds?: string[]): Promise<string>;
  /** A browser profile of its own at a page of the directory: '' is its configuration. */
  open(browser: Browser, page?: string, isLive?: boolean): Promise<PortalVisit>;
}

/** Makes an organization with a directory through the management API. */
export async function createPortalDirectory(
  rollcall: Pick<RunningRollcall, 'baseUrl' | 'bootstrap'>,
  provider?: string,
): Promise<PortalDirectory> {
  const directory = await createDirectory(rollcall, provider);
  const scim = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${directory.scimUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${directory.token}`, 'content-type': 'application/scim+json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return {
    ...directory,
    scim,
    createUser: async (userName, attributes = {}) => {
      const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
      return (await scim<{ id: string }>('POST', '/Users', { schemas, active: true, ...attributes, userName })).id;
    },
    createGroup: async (displayName, memberIds = []) => {
      const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
      const members = memberIds.map((value) => ({ value }));
      return (await scim<{ id: string }>('POST', '/Groups', { schemas, displayName, members })).id;
    },
    open: async (browser, page = '', isLive = true) => {
      const path = `/organizations/${directory.organizationId}/portal_links?features=dir_sync`;
      const { link } = await directory.api<{ link: { location: string } }>('PUT', path);
      const visit = await openPortal(browser, link.location, isLive);
      await visit.page.getByRole('heading', { level: 1, name: 'Directory Sync' }).waitFor();
      await goTo(visit.page, `directories/${directory.directoryId}/${page}`);
      await visit.page.getByRole('navigation', { name: 'Directory', exact: true }).waitFor();
      return visit;
    },
  };
}

/** Loads a page of the portal in which the browser is. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.goto(new URL(`/portal/${path}`.replace(/\/$/, ''), page.url()).href);
}

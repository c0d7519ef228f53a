import type { RunningRollcall } from '@rollcall/testing';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { connectManagementApi, type ManagementApi } from './connect-management-api';
import { openContext } from './open-context';

/** An organization of the app's owner, and its way to the portal. */
export interface PortalOrganization {
  readonly name: string;
  /** A caller of the management API, and where the organization is in it. */
  readonly api: ManagementApi;
  readonly path: string;
  /** A new single-use link to the portal. */
  newLink(): Promise<string>;
  switchDirectorySync(enabled: boolean): Promise<void>;
  /** What the application may do at any time, beside the portal. */
  renameDirectory(directoryId: string, name: string): Promise<void>;
}

/** An organization admin's browser at the portal. */
export interface PortalVisit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** How often a document was loaded: a page that changes by itself does not. */
  documentLoads(): number;
  /** Uncaught errors of the page's scripts, and what its content security policy refused. */
  scriptErrors(): string[];
  /** What the browser wrote to its console as an error, what could not be loaded included. */
  consoleErrors(): string[];
}

/** Makes an organization through the management API; Directory Sync is on unless `enabled` is false. */
export async function createPortalOrganization(
  rollcall: RunningRollcall,
  { name, enabled = true }: { name: string; enabled?: boolean },
): Promise<PortalOrganization> {
  const { client_id: clientId, client_secret: clientSecret } = rollcall.bootstrap;
  const api: ManagementApi = await connectManagementApi(rollcall.baseUrl, { clientId, clientSecret });
  const { organization } = await api<{ organization: { id: string } }>('POST', '/organizations', {
    display_name: name,
  });
  const path = `/organizations/${organization.id}`;
  const switchDirectorySync = async (on: boolean) => {
    await api('PATCH', `${path}/settings`, { features: [{ name: 'dir_sync', enabled: on }] });
  };
  if (enabled) await switchDirectorySync(true);
  return {
    name,
    api,
    path,
    switchDirectorySync,
    renameDirectory: async (directoryId, directoryName) => {
      await api('PATCH', `${path}/directories/${directoryId}`, { directory: { name: directoryName } });
    },
    newLink: async () => {
      const { link } = await api<{ link: { location: string } }>('PUT', `${path}/portal_links?features=dir_sync`);
      return link.location;
    },
  };
}

/** A link at the address by which a test reaches the server: the link has the public one, whose host is another. */
export function atServer({ baseUrl }: Pick<RunningRollcall, 'baseUrl'>, location: string): string {
  const { pathname, search, hash } = new URL(location);
  return `${baseUrl}${pathname}${search}${hash}`;
}

/** The directories of an organization, as the management API tells them. */
export async function directoriesOf({
  api,
  path,
}: Pick<PortalOrganization, 'api' | 'path'>): Promise<{ id: string; secrets: unknown[] }[]> {
  return (await api<{ directories: { id: string; secrets: unknown[] }[] }>('GET', `${path}/directories`)).directories;
}

/**
 * Opens an address in a browser profile of its own, as a person does who was sent there. `isLive` false: the server cannot tell the page
 * by itself what changes, so that it has to ask. `locale`: the language of the browser.
 */
export async function openPortal(
  browser: Browser,
  address: string,
  isLive = true,
  locale?: string,
): Promise<PortalVisit> {
  const context = await openContext(browser, locale);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(address).origin });
  if (!isLive) await context.route('**/portal/api/live?*', (route) => route.abort());
  const page = await context.newPage();
  let loads = 0;
  const errors: string[] = [];
  const consoleErrors: string[] = [];
  page.on('domcontentloaded', () => loads++);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) errors.push(message.text());
    if (message.type() === 'error') consoleErrors.push(`${message.text()} (${message.location().url})`);
  });
  await page.goto(address);
  return {
    page,
    context,
    documentLoads: () => loads,
    scriptErrors: () => [...errors],
    consoleErrors: () => [...consoleErrors],
  };
}

import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort, waitUntil } from '@rollcall/testing';
import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { createPortalOrganization, openPortal, type PortalOrganization } from './support/open-portal';
import { createPortalDirectory } from './support/portal-directory';
import { usePortalSystem } from './support/use-portal-system';

// The portal within a page of the app: framed by whom the owner allows, and by nobody else.

const system = usePortalSystem();

interface Message {
  type: string;
  origin: string;
  organization_id?: string;
  code?: string;
}

/** A page of an app that shows an address in a frame and keeps what it is told. */
const page = (address: string) => `<!doctype html><html lang="en"><title>App</title><body><h1>App</h1>
<iframe title="Admin portal" src="${address}" width="1100" height="800" allow="clipboard-write"></iframe>
<script>
  window.messages = [];
  addEventListener('message', (event) => window.messages.push({ ...event.data, origin: event.origin }));
</script></body></html>`;

/** A site of its own: what it shows in its frame stands in the address. */
async function startSite(host: string): Promise<{ origin: string; server: Server }> {
  const server = createServer((request, response) => {
    const address = new URL(request.url ?? '/', 'http://x').searchParams.get('show') ?? 'about:blank';
    response.setHeader('content-type', 'text/html').end(page(address));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { origin: `http://${host}:${(server.address() as AddressInfo).port}`, server };
}

let app: Awaited<ReturnType<typeof startSite>>;
let stranger: Awaited<ReturnType<typeof startSite>>;
let organization: PortalOrganization;

beforeAll(async () => {
  [app, stranger] = [await startSite('127.0.0.1'), await startSite('127.0.0.1')];
  organization = await createPortalOrganization(system.rollcall, { name: 'Northwind' });
  await organization.api('PUT', '/portal_settings', {
    display_name: 'Harborlight',
    accent_color: '#7c3aed',
    support_contact: 'help@harborlight.test',
    allowed_origins: [app.origin],
  });
});

afterAll(() => {
  app.server.close();
  stranger.server.close();
});

/** The link as the app hands it out, at the address by which the test reaches the server. */
async function newLink(path = organization.path): Promise<string> {
  const { link } = await organization.api<{ link: { location: string } }>(
    'PUT',
    `${path}/portal_links?features=dir_sync`,
  );
  const { pathname, search, hash } = new URL(link.location);
  return `${system.rollcall.baseUrl}${pathname}${search}${hash}`;
}

const show = (site: string, address: string) => `${site}/?show=${encodeURIComponent(address)}`;

const messagesOf = (shown: Page): Promise<Message[]> => shown.evaluate<Message[]>('window.messages');

const typesOf = async (shown: Page): Promise<string[]> => (await messagesOf(shown)).map(({ type }) => type);

const headingIn = (frame: FrameLocator, name: string) => frame.getByRole('heading', { level: 1, name });

describe('within a page that the owner allows', () => {
  it('opens, is the owner’s by name and by contact, and says so to that page', async () => {
    const { page: shown, context } = await openPortal(system.browser, show(app.origin, await newLink()));
    const frame = shown.frameLocator('iframe');
    await headingIn(frame, 'Directory Sync').waitFor();
    await frame.getByText('Admin portal of Harborlight').waitFor();
    await frame.getByRole('link', { name: 'help@harborlight.test' }).waitFor();
    expect(await messagesOf(shown)).toEqual([
      {
        type: 'PORTAL_LOAD_SUCCESS',
        organization_id: organization.path.split('/').at(-1),
        origin: system.rollcall.baseUrl,
      },
    ]);
    await context.close();
  });

  it('tells of a directory that is made, disabled and enabled, and is still there after a reload of the frame', async () => {
    const { page: shown, context } = await openPortal(system.browser, show(app.origin, await newLink()));
    const frame = shown.frameLocator('iframe');
    await frame.getByRole('region', { name: 'Okta', exact: true }).getByRole('button', { name: 'Configure' }).click();
    const actions = frame.getByRole('button', { name: 'Actions', exact: true });
    await actions.waitFor();
    // The new token is not copied, so the browser asks.
    shown.on('dialog', (asked) => void asked.accept());
    const loaded = shown.waitForEvent('framenavigated');
    await shown.frames()[1]?.evaluate('location.reload()');
    await loaded;
    await actions.click();
    await frame.getByRole('menuitem', { name: 'Disable…' }).click();
    await frame.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await waitUntil(async () => (await typesOf(shown)).includes('ORGANIZATION_DIRECTORY_DISABLED'), {
      what: 'the page being told',
    });
    const types = await typesOf(shown);
    expect(types.filter((type) => type.startsWith('ORGANIZATION_'))).toEqual([
      'ORGANIZATION_DIRECTORY_ENABLED',
      'ORGANIZATION_DIRECTORY_DISABLED',
    ]);
    await context.close();
  });

  it('has the users saved as a file, also beside a tab with the session of another organization', async () => {
    const directory = await createPortalDirectory(system.rollcall);
    await directory.createUser('grace@acme.example');
    const { page: tab, context } = await openPortal(system.browser, await newLink());
    await tab.getByRole('heading', { level: 1, name: 'Directory Sync' }).waitFor();
    const shown = await context.newPage();
    await shown.goto(show(app.origin, await newLink(`/organizations/${directory.organizationId}`)));
    const frame = shown.frameLocator('iframe');
    await frame.getByRole('link', { name: 'Okta' }).click();
    await frame.getByRole('link', { name: /^Users/ }).click();
    await frame.getByRole('button', { name: 'Export' }).click();
    const save = frame.getByRole('button', { name: 'Save as CSV' });
    const [download] = await Promise.all([shown.waitForEvent('download'), save.click()]);
    expect(await readFile(await download.path(), 'utf8')).toContain('"grace@acme.example"');
    await context.close();
  });

  it('says that a link does not open, and why', async () => {
    const link = await newLink();
    const first = await openPortal(system.browser, show(app.origin, link));
    await headingIn(first.page.frameLocator('iframe'), 'Directory Sync').waitFor();
    await first.context.close();
    const second = await openPortal(system.browser, show(app.origin, link));
    await headingIn(second.page.frameLocator('iframe'), 'This link has already been used').waitFor();
    await waitUntil(async () => (await messagesOf(second.page)).length > 0, { what: 'the page being told' });
    expect(await messagesOf(second.page)).toMatchObject([{ type: 'PORTAL_LOAD_FAILURE', code: 'link_used' }]);
    await second.context.close();
  });

  it('says that the session is over when its link is revoked', async () => {
    const { page: shown, context } = await openPortal(system.browser, show(app.origin, await newLink()));
    const frame = shown.frameLocator('iframe');
    await headingIn(frame, 'Directory Sync').waitFor();
    await organization.api('DELETE', `${organization.path}/portal_links`);
    await headingIn(frame, 'Your access to the portal was withdrawn').waitFor();
    await waitUntil(async () => (await typesOf(shown)).length > 1, { what: 'the page being told' });
    expect(await typesOf(shown)).toEqual(['PORTAL_LOAD_SUCCESS', 'PORTAL_SESSION_EXPIRY']);
    await context.close();
  });
});

describe('within any other page', () => {
  it('is not shown, and its link is not used up', async () => {
    const link = await newLink();
    const { page: shown, context } = await openPortal(system.browser, `${system.rollcall.baseUrl}/portal`);
    const refused: string[] = [];
    shown.on('console', (message) => refused.push(message.text()));
    await shown.goto(show(stranger.origin, link));
    await waitUntil(async () => Promise.resolve(refused.some((text) => text.includes('frame-ancestors'))), {
      what: 'the browser refusing the frame',
    });
    expect(await messagesOf(shown)).toEqual([]);
    await shown.goto(link);
    await shown.getByRole('heading', { level: 1, name: 'Directory Sync' }).waitFor();
    await context.close();
  });

  it('keeps its link where the browser keeps no cookie of a frame, and leads to a tab of its own', async () => {
    const elsewhere = app.origin.replace('127.0.0.1', 'localhost');
    await organization.api('PUT', '/portal_settings', { allowed_origins: [app.origin, elsewhere] });
    const { page: shown, context } = await openPortal(system.browser, show(elsewhere, await newLink()));
    const frame = shown.frameLocator('iframe');
    await headingIn(frame, 'This browser keeps no session in a frame').waitFor();
    expect(await messagesOf(shown)).toMatchObject([{ type: 'PORTAL_LOAD_FAILURE', code: 'cookies_blocked' }]);
    const tab = context.waitForEvent('page');
    await frame.getByRole('link', { name: 'Open in a new tab' }).click();
    await (await tab).getByRole('heading', { level: 1, name: 'Directory Sync' }).waitFor();
    await context.close();
  });
});

it('has no violations in the frame’s own page, in the owner’s colour and in both themes', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const visit = await openPortal(system.browser, `${system.rollcall.baseUrl}/portal`);
    await visit.page.emulateMedia({ colorScheme });
    for (const accent_color of ['#7c3aed', '#ffee00', '#101010']) {
      await organization.api('PUT', '/portal_settings', { display_name: 'Harborlight', accent_color });
      await visit.page.goto(await newLink());
      await visit.page.getByRole('heading', { level: 1, name: 'Directory Sync' }).waitFor();
      expect(await findViolations(visit.page)).toEqual([]);
    }
    expect(visit.scriptErrors()).toEqual([]);
    await visit.context.close();
  }
});

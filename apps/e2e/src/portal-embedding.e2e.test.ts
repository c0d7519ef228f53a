import { readFile } from 'node:fs/promises';
import { waitUntil } from '@rollcall/testing';
import type { FrameLocator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { atServer, createPortalOrganization, openPortal, type PortalOrganization } from './support/open-portal';
import { createPortalDirectory } from './support/portal-directory';
import { type AppSite, messagesOf, startAppSite, typesOf } from './support/start-app-site';
import { usePortalSystem } from './support/use-portal-system';

// The portal within a page of the app: framed by whom the owner allows, and by nobody else.

const system = usePortalSystem();

let app: AppSite;
let stranger: AppSite;
let organization: PortalOrganization;

beforeAll(async () => {
  [app, stranger] = [await startAppSite(), await startAppSite()];
  organization = await createPortalOrganization(system.rollcall, { name: 'Northwind' });
  await organization.api('PUT', '/portal_settings', {
    display_name: 'Harborlight',
    accent_color: '#7c3aed',
    support_contact: 'help@harborlight.test',
    allowed_origins: [app.origin],
  });
});

afterAll(async () => {
  await app?.stop();
  await stranger?.stop();
});

/** The link as the app hands it out, at the address by which the test reaches the server. */
async function newLink(path = organization.path): Promise<string> {
  const { link } = await organization.api<{ link: { location: string } }>(
    'PUT',
    `${path}/portal_links?features=dir_sync`,
  );
  return atServer(system.rollcall, link.location);
}

const headingIn = (frame: FrameLocator, name: string) => frame.getByRole('heading', { level: 1, name });

describe('within a page that the owner allows', () => {
  it('opens, is the owner’s by name and by contact, and says so to that page', async () => {
    const { page: shown, context } = await openPortal(system.browser, app.show(await newLink()));
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
    const { page: shown, context } = await openPortal(system.browser, app.show(await newLink()));
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
    await shown.goto(app.show(await newLink(`/organizations/${directory.organizationId}`)));
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
    const first = await openPortal(system.browser, app.show(link));
    await headingIn(first.page.frameLocator('iframe'), 'Directory Sync').waitFor();
    await first.context.close();
    const second = await openPortal(system.browser, app.show(link));
    await headingIn(second.page.frameLocator('iframe'), 'This link has already been used').waitFor();
    await waitUntil(async () => (await messagesOf(second.page)).length > 0, { what: 'the page being told' });
    expect(await messagesOf(second.page)).toMatchObject([{ type: 'PORTAL_LOAD_FAILURE', code: 'link_used' }]);
    await second.context.close();
  });

  it('says that the session is over when its link is revoked', async () => {
    const { page: shown, context } = await openPortal(system.browser, app.show(await newLink()));
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
    await shown.goto(stranger.show(link));
    await waitUntil(() => refused.some((text) => text.includes('frame-ancestors')), {
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
    const { page: shown, context } = await openPortal(
      system.browser,
      app.show(await newLink()).replace(app.origin, elsewhere),
    );
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

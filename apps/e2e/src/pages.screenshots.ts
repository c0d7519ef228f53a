import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildScenario, findDialect, simulateProvider } from '@rollcall/idp-simulator';
import { startReceiver, waitUntil } from '@rollcall/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDirectory, type ReadyDirectory } from './support/create-directory';
import { environmentAddress } from './support/dashboard-page';
import { openPortal } from './support/open-portal';
import { button } from './support/portal-page';
import { usePortalSystem } from './support/use-portal-system';

/** Where the pictures go. */
const FOLDER = process.env.SCREENSHOTS ?? 'dist/screenshots';

/** A telephone, a tablet, a notebook and a large screen. */
const WIDTHS = [360, 768, 1440, 1920];
const THEMES = ['light', 'dark'] as const;

const system = usePortalSystem({ own: true });
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let directory: ReadyDirectory;
let endpointId: string;

// What the pages show: an organization that Okta has provisioned, and an app that hears of it.
beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true });
  receiver = await startReceiver();
  directory = await createDirectory(system.rollcall);
  const { api } = directory;
  const made = await api<{ webhook_endpoint: { id: string } }>('POST', '/webhook_endpoints', {
    url: receiver.url,
    description: 'Harborlight, production',
  });
  endpointId = made.webhook_endpoint.id;
  await api('PUT', '/portal_settings', { display_name: 'Harborlight', support_contact: 'support@harborlight.example' });
  await api('POST', '/roles', { role_name: 'admin', display_name: 'Administrator' });
  await api('POST', '/organizations', { display_name: 'Globex', external_id: 'cust_42' });
  const connection = { baseUrl: directory.scimUrl, token: directory.token };
  const scenario = buildScenario({ people: 12 });
  const simulated = simulateProvider({ dialect: findDialect('okta'), connection, scenario, pauseMs: 0 });
  expect(await simulated.run(scenario.actions)).toEqual([]);
  await waitUntil(async () => (await pendingOf(api)) === 0, { what: 'every event being delivered' });
  const counted = async () =>
    (await api<{ traffic: { total: { attempts_succeeded: number } } }>('GET', '/overview')).traffic.total;
  await waitUntil(async () => (await counted()).attempts_succeeded > 0, { what: 'the traffic being counted' });
});

afterAll(() => receiver?.stop());

async function pendingOf(api: ReadyDirectory['api']): Promise<number> {
  const path = `/webhook_endpoints/${endpointId}/deliveries?state=pending`;
  return (await api<{ total_size: number }>('GET', path)).total_size;
}

/** A picture of the page that is shown in each width and theme, of its whole length. */
async function picture(page: Page, name: string): Promise<void> {
  for (const width of WIDTHS) {
    for (const colorScheme of THEMES) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(FOLDER, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
}

/** Goes to pages one after the other and takes a picture of each when it has come to rest. */
async function walk(page: Page, pages: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, address] of Object.entries(pages)) {
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForLoadState('networkidle');
    await waitUntil(async () => (await page.getByLabel(/^Loading/).count()) === 0, { what: `${name} being loaded` });
    await picture(page, name);
  }
}

it('takes pictures of the dashboard', async () => {
  const visit = await openPortal(system.browser, system.rollcall.bootstrap.dashboard_setup_url);
  const { page } = visit;
  await page.getByLabel('Name').fill('Grace Hopper');
  await picture(page, 'dashboard-setup');
  await page.getByLabel('Email').fill('grace@harborlight.example');
  await page.getByLabel('Password').fill('a bug in the relay');
  await button(page, 'Create account').click();
  await page.locator('#main').getByRole('heading', { level: 1 }).waitFor();
  const base = environmentAddress(page);
  const organization = `${base}/organizations/${directory.organizationId}`;
  const ofDirectory = `${organization}/directories/${directory.directoryId}`;
  const [event] = (await directory.api<{ events: { id: string }[] }>('GET', '/events?page_size=1')).events;
  await walk(page, {
    'dashboard-overview': base,
    'dashboard-organizations': `${base}/organizations`,
    'dashboard-organization': organization,
    'dashboard-new-directory': `${organization}/directories/new`,
    'dashboard-directory': ofDirectory,
    'dashboard-users': `${ofDirectory}/users`,
    'dashboard-groups': `${ofDirectory}/groups`,
    'dashboard-activity': `${ofDirectory}/activity`,
    'dashboard-rules': `${ofDirectory}/rules`,
    'dashboard-held': `${ofDirectory}/held`,
    'dashboard-webhooks': `${base}/webhooks`,
    'dashboard-webhook': `${base}/webhooks/${endpointId}`,
    'dashboard-webhook-replays': `${base}/webhooks/${endpointId}/replays`,
    'dashboard-webhook-settings': `${base}/webhooks/${endpointId}/settings`,
    'dashboard-webhook-verify': `${base}/webhooks/${endpointId}/verify`,
    'dashboard-events': `${base}/events`,
    'dashboard-event': `${base}/events/${event?.id ?? ''}`,
    'dashboard-api-clients': `${base}/api-clients`,
    'dashboard-audit-log': `${base}/audit-log`,
    'dashboard-members': `${base}/members`,
    'dashboard-settings': `${base}/settings`,
    'dashboard-account': `${base}/account`,
    mailbox: `${system.rollcall.baseUrl}/dashboard/mailbox`,
  });
  await visit.context.clearCookies();
  await walk(page, { 'dashboard-sign-in': `${system.rollcall.baseUrl}/dashboard/sign-in` });
  await visit.context.close();
  expect(visit.scriptErrors()).toEqual([]);
});

it('takes pictures of the portal', async () => {
  const path = `/organizations/${directory.organizationId}/portal_links?features=dir_sync`;
  const { link } = await directory.api<{ link: { location: string } }>('PUT', path);
  const visit = await openPortal(system.browser, link.location);
  const { page } = visit;
  await page.getByRole('heading', { level: 1, name: 'Directory Sync' }).waitFor();
  // The host of the link: the cookie of the session is for it alone.
  const portal = new URL('/portal', page.url()).href;
  const base = `${portal}/directories/${directory.directoryId}`;
  await walk(page, {
    'portal-directories': portal,
    'portal-new-directory': `${portal}/directories/new`,
    'portal-configuration': base,
    'portal-hand-over': `${base}/hand-over`,
    'portal-users': `${base}/users`,
    'portal-groups': `${base}/groups`,
    'portal-activity': `${base}/activity`,
    'portal-mapping': `${base}/mapping`,
    'portal-contacts': `${portal}/contacts`,
  });
  await page.goto(base);
  await page.getByText('Endpoint URL and tokens').click();
  await page.getByRole('group', { name: 'Endpoint URL' }).waitFor();
  await picture(page, 'portal-tokens');
  await page.goto(`${base}/users`);
  await page.getByRole('rowheader').first().getByRole('link').click();
  await page.getByRole('dialog').getByText('Account').waitFor();
  await picture(page, 'portal-user');
  await page.goto(`${base}/activity`);
  await page.getByRole('rowheader').first().getByRole('link').click();
  await page.getByText('Delivered').first().waitFor();
  await picture(page, 'portal-request');
  await visit.context.close();
  expect(visit.scriptErrors()).toEqual([]);
});

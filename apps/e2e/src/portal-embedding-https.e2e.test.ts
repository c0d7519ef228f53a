import { freePort, RECEIVER_CERTIFICATE, type RunningRollcall, startRollcall, WAIT_LIMIT_MS } from '@rollcall/testing';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPortalOrganization, type PortalOrganization } from './support/open-portal';
import { type AppSite, messagesOf, startAppSite, typesOf } from './support/start-app-site';
import { type HttpsProxy, startHttpsProxy } from './support/start-https-proxy';
import { usePortalSystem } from './support/use-portal-system';

// As in production: over https, behind a proxy, in a page of another site.

const system = usePortalSystem();

let rollcall: RunningRollcall;
let proxy: HttpsProxy;
let app: AppSite;
let organization: PortalOrganization;
let publicUrl: string;

beforeAll(async () => {
  // Another site than the app's, whose host is 127.0.0.1.
  const port = await freePort();
  publicUrl = `https://localhost:${port}`;
  rollcall = await startRollcall({ env: { PUBLIC_URL: publicUrl } });
  proxy = await startHttpsProxy(RECEIVER_CERTIFICATE, { port, target: rollcall.baseUrl });
  app = await startAppSite({ tls: RECEIVER_CERTIFICATE });
  organization = await createPortalOrganization(rollcall, { name: 'Northwind' });
  await organization.api('PUT', '/portal_settings', { allowed_origins: [app.origin] });
});

afterAll(async () => {
  await app?.stop();
  await proxy?.stop();
  await rollcall?.stop();
});

describe('the portal over https in a page of another site', () => {
  let context: BrowserContext;
  let shown: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    context = await system.browser.newContext({ reducedMotion: 'reduce', ignoreHTTPSErrors: true });
    context.setDefaultTimeout(WAIT_LIMIT_MS);
    shown = await context.newPage();
    shown.on('pageerror', (error) => errors.push(error.message));
    shown.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await shown.goto(app.show(await organization.newLink()));
  });

  afterAll(() => context?.close());

  const inFrame = () => shown.frameLocator('iframe');
  const opened = () => inFrame().getByRole('heading', { level: 1, name: 'Directory Sync' }).waitFor();

  it('opens, and tells that page alone, from its own origin', async () => {
    await opened();
    expect(await messagesOf(shown)).toEqual([
      { type: 'PORTAL_LOAD_SUCCESS', organization_id: organization.path.split('/').at(-1), origin: publicUrl },
    ]);
  });

  it('keeps its session in a cookie that is secure, and of that page’s site alone', async () => {
    const cookies = await context.cookies(publicUrl);
    expect(cookies).toMatchObject([
      { name: '__Host-rollcall_portal_frame', secure: true, httpOnly: true, sameSite: 'None' },
    ]);
    expect(cookies[0]?.partitionKey).toBe('https://127.0.0.1');
    const frame = shown.frames()[1];
    await frame?.evaluate('document.documentElement.dataset.left = ""; location.reload()');
    // Until then the page that is being left has everything that is looked for, and nothing that is pressed there counts.
    await inFrame().locator('html:not([data-left])').waitFor({ state: 'attached' });
    await opened();
  });

  it('makes a directory whose endpoint is the public one, and tells that page of it', async () => {
    const okta = inFrame().getByRole('region', { name: 'Okta', exact: true });
    await okta.getByRole('button', { name: 'Configure' }).click();
    const endpoint = inFrame().getByRole('group', { name: 'Endpoint URL', exact: true }).getByRole('code');
    expect(await endpoint.innerText()).toMatch(new RegExp(`^${publicUrl}/scim/[0-9a-z]+/v2$`));
    await expect.poll(() => typesOf(shown)).toContain('ORGANIZATION_DIRECTORY_ENABLED');
  });

  it('is of no use to a tab of its own, where that cookie is not', async () => {
    const tab = await context.newPage();
    await tab.goto(`${publicUrl}/portal`);
    await tab.getByRole('heading', { level: 1, name: 'Open the portal with a link' }).waitFor();
    expect(await tab.getByRole('link', { name: 'Directory Sync' }).count()).toBe(0);
    await tab.close();
  });

  it('wrote no error to the console', () => {
    expect(errors).toEqual([]);
  });
});

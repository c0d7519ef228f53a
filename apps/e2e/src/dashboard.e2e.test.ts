import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccount, dashboardLink, environmentAddress, OWNER } from './support/dashboard-page';
import { findViolations } from './support/find-violations';
import { inspectPage } from './support/inspect-page';
import { inviteViewer } from './support/invite-viewer';
import { openPortal, type PortalVisit } from './support/open-portal';
import { button, configureButton, dialog, heading } from './support/portal-page';
import { tabTo } from './support/tab-to';
import { usePortalSystem } from './support/use-portal-system';

const system = usePortalSystem({ own: true });

let visit: PortalVisit;
let page: Page;
let context: BrowserContext;

// The tests of this file are one visit of the owner's: each goes on where the one before ended.
beforeAll(async () => {
  visit = await openPortal(system.browser, system.rollcall.bootstrap.dashboard_setup_url);
  ({ page, context } = visit);
});

afterAll(() => context?.close());

const link = (name: string) => dashboardLink(page, name);

async function signIn(on: Page, { email, password }: typeof OWNER): Promise<void> {
  await on.getByLabel('Email').fill(email);
  await on.getByLabel('Password').fill(password);
  await button(on, 'Sign in').click();
}

describe('the first owner', () => {
  it('sets the dashboard up by the link of the first start, once', async () => {
    await createAccount(page, OWNER);
    await link('Organizations').waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/dashboard\/env_[0-9a-z]+/);

    const again = await openPortal(system.browser, system.rollcall.bootstrap.dashboard_setup_url);
    await createAccount(again.page, { name: 'Eve', email: 'eve@example.com', password: 'another long password' });
    await again.page.getByRole('alert').waitFor();
    await again.context.close();
  });

  it('is led from / to the page that the address names, and back there after signing in again', async () => {
    await link('Members').click();
    await heading(page, 'Members').waitFor();
    const address = page.url();
    await button(page, `${OWNER.name} ${OWNER.email}`).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await button(page, 'Sign in').waitFor();

    await page.goto(address);
    await signIn(page, { ...OWNER, password: 'not the password' });
    await page.getByText('The email or the password is wrong').waitFor();
    await signIn(page, OWNER);
    await heading(page, 'Members').waitFor();
    expect(page.url()).toBe(address);

    await page.goto(new URL('/', address).href);
    await link('Organizations').waitFor();
  });

  it('opens a menu by the keyboard, the first time as each time, and is back on its button after it', async () => {
    const account = button(page, `${OWNER.name} ${OWNER.email}`);
    for (const key of ['Enter', 'Space', 'ArrowDown']) {
      await page.reload();
      for (const time of ['first', 'second']) {
        await account.focus();
        // A finger stays on the key for a while.
        await page.keyboard.press(key, { delay: 40 });
        const first = page.getByRole('menuitem', { name: 'Account' });
        await first
          .and(page.locator(':focus'))
          .waitFor()
          .catch((cause: unknown) => {
            throw new Error(`${key} did not put the focus on the first item the ${time} time`, { cause });
          });
        await page.keyboard.press('Escape');
        await page.getByRole('menu').waitFor({ state: 'detached' });
        await account.and(page.locator(':focus')).waitFor();
      }
    }
    expect(visit.scriptErrors()).toEqual([]);
  });
});

describe('an organization', () => {
  it('is made, and found by its external id', async () => {
    await link('Organizations').click();
    await button(page, 'Create organization').click();
    await page.getByRole('dialog').getByLabel('Name').fill('Northwind');
    await page.getByRole('dialog').getByLabel('External ID').fill('cust-4711');
    await button(page, 'Create').click();
    await heading(page, 'Northwind').waitFor();

    await link('Organizations').click();
    await page.getByLabel('Search organizations').fill('4711');
    await page.waitForURL(/q=4711/);
    await page.getByRole('link', { name: 'Northwind' }).click();
    await heading(page, 'Northwind').waitFor();
    expect(await page.getByLabel('External ID').inputValue()).toBe('cust-4711');
  });

  it('has Directory Sync switched on, and its administrator let in by a link', async () => {
    const toggle = page.getByRole('switch', { name: 'Directory Sync' });
    expect(await toggle.getAttribute('aria-checked')).toBe('false');
    await toggle.click();
    await page.getByRole('switch', { name: 'Directory Sync', checked: true }).waitFor();

    await button(page, 'Create portal link').click();
    const location = await page.getByLabel('Portal link').inputValue();
    const admin = await openPortal(system.browser, location);
    await configureButton(admin.page, 'Okta').click();
    await heading(admin.page, 'Okta').waitFor();
    await admin.context.close();
  });

  it('shows the directory that the administrator made, with what only the owner decides', async () => {
    await page.getByRole('link', { name: 'Okta' }).click();
    await heading(page, 'Okta').waitFor();
    const tabs = page.getByRole('navigation', { name: 'Directory', exact: true });
    await tabs.getByRole('link', { name: 'Users' }).click();
    await page.getByText('No users yet').waitFor();
    await tabs.getByRole('link', { name: 'Held changes' }).click();
    await page.getByRole('switch', { name: 'Hold mass removals' }).click();
    const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
    await button(page, 'Save guard').click();
    expect((await saved).status()).toBe(200);
  });

  it('shows which tab is the current one also where they do not all fit', async () => {
    await page.setViewportSize({ width: 360, height: 900 });
    await page.reload();
    const tab = page.getByRole('navigation', { name: 'Directory', exact: true }).getByRole('link', { name: 'Held' });
    await tab.waitFor();
    await expect.poll(async () => (await tab.boundingBox())?.x).toBeGreaterThan(0);
    const { x, width } = (await tab.boundingBox()) ?? { x: 0, width: Infinity };
    expect(x + width).toBeLessThanOrEqual(360);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('keeps its details', async () => {
    await page.getByRole('link', { name: 'Northwind' }).click();
    await heading(page, 'Northwind').waitFor();
    await button(page, 'Add a key').click();
    await page.getByLabel('Key 1', { exact: true }).fill('plan');
    await page.getByLabel('Value 1', { exact: true }).fill('enterprise');
    await button(page, 'Save').click();
    await page.getByText('Not saved yet.').waitFor({ state: 'detached' });
    await page.reload();
    await heading(page, 'Northwind').waitFor();
    expect(await page.getByLabel('Value 1', { exact: true }).inputValue()).toBe('enterprise');
  });

  it('is made, switched on and opened by keyboard alone', async () => {
    await link('Organizations').click();
    await heading(page, 'Organizations').waitFor();
    await tabTo(page, button(page, 'Create organization'));
    await page.keyboard.press('Enter');
    await page.keyboard.type('Contoso');
    await page.keyboard.press('Enter');
    await heading(page, 'Contoso').waitFor();
    await tabTo(page, page.getByRole('switch', { name: 'Directory Sync' }));
    await page.keyboard.press('Space');
    await page.getByRole('switch', { name: 'Directory Sync', checked: true }).waitFor();
    await tabTo(page, button(page, 'Create portal link'));
    await page.keyboard.press('Enter');
    await page.getByLabel('Portal link').waitFor();
    await tabTo(page, button(page, 'Delete…'));
    await page.keyboard.press('Enter');
    await page.keyboard.type('Contoso');
    await page.keyboard.press('Enter');
    await heading(page, 'Organizations').waitFor();
    await page.getByRole('link', { name: 'Northwind' }).waitFor();
    expect(await page.getByRole('link', { name: 'Contoso' }).count()).toBe(0);
  });
});

describe('two tabs', () => {
  it('show two environments, each its own, also after a reload', async () => {
    const first = page.url();
    const other = await context.newPage();
    await other.goto(first);
    await other.getByRole('button', { name: /Environment$/ }).click();
    await other.getByRole('menuitem', { name: 'Create environment…' }).click();
    await dialog(other, 'Create environment').getByLabel('Name').fill('Staging');
    await button(dialog(other, 'Create environment'), 'Create').click();
    await other.getByRole('button', { name: 'Staging Environment' }).waitFor();
    await other.getByRole('link', { name: 'Organizations' }).click();
    await other.getByText('No organizations yet').waitFor();

    await page.reload();
    await page.getByRole('link', { name: 'Northwind' }).waitFor();
    await other.reload();
    await other.getByText('No organizations yet').waitFor();
    expect(page.url()).toBe(first);
    await other.close();
  });

  it('lead from an environment that is not the member’s to those that are', async () => {
    const other = await context.newPage();
    await other.goto(new URL(`/dashboard/env_${'0'.repeat(26)}/members`, page.url()).href);
    await heading(other, 'You have no access here').waitFor();
    await other.getByText('This environment does not exist, or you are not a member of it.').waitFor();
    expect(await findViolations(other)).toEqual([]);
    await other.getByRole('link', { name: 'Go to Staging' }).click();
    await other.getByRole('button', { name: 'Staging Environment' }).waitFor();
    await other.close();
  });
});

describe('a member', () => {
  it('joins by the link of the invitation, and as a viewer is offered nothing to change', async () => {
    const viewer = await inviteViewer(page, system.browser);
    await viewer.page.getByRole('link', { name: 'Organizations' }).click();
    await viewer.page.getByRole('link', { name: 'Northwind' }).click();
    await heading(viewer.page, 'Northwind').waitFor();
    expect(
      await viewer.page.getByRole('button', { name: /create|delete|save|add|send|withdraw|revoke/i }).count(),
    ).toBe(0);
    const toggle = viewer.page.getByRole('switch', { name: 'Directory Sync' });
    expect(await toggle.getAttribute('aria-disabled')).toBe('true');
    expect(viewer.scriptErrors()).toEqual([]);
    await viewer.context.close();
  });

  it('has a second factor, with which the next sign-in goes on', async () => {
    await button(page, `${OWNER.name} ${OWNER.email}`).click();
    await page.getByRole('menuitem', { name: 'Account' }).click();
    await heading(page, 'Account').waitFor();
    const client = await context.newCDPSession(page);
    await client.send('WebAuthn.enable');
    await client.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await button(page, 'Add a passkey').click();
    await button(dialog(page, 'Add a passkey'), 'Add passkey').click();
    const question = dialog(page, 'Confirm that it is you');
    const codes = page.getByRole('list', { name: 'Recovery codes' });
    await question.or(codes).waitFor();
    if (await question.isVisible()) {
      await question.getByLabel('Your password').fill(OWNER.password);
      await button(question, 'Confirm').click();
    }
    await codes.waitFor();
    expect(await codes.getByRole('listitem').count()).toBe(10);
    await button(page, 'I have stored them').click();

    await button(page, `${OWNER.name} ${OWNER.email}`).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await signIn(page, OWNER);
    await heading(page, 'Confirm that it is you').waitFor();
    await button(page, 'Use a passkey').click();
    await link('Organizations').waitFor();
  });
});

describe('every page', () => {
  it('has no violation, narrow and dark or wide and light, and nothing beyond its edge', async () => {
    await link('Organizations').click();
    await page.getByRole('link', { name: 'Northwind' }).click();
    await heading(page, 'Northwind').waitFor();
    const organization = page.url();
    await page.getByRole('link', { name: 'Okta' }).click();
    await heading(page, 'Okta').waitFor();
    const directory = page.url();
    const environment = environmentAddress(page);
    const found: Record<string, string[]> = {};
    for (const address of [
      ...['/organizations', '/members', '/account', '/settings'].map((path) => environment + path),
      organization,
      `${organization}/directories/new`,
      ...['', '/users', '/groups', '/activity', '/rules', '/held'].map((path) => directory + path),
    ]) {
      await page.goto(address);
      // The page that opens the dashboard has a heading of its own.
      await page.locator('#main').getByRole('heading', { level: 1 }).waitFor();
      await expect
        .poll(() =>
          page
            .getByRole('main')
            .getByLabel(/^Loading/)
            .count(),
        )
        .toBe(0);
      const faults = await inspectPage(page);
      if (faults.length > 0) found[new URL(address).pathname] = faults;
    }
    expect(found).toEqual({});
  });

  it('has its heading and its title also when what it shows cannot be read', async () => {
    await link('Organizations').click();
    await page.getByRole('link', { name: 'Northwind' }).click();
    await heading(page, 'Northwind').waitFor();
    const organization = page.url();
    const environment = environmentAddress(page);
    await page.getByRole('link', { name: 'Okta' }).click();
    await heading(page, 'Okta').waitFor();
    const directory = page.url();
    const error = { code: 'insufficient_scope', message: 'Not now.' };
    await page.route('**/api/v1/**', (route) => route.fulfill({ status: 403, json: { error } }));
    const titles: Record<string, string> = {};
    for (const address of [
      organization,
      directory,
      ...['/webhooks/whe_1', '/events/evt_1', '', '/webhooks', '/audit-log'].map((path) => environment + path),
    ]) {
      await page.goto(address);
      const shown = page.locator('#main').getByRole('heading', { level: 1 });
      await shown.waitFor();
      await page.getByRole('alert').first().waitFor();
      titles[(await shown.textContent()) ?? ''] = await page.title();
    }
    await page.unroute('**/api/v1/**');
    expect(Object.entries(titles).filter(([heading, title]) => title !== `${heading} · Rollcall`)).toEqual([]);
    expect(Object.keys(titles)).toHaveLength(7);
  });

  it('ran without an error of a script', () => {
    expect(visit.scriptErrors()).toEqual([]);
  });
});

import { PROVIDERS } from '@rollcall/contract';
import { buildScenario, findDialect, simulateProvider, type SimulatedProvider } from '@rollcall/idp-simulator';
import { waitUntil } from '@rollcall/testing';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { createPortalOrganization, openPortal, type PortalOrganization, type PortalVisit } from './support/open-portal';
import { configureButton, copyField, directoryTab, heading, portalOf, status, valueOf } from './support/portal-page';
import { tabTo } from './support/tab-to';
import { usePortalSystem } from './support/use-portal-system';

/** A token as the portal shows it. */
const TOKEN = /^[A-Za-z0-9_.-]{40,128}$/;
const PEOPLE = 6;

const system = usePortalSystem();

/** A simulated Okta into which an administrator has pasted these two values. */
function connectOkta(endpoint: string, token: string): SimulatedProvider {
  const scenario = buildScenario({ people: PEOPLE });
  return simulateProvider({ dialect: findDialect('okta'), connection: { baseUrl: endpoint, token }, scenario });
}

/** Assigns everybody and pushes one group. */
async function provision(okta: SimulatedProvider): Promise<void> {
  const { people, groups } = buildScenario({ people: PEOPLE });
  const assignments = people.map(({ id }) => ({ kind: 'assign' as const, person: id }));
  const failures = await okta.run([...assignments, { kind: 'push-group', group: groups[0]!.id }]);
  expect(failures).toEqual([]);
}

const clipboard = (page: Page): Promise<string> => page.evaluate<string>('navigator.clipboard.readText()');

describe('an admin who opens a portal link', () => {
  let organization: PortalOrganization;
  let link: string;
  let visit: PortalVisit;
  let page: Page;
  let endpoint: string;
  let token: string;
  let okta: SimulatedProvider;

  beforeAll(async () => {
    organization = await createPortalOrganization(system.rollcall, { name: 'Northwind Traders' });
    link = await organization.newLink();
    visit = await openPortal(system.browser, link);
    ({ page } = visit);
    return () => visit.context.close();
  });

  it('gets a session, and the link’s secret leaves the address bar and the history', async () => {
    await heading(page, 'Directory Sync').waitFor();
    expect(page.url()).toBe(`${new URL(link).origin}/portal`);
    expect(await page.evaluate<number>('history.length')).toBeLessThanOrEqual(2);
    const [cookie, ...others] = await visit.context.cookies();
    expect(cookie).toMatchObject({ name: 'rollcall_portal', httpOnly: true, sameSite: 'Strict' });
    expect(others).toEqual([]);
    expect(await page.getByText(organization.name, { exact: true }).count()).toBe(1);
  });

  it('sees the Directory Sync tab and every provider to choose', async () => {
    const tab = page.getByRole('navigation', { name: 'Portal' }).getByRole('link', { name: 'Directory Sync' });
    expect(await tab.getAttribute('aria-current')).toBe('page');
    await configureButton(page, 'Okta').waitFor();
    for (const { name } of PROVIDERS) expect([name, await configureButton(page, name).count()]).toEqual([name, 1]);
    expect(await findViolations(page)).toEqual([]);
  });

  it('gets endpoint URL and bearer token with Configure, and can copy both', async () => {
    await configureButton(page, 'Okta').click();
    await heading(page, 'Okta').waitFor();
    endpoint = await valueOf(page, 'Endpoint URL');
    token = await valueOf(page, 'Bearer token');
    const key = /\/directories\/dir_([0-9a-z]+)$/.exec(page.url())?.[1];
    expect(endpoint).toBe(`${new URL(link).origin}/scim/${key}/v2`);
    expect(token).toMatch(TOKEN);
    await page.getByRole('button', { name: 'Copy Endpoint URL' }).click();
    await page.getByRole('button', { name: 'Copied Endpoint URL' }).waitFor();
    expect(await clipboard(page)).toBe(endpoint);
    await page.getByRole('button', { name: 'Copy Bearer token' }).click();
    await page.getByRole('button', { name: 'Copied Bearer token' }).waitFor();
    expect(await clipboard(page)).toBe(token);
    expect(await findViolations(page)).toEqual([]);
  });

  it('sees the page turn to Connected by itself when Okta tests the connector', async () => {
    await status(page).getByText('Waiting', { exact: true }).waitFor();
    const loads = visit.documentLoads();
    okta = connectOkta(endpoint, token);
    await okta.perform({ kind: 'test-connection' });
    await status(page).getByText('Connected', { exact: true }).waitFor();
    await page.getByRole('main').getByText('Connected', { exact: true }).first().waitFor();
    expect(visit.documentLoads()).toBe(loads);
    expect(await findViolations(page)).toEqual([]);
  });

  it('sees users and groups arrive', async () => {
    await provision(okta);
    await page.getByTestId('total-users').getByText(String(PEOPLE), { exact: true }).waitFor();
    await directoryTab(page, /^Users/).click();
    const users = page.getByRole('table', { name: 'Users' });
    await users
      .getByRole('rowheader')
      .nth(PEOPLE - 1)
      .waitFor();
    expect(await users.getByRole('rowheader').count()).toBe(PEOPLE);
    await users
      .getByRole('row', { name: /Ada Marlow/ })
      .getByText('Engineering')
      .waitFor();
    expect(await findViolations(page)).toEqual([]);
    await users.getByRole('link', { name: 'Ada Marlow' }).click();
    const drawer = page.getByRole('dialog', { name: 'Ada Marlow' });
    await drawer.getByText('ada.marlow@northwind.example').first().waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await directoryTab(page, /^Groups/).click();
    await page.getByRole('table', { name: 'Groups' }).getByRole('link', { name: 'Engineering' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Engineering' }).click();
    await page.getByRole('table', { name: 'Members of Engineering' }).getByText('Ada Marlow').waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  it('sees the token this once: after a reload only its last characters, and nothing of it is kept in the browser', async () => {
    await directoryTab(page, /^Configuration/).click();
    expect(await valueOf(page, 'Bearer token')).toBe(token);
    await page.reload();
    await page.getByText('Endpoint URL and tokens', { exact: true }).click();
    const tokens = page.getByRole('list', { name: 'Active tokens' });
    await tokens.getByText(`•••${token.slice(-4)}`).waitFor();
    expect(await copyField(page, 'Bearer token').count()).toBe(0);
    expect(await page.content()).not.toContain(token);
    const kept = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
    expect(kept).not.toContain(token);
    expect(await findViolations(page)).toEqual([]);
  });

  it('finds the directory in the list when coming back, and leaves after one question', async () => {
    await page.getByRole('link', { name: 'All directories' }).click();
    const directories = page.getByRole('list', { name: 'Directories' });
    await directories.getByRole('listitem').filter({ hasText: 'Okta' }).getByText('Connected').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Leave' }).click();
    const question = page.getByRole('dialog', { name: 'Leave the portal?' });
    await question.getByText('A link opens the portal once').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await question.getByRole('button', { name: 'Leave the portal' }).click();
    await heading(page, 'You have left the portal').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.goto(`${new URL(link).origin}/portal`);
    await heading(page, 'Open the portal with a link').waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  it('never runs a script that fails or that the content security policy refuses', () => {
    expect(visit.scriptErrors()).toEqual([]);
  });
});

describe('a portal link that does not open', () => {
  async function expectRefusal(link: string, title: string, advice: RegExp): Promise<void> {
    const { page, context } = await openPortal(system.browser, link);
    await heading(page, title).waitFor();
    await page.getByText(advice).waitFor();
    expect(page.url()).not.toContain('#');
    expect(await findViolations(page)).toEqual([]);
    await context.close();
  }

  it('because it was used already says so and what to do', async () => {
    const link = await (await createPortalOrganization(system.rollcall, { name: 'Used' })).newLink();
    const { page, context } = await openPortal(system.browser, link);
    await heading(page, 'Directory Sync').waitFor();
    await context.close();
    await expectRefusal(link, 'This link has already been used', /Ask the person who sent it, or the vendor/);
  });

  it('because it has expired says so and what to do', async () => {
    const { api, path } = await createPortalOrganization(system.rollcall, { name: 'Late' });
    const { link } = await api<{ link: { location: string; expire_time: string } }>(
      'PUT',
      `${path}/portal_links?features=dir_sync`,
      { expires_in: 1 },
    );
    await waitUntil(() => Date.now() > Date.parse(link.expire_time), { what: 'the end of the link' });
    await expectRefusal(link.location, 'This link has expired', /Ask the person who sent it, or the vendor/);
  });

  it('because it was cut when it was copied says so and what to do', async () => {
    const link = await (await createPortalOrganization(system.rollcall, { name: 'Cut' })).newLink();
    await expectRefusal(link.slice(0, -5), 'This link is not valid', /Copy the whole link and open it again/);
    await expectRefusal(link.split('#', 1).join(), 'This link is incomplete', /Copy the whole link and open it again/);
    const { page, context } = await openPortal(system.browser, link);
    await heading(page, 'Directory Sync').waitFor();
    await context.close();
  });
});

describe('while Directory Sync is off', () => {
  it('there is no tab but a sentence whom to ask, and everything is there once it is on', async () => {
    const organization = await createPortalOrganization(system.rollcall, { name: 'Fabrikam', enabled: false });
    const { page, context } = await openPortal(system.browser, await organization.newLink());
    await heading(page, 'Directory Sync is not switched on for Fabrikam').waitFor();
    await page.getByText('Ask the vendor of the app to enable Directory Sync for your organization').waitFor();
    expect(await page.getByRole('link', { name: 'Directory Sync' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Configure' }).count()).toBe(0);
    expect(await findViolations(page)).toEqual([]);
    await organization.switchDirectorySync(true);
    await page.getByRole('link', { name: 'Directory Sync' }).waitFor();
    await configureButton(page, 'Okta').waitFor();
    await context.close();
  });
});

describe('a link that is opened beside the portal of another organization', () => {
  it('asks before it switches', async () => {
    const [acme, globex] = await Promise.all(
      ['Acme', 'Globex'].map((name) => createPortalOrganization(system.rollcall, { name })),
    );
    const { page, context } = await openPortal(system.browser, await acme!.newLink());
    await heading(page, 'Directory Sync').waitFor();
    await page.goto(await globex!.newLink());
    await heading(page, 'Switch to Globex?').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Stay with Acme' }).click();
    await portalOf(page, 'Acme').waitFor();
    await page.goto(await globex!.newLink());
    await page.getByRole('button', { name: 'Switch to Globex' }).click();
    await heading(page, 'Directory Sync').waitFor();
    await portalOf(page, 'Globex').waitFor();
    await context.close();
  });
});

describe('with the keyboard alone', () => {
  it('an admin comes from the link to Connected and to the users, seeing at each stop where the focus is', async () => {
    const organization = await createPortalOrganization(system.rollcall, { name: 'Keys' });
    const { page, context } = await openPortal(system.browser, await organization.newLink());
    const follow = async (target: Locator, key = 'Enter') => {
      await tabTo(page, target);
      await page.keyboard.press(key);
    };
    await follow(configureButton(page, 'Okta'));
    await heading(page, 'Okta').and(page.locator(':focus')).waitFor();
    await follow(page.getByRole('button', { name: 'Copy Endpoint URL' }));
    await page.getByRole('button', { name: 'Copied Endpoint URL' }).waitFor();
    const endpoint = await clipboard(page);
    await follow(page.getByRole('button', { name: 'Copy Bearer token' }), 'Space');
    await page.getByRole('button', { name: 'Copied Bearer token' }).waitFor();
    const token = await clipboard(page);
    await follow(page.getByRole('checkbox', { name: 'Paste the endpoint URL and the token' }), 'Space');
    await page.getByText('1 of 9 done').waitFor();

    const okta = connectOkta(endpoint, token);
    await okta.perform({ kind: 'test-connection' });
    await status(page).getByText('Connected', { exact: true }).waitFor();
    await provision(okta);

    await follow(directoryTab(page, /^Users/));
    await follow(page.getByRole('link', { name: 'Ada Marlow' }));
    const drawer = page.getByRole('dialog', { name: 'Ada Marlow' });
    await drawer.waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Ada Marlow' }).and(page.locator(':focus')).waitFor();
    await follow(directoryTab(page, /^Groups/));
    await follow(page.getByRole('link', { name: 'Engineering' }));
    await page.getByRole('table', { name: 'Members of Engineering' }).getByText('Ada Marlow').waitFor();
    expect(page.url()).toMatch(/\/groups\/dirgroup_[0-9a-z]+$/);
    await context.close();
  });
});

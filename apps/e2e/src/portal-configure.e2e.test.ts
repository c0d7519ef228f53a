import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { createPortalOrganization, openPortal, type PortalOrganization, type PortalVisit } from './support/open-portal';
import { activeTokens, button, configureButton, copyField, dialog, heading } from './support/portal-page';
import { tabTo } from './support/tab-to';
import { usePortalSystem } from './support/use-portal-system';

const system = usePortalSystem();

async function open(): Promise<PortalVisit & { organization: PortalOrganization }> {
  const organization = await createPortalOrganization(system.rollcall, { name: 'Northwind' });
  const visit = await openPortal(system.browser, await organization.newLink());
  await heading(visit.page, 'Directory Sync').waitFor();
  return { ...visit, organization };
}

async function namesOf({ api, path }: PortalOrganization): Promise<string[]> {
  const { directories } = await api<{ directories: { name: string }[] }>('GET', `${path}/directories`);
  return directories.map(({ name }) => name);
}

async function openGrid(page: Page): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/portal/directories/new`);
  await configureButton(page, 'Okta').waitFor();
}

const question = (page: Page) => dialog(page, 'You already have a directory for Okta');

describe('Configure', () => {
  it('is one button in the region of each provider, described by its name', async () => {
    const { page, context } = await open();
    const okta = configureButton(page, 'Okta');
    expect(await okta.getAttribute('aria-label')).toBeNull();
    const describedBy = await okta.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${describedBy}"]`).innerText()).toBe('Okta');
    await context.close();
  });

  it('makes one directory and opens it, however often it is pressed at once', async () => {
    const { page, context, organization } = await open();
    await configureButton(page, 'Okta').evaluate((element) => {
      for (let press = 0; press < 3; press++) (element as unknown as { click(): void }).click();
    });
    await heading(page, 'Okta').waitFor();
    await copyField(page, 'Bearer token').waitFor();
    expect(await namesOf(organization)).toEqual(['Okta']);
    await context.close();
  });

  it('makes one of a double click', async () => {
    const { page, context, organization } = await open();
    await configureButton(page, 'Okta').dblclick({ delay: 20 });
    await heading(page, 'Okta').waitFor();
    await copyField(page, 'Bearer token').waitFor();
    expect(await namesOf(organization)).toEqual(['Okta']);
    await context.close();
  });

  it('asks in a second tab, which opens what there is', async () => {
    const { page, context, organization } = await open();
    const second = await context.newPage();
    // Nothing tells it by itself what is done in the first tab.
    await second.route('**/portal/api/live*', (route) => route.abort());
    await second.goto(page.url());
    await configureButton(second, 'Okta').waitFor();
    // What the second tab was told before is what it still shows.
    await second.route('**/portal/api/directories', (route) =>
      route.request().method() === 'GET' ? route.fulfill({ json: { directories: [] } }) : route.continue(),
    );
    await configureButton(page, 'Okta').click();
    await heading(page, 'Okta').waitFor();
    await configureButton(second, 'Okta').click();
    await question(second).getByText('It is called Okta.').waitFor();
    expect(await findViolations(second)).toEqual([]);
    await second.unroute('**/portal/api/directories');
    await second.getByRole('list', { name: 'Directories' }).getByText('Okta').first().waitFor({ state: 'attached' });
    await button(question(second), 'Open it').click();
    await heading(second, 'Okta').waitFor();
    expect(second.url()).toBe(page.url());
    expect(await namesOf(organization)).toEqual(['Okta']);
    await context.close();
  });

  it('makes another one when the reader says so, under a name of its own', async () => {
    const { page, context, organization } = await open();
    await configureButton(page, 'Okta').click();
    await heading(page, 'Okta').waitFor();
    await openGrid(page);
    await configureButton(page, 'Okta').click();
    await button(question(page), 'Cancel').click();
    await question(page).waitFor({ state: 'detached' });
    expect(await namesOf(organization)).toEqual(['Okta']);
    await configureButton(page, 'Okta').click();
    await button(question(page), 'Add another').click();
    await heading(page, 'Okta 2').waitFor();
    await copyField(page, 'Bearer token').waitFor();
    await page.getByRole('link', { name: 'All directories' }).click();
    const names = page.getByRole('list', { name: 'Directories' }).getByRole('heading', { level: 3 });
    await names.nth(1).waitFor();
    expect(await names.allInnerTexts()).toEqual(['Okta', 'Okta 2']);
    await context.close();
  });

  it('leaves nobody guessing between directories that the application called the same', async () => {
    const { page, context, organization } = await open();
    const make = () =>
      organization.api<{ directory: { directory_endpoint: string } }>('POST', `${organization.path}/directories`, {
        directory: { directory_type: 'SCIM', directory_provider: 'OKTA' },
      });
    const items = page.getByRole('list', { name: 'Directories' }).getByRole('listitem');
    const [first, second] = [await make(), await make()];
    await items.nth(1).waitFor();
    const texts = await items.allInnerTexts();
    for (const [index, { directory }] of [first, second].entries()) {
      expect(texts[index]).toContain(`endpoint …${directory.directory_endpoint.slice(-9)}`);
    }
    await context.close();
  });

  it('finds what was made when the answer was lost', async () => {
    const { page, context, organization } = await open();
    await openGrid(page);
    await page.route('**/portal/api/directories', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch();
      return route.abort();
    });
    await configureButton(page, 'Okta').click();
    await page.getByRole('alert').waitFor();
    expect(await namesOf(organization)).toEqual(['Okta']);
    await page.unroute('**/portal/api/directories');
    await configureButton(page, 'Okta').click();
    await button(question(page), 'Open it').click();
    await heading(page, 'Okta').waitFor();
    await button(page, 'Generate token').click();
    await copyField(page, 'Bearer token').waitFor();
    expect(await namesOf(organization)).toEqual(['Okta']);
    await context.close();
  });

  it('gives its token the name and the end that were chosen before, by keyboard', async () => {
    const { page, context, organization } = await open();
    const follow = async (target: ReturnType<typeof configureButton>, key = 'Enter') => {
      await tabTo(page, target);
      await page.keyboard.press(key);
    };
    await follow(page.getByText('Token options', { exact: true }));
    await tabTo(page, page.getByLabel('Name (optional)'));
    await page.keyboard.type('  Okta production ');
    await tabTo(page, page.getByRole('radio', { name: /^Never/ }));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await findViolations(page)).toEqual([]);
    await follow(configureButton(page, 'Okta'));
    await heading(page, 'Okta').waitFor();
    await activeTokens(page).getByText('Okta production', { exact: true }).waitFor();
    const { directories } = await organization.api<{
      directories: { secrets: { name: string; create_time: string; expire_time: string }[] }[];
    }>('GET', `${organization.path}/directories`);
    const [secret] = directories[0]!.secrets;
    expect(secret?.name).toBe('Okta production');
    expect(Date.parse(secret!.expire_time) - Date.parse(secret!.create_time)).toBe(90 * 86_400_000);
    await context.close();
  });
});

import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { loseAnswer } from './support/lose-answer';
import { createPortalOrganization, directoriesOf, openPortal } from './support/open-portal';
import { bearerToken, configureButton, directoryTab, heading, leave } from './support/portal-page';
import { usePortalSystem } from './support/use-portal-system';

const system = usePortalSystem();

const API = '**/portal/api/**';
const banner = (page: Page, text: string): Locator => page.getByRole('status').filter({ hasText: text });
const configure = (page: Page): Locator => configureButton(page, 'Okta');

async function expectAlert(page: Page, text: string): Promise<void> {
  await page.getByRole('alert').filter({ hasText: text }).waitFor();
}

async function open(name: string) {
  const organization = await createPortalOrganization(system.rollcall, { name });
  const visit = await openPortal(system.browser, await organization.newLink(), false);
  await configure(visit.page).waitFor();
  return { organization, ...visit };
}

describe('while the browser is offline', () => {
  it('the page says so, refuses what is pressed at once, and does not do it later', async () => {
    const { organization, page, context } = await open('Offline');
    await context.setOffline(true);
    await banner(page, 'You are offline.').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await configure(page).click();
    await expectAlert(page, 'The server could not be reached');
    expect(await configure(page).getAttribute('aria-busy')).toBeNull();
    await context.setOffline(false);
    await banner(page, 'You are offline.').waitFor({ state: 'detached' });
    // Whatever would have waited for the network has had it for as long as a whole press takes.
    await configureButton(page, 'JumpCloud').click();
    await bearerToken(page).waitFor();
    expect(await directoriesOf(organization)).toHaveLength(1);
    await context.close();
  });

  it('a list that was never read says that it cannot be, and is read as soon as it can', async () => {
    const { page, context } = await open('Lists');
    await configure(page).click();
    await bearerToken(page).waitFor();
    await context.setOffline(true);
    await directoryTab(page, /^Users/).click();
    await expectAlert(page, 'The server could not be reached');
    await context.setOffline(false);
    await page.getByText('No users yet').waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await context.close();
  });
});

describe('a directory whose page cannot be loaded', () => {
  it('is not made, and its token neither, until it can', async () => {
    const organization = await createPortalOrganization(system.rollcall, { name: 'Unloaded' });
    const link = await organization.newLink();
    const { page, context } = await openPortal(system.browser, new URL('/portal', link).href);
    await page.route('**/assets/configuration-page-*.js', (route) => route.abort());
    await page.goto(link);
    await configure(page).click();
    await expectAlert(page, 'The server could not be reached');
    expect(await directoriesOf(organization)).toEqual([]);
    await page.unrouteAll();
    await configure(page).click();
    await bearerToken(page).waitFor();
    expect(await directoriesOf(organization)).toHaveLength(1);
    await context.close();
  });
});

describe('a directory that cannot be read', () => {
  it('has a page that is named, says why, and goes on when it can', async () => {
    const { page, context } = await open('Unread');
    await configure(page).click();
    await bearerToken(page).waitFor();
    // The new token is not copied, so the browser asks.
    page.on('dialog', (asked) => void asked.accept());
    await page.route('**/portal/api/directories/dir_*', (route) => route.fulfill({ status: 500, body: '' }));
    await page.reload();
    await heading(page, 'Directory').waitFor();
    expect(await page.title()).toBe('Directory · Admin portal');
    expect(await findViolations(page)).toEqual([]);
    await page.unroute('**/portal/api/directories/dir_*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading(page, 'Okta').waitFor();
    await context.close();
  });
});

describe('while the server is away', () => {
  it.each([502, 503])('a page that is loaded says so at %i, tries again by itself, and goes on', async (status) => {
    const { page, context } = await open(`Away ${status}`);
    await page.route(API, (route) => route.fulfill({ status, body: '<html>Bad gateway</html>' }));
    await page.reload();
    await heading(page, 'The portal could not be loaded').waitFor();
    await page.getByText('This page tries again by itself').waitFor();
    await banner(page, 'The server does not answer right now.').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.unroute(API);
    await configure(page).waitFor();
    await banner(page, 'The server does not answer right now.').waitFor({ state: 'detached' });
    await context.close();
  });

  it('an open page says so, keeps what it shows, and reads it anew when the server is back', async () => {
    const { organization, page, context } = await open('Restart');
    await page.route(API, (route) => route.abort('connectionrefused'));
    await banner(page, 'The server does not answer right now.').waitFor();
    expect(await heading(page, 'Directory Sync').count()).toBe(1);
    await organization.api('POST', `${organization.path}/directories`, {
      directory: { directory_type: 'SCIM', directory_provider: 'OKTA' },
    });
    await page.unroute(API);
    await page.getByRole('list', { name: 'Directories' }).getByText('Okta').first().waitFor();
    await banner(page, 'The server does not answer right now.').waitFor({ state: 'detached' });
    await context.close();
  });

  it('leaving says that it did not work', async () => {
    const { page, context } = await open('Leaving');
    await page.route(API, (route) => (route.request().method() === 'DELETE' ? route.abort() : route.continue()));
    await leave(page);
    await expectAlert(page, 'this may have been done or not');
    await context.close();
  });
});

describe('a change whose answer is lost', () => {
  it('is not said to have failed, and the list shows what was done', async () => {
    const { organization, page, context } = await open('Lost');
    await page.goto(`${page.url()}/directories/new`);
    await page.route('**/portal/api/directories', (route) =>
      route.request().method() === 'POST' ? loseAnswer(route) : route.continue(),
    );
    await configure(page).click();
    await expectAlert(page, 'this may have been done or not');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('list', { name: 'Directories' }).getByText('Okta').first().waitFor();
    expect(await directoriesOf(organization)).toHaveLength(1);
    await context.close();
  });

  it('says in its dialog that it may have been done, and to look before trying again', async () => {
    const { page, context } = await open('Unknown');
    await configure(page).click();
    await bearerToken(page).waitFor();
    await page.route('**/directories/*:disable', loseAnswer);
    await page.getByRole('button', { name: 'Actions', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Disable…' }).click();
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await expectAlert(page, 'Look there before you try again');
    await page.getByTestId('directory-status').getByText('Disabled').waitFor();
    await context.close();
  });

  it('says so of a new token, and lists the one that was issued', async () => {
    const { page, context } = await open('Token');
    await configure(page).click();
    await bearerToken(page).waitFor();
    const tokens = page.getByRole('list', { name: 'Active tokens' }).getByRole('listitem');
    expect(await tokens.count()).toBe(1);
    await page.route('**/secrets:regenerate', loseAnswer);
    await page.getByRole('button', { name: /^Actions for token ending in/ }).click();
    await page.getByRole('menuitem', { name: /^Regenerate/ }).click();
    await page.getByRole('button', { name: 'Regenerate', exact: true }).click();
    await expectAlert(page, 'Look there before you try again');
    await tokens.nth(1).waitFor();
    await context.close();
  });

  it('shows a directory that was deleted as gone', async () => {
    const { organization, page, context } = await open('Gone');
    await configure(page).click();
    await bearerToken(page).waitFor();
    await page.route('**/portal/api/directories/*', (route) =>
      route.request().method() === 'DELETE' ? loseAnswer(route) : route.continue(),
    );
    await page.getByRole('button', { name: 'Actions', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('textbox').last().fill('Okta');
    await page.getByRole('button', { name: 'Delete directory' }).click();
    await heading(page, 'This page does not exist').waitFor();
    await page.getByText('what it showed was deleted').waitFor();
    expect(await directoriesOf(organization)).toEqual([]);
    await context.close();
  });

  it('tells whoever opens a link that this may have used it up', async () => {
    const organization = await createPortalOrganization(system.rollcall, { name: 'Link' });
    const link = await organization.newLink();
    const { page, context } = await openPortal(system.browser, new URL('/portal', link).href);
    await page.route('**/portal/api/session', (route) =>
      route.request().method() === 'POST' ? loseAnswer(route) : route.continue(),
    );
    await page.goto(link);
    await heading(page, 'No answer arrived').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading(page, 'This link has already been used').waitFor();
    await context.close();
  });
});

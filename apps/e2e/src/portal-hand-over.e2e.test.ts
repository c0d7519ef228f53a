import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { openPortal, type PortalVisit } from './support/open-portal';
import { createPortalDirectory, type PortalDirectory } from './support/portal-directory';
import { button, dialog, heading, status, valueOf } from './support/portal-page';
import { usePortalSystem } from './support/use-portal-system';

const system = usePortalSystem();

const handOvers = (page: Page): Locator => page.getByRole('list', { name: 'Hand-over links', exact: true });

async function chooseLanguage(page: Page, menu: string, language: string): Promise<void> {
  await button(page, menu).click();
  await page.getByRole('menuitemradio', { name: language }).click();
}

describe('a hand-over by a link', () => {
  let directory: PortalDirectory;
  let admin: PortalVisit;
  let colleague: PortalVisit;
  let location = '';
  let token = '';

  beforeAll(async () => {
    directory = await createPortalDirectory(system.rollcall);
    admin = await directory.open(system.browser, 'hand-over');
  });

  afterAll(async () => {
    await admin?.context.close();
    await colleague?.context.close();
  });

  const path = () => `/organizations/${directory.organizationId}/directories/${directory.directoryId}`;

  it('is made by the admin, who sees that it was not opened', async () => {
    await admin.page.getByText('No link was made yet.').waitFor();
    await button(admin.page, 'Create hand-over link').click();
    location = await admin.page.getByLabel('Hand-over link', { exact: true }).inputValue();
    expect(location).toMatch(/\/portal\/hand-over#[\w-]{43}$/);
    await handOvers(admin.page).getByText('Not opened', { exact: true }).waitFor();
    expect(await findViolations(admin.page)).toEqual([]);
  });

  it('shows a colleague the one directory without a session, and no token before it is asked for', async () => {
    const answer = await fetch(location);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    colleague = await openPortal(system.browser, location);
    const { page } = colleague;
    await heading(page, 'Connect Okta').waitFor();
    expect(await valueOf(page, 'Endpoint URL')).toBe(directory.scimUrl);
    await page.getByText('Step-by-step instructions').waitFor();
    expect(await page.getByTestId('bearer-token').count()).toBe(0);
    expect(await page.getByRole('navigation').count()).toBe(0);
    await handOvers(admin.page).getByText('Opened', { exact: true }).waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  it('leads nowhere else in the portal', async () => {
    const { page } = colleague;
    const portal = await colleague.context.newPage();
    await portal.goto(new URL('/portal', page.url()).href);
    await portal.getByRole('main').waitFor();
    expect(await portal.content()).not.toContain(directory.directoryId);
    await portal.close();
  });

  it('shows the token once, from the keyboard, and the link opens nothing any more', async () => {
    const { page } = colleague;
    await button(page, 'Show the token').focus();
    await page.keyboard.press('Enter');
    token = await valueOf(page, 'Bearer token');
    expect(await page.evaluate('document.activeElement.textContent')).toMatch(/Copy/);
    await handOvers(admin.page).getByText('Token shown', { exact: true }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    const second = await openPortal(system.browser, location);
    await heading(second.page, 'The token of this link was shown already').waitFor();
    expect(await findViolations(second.page)).toEqual([]);
    await second.context.close();
  });

  it('asks before another language takes the token away that was not copied', async () => {
    const { page } = colleague;
    await chooseLanguage(page, 'Language: English', 'Deutsch');
    const question = dialog(page, 'Load the page in another language?');
    await question.getByText(new RegExp(`ending in ${token.slice(-4)} has not been copied`)).waitFor();
    await button(question, 'Cancel').click();
    expect(await valueOf(page, 'Bearer token')).toBe(token);
  });

  it('tells both when the provider has connected with that token', async () => {
    const answer = await fetch(`${directory.scimUrl}/Users?startIndex=1&count=2`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(200);
    await status(colleague.page).getByText('Connected', { exact: true }).waitFor();
    await handOvers(admin.page).getByText('Connected', { exact: true }).waitFor();
  });

  it('goes on after a reload, without the token, and fits a narrow window', async () => {
    const { page } = colleague;
    await page.getByRole('button', { name: 'Copy Bearer token' }).click();
    await page.reload();
    await page.getByText(`It ends in ${token.slice(-4)}. If you have not stored it`).waitFor();
    expect(await page.content()).not.toContain(token);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await findViolations(page)).toEqual([]);
  });

  it('is in the language that the colleague chooses', async () => {
    const { page } = colleague;
    await chooseLanguage(page, 'Language: English', 'Deutsch');
    await heading(page, 'Okta verbinden').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await chooseLanguage(page, 'Sprache: Deutsch', 'English');
    await heading(page, 'Connect Okta').waitFor();
  });

  it('ends when the admin revokes it, and the token keeps working', async () => {
    await handOvers(admin.page).getByRole('button', { name: 'Revoke' }).click();
    await handOvers(admin.page).getByText('Revoked', { exact: true }).waitFor();
    await heading(colleague.page, 'This link is not valid').waitFor();
    const answer = await fetch(`${directory.scimUrl}/Users`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    const { hand_overs: list } = await directory.api<{ hand_overs: object[] }>('GET', `${path()}/hand_overs`);
    expect(list).toMatchObject([{ state: 'REVOKED' }]);
    expect([...admin.scriptErrors(), ...colleague.scriptErrors()]).toEqual([]);
  });
});

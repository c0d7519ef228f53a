import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { openPortal, type PortalVisit } from './support/open-portal';
import { createPortalDirectory, type PortalDirectory } from './support/portal-directory';
import { button, dialog, heading, status, valueOf } from './support/portal-page';
import { findOverflow } from './support/read-layout';
import { usePortalSystem } from './support/use-portal-system';

const system = usePortalSystem();

/** Open links of a directory, and its active tokens, at most; a page of the list has as many links. */
const LINKS_MAX = 20;
const TOKENS_MAX = 10;

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

describe('a directory with as many as there can be', () => {
  let directory: PortalDirectory;
  let admin: PortalVisit;
  let oldest = '';

  beforeAll(async () => {
    directory = await createPortalDirectory(system.rollcall);
    for (let made = 0; made < LINKS_MAX; made++) {
      const { hand_over: handOver } = await directory.api<{ hand_over: { location: string } }>(
        'POST',
        `${path()}/hand_overs`,
        {},
      );
      oldest ||= handOver.location;
    }
    admin = await directory.open(system.browser, 'hand-over');
  });

  afterAll(async () => {
    await admin?.context.close();
  });

  const path = () => `/organizations/${directory.organizationId}/directories/${directory.directoryId}`;
  const rows = () => handOvers(admin.page).getByRole('listitem');
  const pages = () => admin.page.getByRole('navigation', { name: 'Pages of Hand-over links', exact: true });

  it('of open links says so, and makes another one once one is revoked', async () => {
    const { page } = admin;
    await button(page, 'Create hand-over link').click();
    const refusal = page.getByRole('alert');
    await refusal.getByText('There are as many open hand-over links as there can be').waitFor();
    await refusal.getByText('Revoke one that is no longer needed, then try again.').waitFor();
    expect(await pages().count()).toBe(0);
    await button(rows().first(), 'Revoke').click();
    await rows().first().getByText('Revoked', { exact: true }).waitFor();
    await button(page, 'Create hand-over link').click();
    await page.getByLabel('Hand-over link', { exact: true }).waitFor();
  });

  it('has those that are older than one page shows on the next one, where they can be revoked too', async () => {
    const { page } = admin;
    await button(pages(), 'Older').click();
    await expect.poll(() => rows().count()).toBe(1);
    await page.reload();
    await rows().getByText('Not opened', { exact: true }).waitFor();
    expect(await rows().count()).toBe(1);
    expect(await findViolations(page)).toEqual([]);
    await button(rows(), 'Revoke').click();
    await rows().getByText('Revoked', { exact: true }).waitFor();
    const late = await openPortal(system.browser, oldest);
    await heading(late.page, 'This link is not valid').waitFor();
    await late.context.close();
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await findOverflow(page)).toEqual([]);
    await button(page, 'Create hand-over link').click();
    await expect.poll(() => rows().count()).toBe(LINKS_MAX);
    await button(pages(), 'Newest').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('of tokens sends a colleague to whoever can revoke one', async () => {
    await directory.api('DELETE', `${path()}/hand_overs/${await newestHandOver()}`);
    const { hand_over: handOver } = await directory.api<{ hand_over: { location: string } }>(
      'POST',
      `${path()}/hand_overs`,
      {},
    );
    for (let active = 1; active < TOKENS_MAX; active++) await directory.api('POST', `${path()}/secrets`, {});
    const { page, context } = await openPortal(system.browser, handOver.location);
    await button(page, 'Show the token').click();
    expect(await page.getByRole('alert').innerText()).toContain('Tell the person who sent you the link');
    await context.close();
  });

  async function newestHandOver(): Promise<string> {
    const { hand_overs: list } = await directory.api<{ hand_overs: { id: string }[] }>('GET', `${path()}/hand_overs`);
    return list[0]?.id ?? '';
  }
});

import type { Page, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { loseAnswer } from './support/lose-answer';
import { createPortalOrganization, openPortal } from './support/open-portal';
import { activeTokens, button, configureButton, copyField, dialog, heading, valueOf } from './support/portal-page';
import { usePortalSystem } from './support/use-portal-system';

const system = usePortalSystem();

const SECRETS = '**/portal/api/directories/*/secrets';

async function open() {
  const organization = await createPortalOrganization(system.rollcall, { name: 'Lost' });
  const visit = await openPortal(system.browser, await organization.newLink());
  await configureButton(visit.page, 'Okta').waitFor();
  return { organization, page: visit.page, context: visit.context };
}

async function openToken() {
  const opened = await open();
  await configureButton(opened.page, 'Okta').click();
  await button(opened.page, 'Copy Bearer token').click();
  await button(opened.page, 'I have copied it').click();
  await copyField(opened.page, 'Bearer token').waitFor({ state: 'detached' });
  return opened;
}

async function choose(page: Page, item: string, nth = 0): Promise<void> {
  await page
    .getByRole('button', { name: /^Actions for token ending in/ })
    .nth(nth)
    .click();
  await page.getByRole('menuitem', { name: item }).click();
}

const unseen = (page: Page) => activeTokens(page).getByRole('listitem').filter({ hasText: 'Never shown' });

describe('a token whose answer is lost', () => {
  it('after Configure is listed as one that nobody has seen, with what to do, until it is revoked', async () => {
    const { page, context } = await open();
    await page.route(SECRETS, loseAnswer);
    await configureButton(page, 'Okta').click();
    await heading(page, 'Okta').waitFor();
    await page.getByText('was made, but never shown').waitFor();
    await page.getByText('Revoke it, and generate another one').waitFor();
    expect(await unseen(page).count()).toBe(1);
    expect(await findViolations(page)).toEqual([]);
    await choose(page, 'Revoke this token…');
    await button(dialog(page, /^Revoke the token/), 'Revoke token').click();
    await page.getByText('was made, but never shown').waitFor({ state: 'detached' });
    await page.unrouteAll();
    await button(page, 'Generate token').click();
    await copyField(page, 'Bearer token').waitFor();
    expect(await unseen(page).count()).toBe(0);
    await context.close();
  });

  it('after Configure may have been made, as long as none is listed', async () => {
    const { page, context } = await open();
    await page.route(SECRETS, (route) => route.abort('connectionreset'));
    await configureButton(page, 'Okta').click();
    await page.getByText('A token may have been made that nobody has seen').waitFor();
    await page.unrouteAll();
    await button(page, 'Generate token').click();
    await copyField(page, 'Bearer token').waitFor();
    expect(await page.getByText('that nobody has seen').count()).toBe(0);
    await context.close();
  });

  it.each([
    ['Add another token…', 'Add another bearer token?', 'Add token', SECRETS],
    ['Regenerate token…', /^Regenerate the token/, 'Regenerate', '**/secrets:regenerate'],
  ])('after "%s" is marked in the list, and the others are not', async (item, title, confirm, address) => {
    const { page, context } = await openToken();
    // The page hears of the token by itself before the answer is lost.
    await page.route(address, async (route) => {
      await route.fetch();
      await page.getByTestId('secret').nth(1).waitFor({ state: 'attached' });
      await route.abort('connectionreset');
    });
    await choose(page, item);
    await button(dialog(page, title), confirm).click();
    await dialog(page, title).getByText('this may have been done or not').waitFor();
    await button(dialog(page, title), 'Cancel').click();
    await unseen(page).waitFor();
    expect(await activeTokens(page).getByRole('listitem').count()).toBe(2);
    expect(await unseen(page).count()).toBe(1);
    await context.close();
  });

  it('after Generate is marked in the list', async () => {
    const { page, context } = await openToken();
    await choose(page, 'Revoke this token…');
    await button(dialog(page, /^Revoke the token/), 'Revoke token').click();
    await page.route(SECRETS, loseAnswer);
    await button(page, 'Generate token').click();
    await unseen(page).waitFor();
    await page.getByText('was made, but never shown').waitFor();
    expect(await unseen(page).count()).toBe(1);
    await context.close();
  });

  it('after Regenerate is not taken for one that can be used, when it is tried again', async () => {
    const { page, context } = await openToken();
    await page.route('**/secrets:regenerate', loseAnswer);
    await choose(page, 'Regenerate token…');
    const question = dialog(page, /^Regenerate the token/);
    await button(question, 'Regenerate').click();
    await question.getByText('this may have been done or not').waitFor();
    await page.unrouteAll();
    await button(question, 'Regenerate').click();
    await question.getByText('This token cannot be regenerated any more').waitFor();
    await question.getByText('a try of yours whose answer was lost').waitFor();
    expect(await question.getByText('use the newest token').count()).toBe(0);
    await context.close();
  });
});

describe('a first token that is refused', () => {
  it('has the page say why at once', async () => {
    const { organization, page, context } = await open();
    // A page that is hidden does not find out by asking again and again.
    await page.evaluate(
      `Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
       document.dispatchEvent(new Event('visibilitychange'));`,
    );
    await page.route(SECRETS, async (route) => {
      await organization.switchDirectorySync(false);
      await route.continue();
    });
    await configureButton(page, 'Okta').click();
    await heading(page, 'Directory Sync is not switched on for Lost').waitFor();
    expect(await heading(page, 'Okta').count()).toBe(0);
    await context.close();
  });
});

describe('a token that has just been issued', () => {
  it('is not covered by its dialog while the page is read anew, and is announced', async () => {
    const { page, context } = await openToken();
    const held: Route[] = [];
    await choose(page, 'Regenerate token…');
    await page.route('**/portal/api/directories/*', (route) => void held.push(route));
    await button(dialog(page, /^Regenerate the token/), 'Regenerate').click();
    await copyField(page, 'Bearer token').waitFor();
    await dialog(page, /^Regenerate the token/).waitFor({ state: 'detached' });
    await expect.poll(() => page.getByTestId('announcer').innerText()).toContain('A new bearer token is shown');
    await Promise.all(held.map((route) => route.continue().catch(() => undefined)));
    await context.close();
  });

  it('has the focus when the button is gone that asked for it', async () => {
    const { page, context } = await openToken();
    await choose(page, 'Revoke this token…');
    await button(dialog(page, /^Revoke the token/), 'Revoke token').click();
    await button(page, 'Generate token').focus();
    await page.keyboard.press('Enter');
    const token = await valueOf(page, 'Bearer token');
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Copy Bearer token');
    await page.keyboard.press('Enter');
    await button(page, 'Copied Bearer token').waitFor();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(token);
    await context.close();
  });
});

describe('a token that nobody has copied', () => {
  async function openUncopied() {
    const opened = await open();
    await configureButton(opened.page, 'Okta').click();
    const token = await valueOf(opened.page, 'Bearer token');
    return { ...opened, lost: `The token ending in ${token.slice(-4)} of Okta was not copied.` };
  }

  it('is named by the page that says that access was withdrawn, and the browser does not ask any more', async () => {
    const { organization, page, context, lost } = await openUncopied();
    await organization.api('DELETE', `${organization.path}/portal_links`);
    await heading(page, 'Your access to the portal was withdrawn').waitFor();
    await page.getByText(lost).waitFor();
    await page.getByText('regenerate it when you have the portal open again').waitFor();
    expect(await findViolations(page)).toEqual([]);
    let asked = 0;
    page.on('dialog', (question) => {
      asked += 1;
      void question.accept();
    });
    await page.reload();
    expect(asked).toBe(0);
    await context.close();
  });

  it('is named by the page that says that another organization is open', async () => {
    const { page, context, lost } = await openUncopied();
    const other = await context.newPage();
    const globex = await createPortalOrganization(system.rollcall, { name: 'Globex' });
    await other.goto(await globex.newLink());
    await button(other, 'Switch to Globex').click();
    await heading(page, 'This browser now has the portal of Globex open').waitFor();
    await page.getByText(lost).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await context.close();
  });

  it('is not spoken of where its organization was deleted', async () => {
    const { organization, page, context } = await openUncopied();
    await organization.api('DELETE', organization.path);
    await heading(page, 'Your organization was deleted from the app').waitFor();
    expect(await page.getByText('was not copied').count()).toBe(0);
    await context.close();
  });

  it.each(['token', 'directory'])('is forgotten on any page once its %s has ended elsewhere', async (what) => {
    const { organization, page, context } = await openUncopied();
    await page.getByRole('link', { name: 'All directories' }).click();
    await page.getByRole('list', { name: 'Directories' }).waitFor();
    const { directories } = await organization.api<{ directories: { id: string; secrets: { id: string }[] }[] }>(
      'GET',
      `${organization.path}/directories`,
    );
    const path = `${organization.path}/directories/${directories[0]!.id}`;
    await organization.api('DELETE', what === 'token' ? `${path}/secrets/${directories[0]!.secrets[0]!.id}` : path);
    await button(page, 'Leave').click();
    const question = dialog(page, 'Leave the portal?');
    await question.getByText('A link opens the portal once').waitFor();
    await question.getByText('has not been copied').waitFor({ state: 'detached' });
    expect(await question.isVisible()).toBe(true);
    await context.close();
  });
});

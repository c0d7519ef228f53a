import type { Dialog, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { createPortalOrganization, openPortal, type PortalOrganization, type PortalVisit } from './support/open-portal';
import { usePortalSystem } from './support/use-portal-system';
import {
  activeTokens,
  button,
  configureButton,
  copyField,
  dialog,
  heading,
  status,
  valueOf,
} from './support/portal-page';

const DAY = 86_400;

const system = usePortalSystem();

interface Issued {
  plain_secret: string;
  secret: { id: string; secret_suffix: string };
}

interface Directory {
  id: string;
  name: string;
  directory_endpoint: string;
  secrets: { id: string; name: string | null; status: string; expire_time: string | null; create_time: string }[];
}

/** An organization with one Okta directory, and the portal open at it. */
async function openDirectory(secrets: object[]) {
  const organization = await createPortalOrganization(system.rollcall, { name: 'Northwind' });
  const { api } = organization;
  const made = await api<{ directory: Directory }>('POST', `${organization.path}/directories`, {
    directory: { directory_type: 'SCIM', directory_provider: 'OKTA' },
  });
  const path = `${organization.path}/directories/${made.directory.id}`;
  const issued: Issued[] = [];
  for (const secret of secrets) issued.push(await api<Issued>('POST', `${path}/secrets`, secret));
  const read = async () => (await api<{ directory: Directory }>('GET', path)).directory;
  const visit = await openPortal(system.browser, await organization.newLink());
  await heading(visit.page, 'Directory Sync').waitFor();
  const show = async () => {
    await visit.page.getByRole('list', { name: 'Directories' }).getByRole('link', { name: 'Okta' }).click();
    await heading(visit.page, 'Okta').waitFor();
  };
  return { organization, visit, page: visit.page, path, directory: made.directory, issued, read, show };
}

/** What Okta's connector test does. */
async function request({ directory_endpoint }: Directory, { plain_secret }: Issued): Promise<number> {
  const answer = await fetch(`${directory_endpoint}/Users?startIndex=1&count=2`, {
    headers: { authorization: `Bearer ${plain_secret}` },
  });
  return answer.status;
}

const focusedText = (page: Page) => page.locator(':focus').innerText();

describe('the state of a directory', () => {
  it('is "No active token" once the last one is revoked, on its page and in the list', async () => {
    const { organization, page, path, directory, issued, show, visit } = await openDirectory([{}]);
    expect(await request(directory, issued[0]!)).toBe(200);
    await page.getByRole('list', { name: 'Directories' }).getByText('Connected', { exact: true }).waitFor();
    await show();
    await status(page).getByText('Connected', { exact: true }).waitFor();
    await organization.api('DELETE', `${path}/secrets/${issued[0]!.secret.id}`);
    await status(page).getByText('No active token', { exact: true }).waitFor();
    await status(page).getByText('Generate a new one and paste it into Okta').waitFor();
    expect(await page.getByText('Connected', { exact: true }).count()).toBe(0);
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('link', { name: 'All directories' }).click();
    await page.getByRole('list', { name: 'Directories' }).getByText('No active token', { exact: true }).waitFor();
    await visit.context.close();
  });

  it('is "Token expiring" in the last fifth of a short life, and "No active token" from its end on, by itself', async () => {
    const { organization, page, path, directory, show, visit } = await openDirectory([]);
    await show();
    const loads = visit.documentLoads();
    // Its life begins with the page before the reader, so that it can be short.
    const issued = await organization.api<Issued>('POST', `${path}/secrets`, { expires_in: 20 });
    expect(await request(directory, issued)).toBe(200);
    await status(page).getByText('Connected', { exact: true }).waitFor();
    await page.route('**/portal/api/directories/**', (route) => route.abort());
    await status(page).getByText('Token expiring', { exact: true }).waitFor();
    await status(page).getByText('Regenerate it and paste the new token into Okta').waitFor();
    await status(page).getByText('No active token', { exact: true }).waitFor();
    await button(page, 'Generate token').waitFor();
    expect(await activeTokens(page).count()).toBe(0);
    expect(visit.documentLoads()).toBe(loads);
    await visit.context.close();
  });

  it('names the days until a token ends by the calendar', async () => {
    const { page, show, visit } = await openDirectory([{ expires_in: DAY }, { expires_in: 2 * DAY }]);
    await show();
    await activeTokens(page).getByText('in 2 days', { exact: true }).waitFor();
    expect(await activeTokens(page).getByText('tomorrow').count()).toBeLessThanOrEqual(1);
    await visit.context.close();
  });
});

describe('a token that is shown once', () => {
  let visit: PortalVisit;
  let page: Page;
  const asked: Dialog[] = [];

  /** Each test begins at a token that nobody has copied. */
  async function configure(organization?: PortalOrganization): Promise<string> {
    const given = organization ?? (await createPortalOrganization(system.rollcall, { name: 'Fresh' }));
    visit = await openPortal(system.browser, await given.newLink());
    ({ page } = visit);
    asked.length = 0;
    page.on('dialog', (question) => {
      asked.push(question);
      void question.dismiss();
    });
    await configureButton(page, 'Okta').click();
    await heading(page, 'Okta').waitFor();
    return valueOf(page, 'Bearer token');
  }

  it('is announced when Configure shows it, and nothing is spoken over it', async () => {
    const organization = await createPortalOrganization(system.rollcall, { name: 'Fresh' });
    await configure(organization);
    await organization.renameDirectory(page.url().split('/').at(-1)!, 'Headquarters');
    await heading(page, 'Headquarters').waitFor();
    expect(await page.getByTestId('announcer').innerText()).toContain('A new bearer token is shown');
    await visit.context.close();
  });

  it('is not lost to a reload without a question, until it is copied', async () => {
    const token = await configure();
    await page.evaluate('location.reload()');
    await expect.poll(() => asked.map((question) => question.type())).toEqual(['beforeunload']);
    expect(await valueOf(page, 'Bearer token')).toBe(token);
    await button(page, 'Copy Bearer token').click();
    await button(page, 'Copied Bearer token').waitFor();
    await page.reload();
    expect(asked.length).toBe(1);
    await activeTokens(page).waitFor();
    await visit.context.close();
  });

  it('counts as copied from a step of the guide, and by selecting it', async () => {
    await configure();
    await button(page, 'Copy value for OAuth Bearer Token').click();
    await button(page, 'Copied value for OAuth Bearer Token').waitFor();
    await page.reload();
    expect(asked.length).toBe(0);
    await visit.context.close();
    await configure();
    await page.getByTestId('bearer-token').click({ clickCount: 3 });
    await page.keyboard.press('ControlOrMeta+c');
    await page.reload();
    expect(asked.length).toBe(0);
    await visit.context.close();
  });

  it('stays when the reader moves about in the portal', async () => {
    const token = await configure();
    await page.getByRole('link', { name: 'All directories' }).click();
    await page.getByRole('list', { name: 'Directories' }).waitFor();
    await page.goBack();
    expect(await valueOf(page, 'Bearer token')).toBe(token);
    expect(asked.length).toBe(0);
    await visit.context.close();
  });

  it('is hidden after one question, and the focus goes on at the list of tokens', async () => {
    const token = await configure();
    await button(page, 'I have copied it').click();
    const question = dialog(page, 'Have you stored it?');
    await button(question, 'Cancel').click();
    expect(await valueOf(page, 'Bearer token')).toBe(token);
    await button(page, 'I have copied it').click();
    expect(await findViolations(page)).toEqual([]);
    await button(question, 'Yes, hide it').click();
    await copyField(page, 'Bearer token').waitFor({ state: 'detached' });
    expect(await focusedText(page)).toBe('Bearer token');
    await visit.context.close();
  });

  it('is hidden without a question when it was copied, with the focus at the list', async () => {
    await configure();
    await button(page, 'Copy Bearer token').click();
    await button(page, 'Copied Bearer token').waitFor();
    await button(page, 'I have copied it').focus();
    await page.keyboard.press('Enter');
    await copyField(page, 'Bearer token').waitFor({ state: 'detached' });
    expect(await dialog(page, 'Have you stored it?').count()).toBe(0);
    expect(await focusedText(page)).toBe('Bearer token');
    await visit.context.close();
  });

  it('is named by the question that Leave asks, until it is copied', async () => {
    const token = await configure();
    const question = dialog(page, 'Leave the portal?');
    await button(page, 'Leave').click();
    await question.getByText(`The token ending in ${token.slice(-4)} of Okta has not been copied.`).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await button(question, 'Cancel').click();
    await button(page, 'Copy Bearer token').click();
    await button(page, 'Copied Bearer token').waitFor();
    await button(page, 'Leave').click();
    await question.getByText('A link opens the portal once').waitFor();
    expect(await question.getByText('has not been copied').count()).toBe(0);
    await button(question, 'Leave the portal').click();
    await heading(page, 'You have left the portal').waitFor();
    expect(asked.length).toBe(0);
    await visit.context.close();
  });

  it('is not offered to be copied any more once it is revoked', async () => {
    await configure();
    await page.getByRole('button', { name: /^Actions for token ending in/ }).click();
    await page.getByRole('menuitem', { name: 'Revoke this token…' }).click();
    await button(dialog(page, /^Revoke the token/), 'Revoke token').click();
    await copyField(page, 'Bearer token').waitFor({ state: 'detached' });
    await page.reload();
    expect(asked.length).toBe(0);
    await visit.context.close();
  });
});

describe('regenerating a token', () => {
  const menuOf = (page: Page, { secret }: Issued) =>
    page.getByRole('button', { name: `Actions for token ending in ${secret.secret_suffix}`, exact: true });

  async function openRegenerate(page: Page, issued: Issued) {
    await menuOf(page, issued).click();
    await page.getByRole('menuitem', { name: 'Regenerate token…' }).click();
    return dialog(page, /^Regenerate the token/);
  }

  it('replaces that one alone by one of its name and its lifetime', async () => {
    const { page, show, issued, read, visit } = await openDirectory([
      { name: 'Okta production', expires_in: 90 * DAY },
      { name: 'Script' },
    ]);
    await show();
    const question = await openRegenerate(page, issued[0]!);
    expect(await question.getByLabel('Name (optional)').inputValue()).toBe('Okta production');
    expect(await question.getByRole('radio', { name: 'In 90 days' }).isChecked()).toBe(true);
    expect(await findViolations(page)).toEqual([]);
    await button(question, 'Regenerate').click();
    await copyField(page, 'Bearer token').waitFor();
    const { secrets } = await read();
    expect(secrets.map(({ name, status }) => [name, status])).toEqual([
      ['Okta production', 'ACTIVE'],
      ['Script', 'ACTIVE'],
      ['Okta production', 'ACTIVE'],
    ]);
    const [fresh, script, old] = secrets.map(({ create_time, expire_time }) =>
      expire_time === null ? null : Math.round((Date.parse(expire_time) - Date.parse(create_time)) / 86_400_000),
    );
    expect([fresh, script, old]).toEqual([90, null, 7]);
    await menuOf(page, issued[0]!).click();
    expect(await page.getByRole('menuitem', { name: 'Regenerate token…' }).count()).toBe(0);
    await visit.context.close();
  });

  it('issues one however often it is pressed', async () => {
    const { page, show, issued, read, visit } = await openDirectory([{}]);
    await show();
    const question = await openRegenerate(page, issued[0]!);
    await question.evaluate((element) => {
      const form = (element as unknown as { querySelector(name: string): { requestSubmit(): void } }).querySelector(
        'form',
      );
      for (let press = 0; press < 3; press++) form.requestSubmit();
    });
    await copyField(page, 'Bearer token').waitFor();
    expect((await read()).secrets.length).toBe(2);
    await visit.context.close();
  });

  it('says so where it was done in another window meanwhile, and issues nothing', async () => {
    const { organization, page, path, show, issued, read, visit } = await openDirectory([{}]);
    await show();
    const question = await openRegenerate(page, issued[0]!);
    await organization.api('POST', `${path}/secrets:regenerate`, {
      secret_id: issued[0]!.secret.id,
      overlap_seconds: DAY,
    });
    await button(question, 'Regenerate').click();
    await question.getByText('This token cannot be regenerated any more').waitFor();
    expect((await read()).secrets.length).toBe(2);
    await visit.context.close();
  });

  it('says that a token is lost that is shown and not copied', async () => {
    const { page, show, issued, visit } = await openDirectory([{}]);
    await show();
    await button(await openRegenerate(page, issued[0]!), 'Regenerate').click();
    const suffix = (await valueOf(page, 'Bearer token')).slice(-4);
    // The list has both before its button is pressed, and moves no more under it.
    const tokens = activeTokens(page).getByTestId('secret');
    await tokens.filter({ hasText: suffix }).waitFor();
    await tokens.filter({ hasText: 'Replaced' }).waitFor();
    await menuOf(page, issued[0]!).click();
    await page.getByRole('menuitem', { name: 'Add another token…' }).click();
    const question = dialog(page, 'Add another bearer token?');
    await question.getByText('has not been copied').waitFor();
    expect(await question.innerText()).toContain(`The token ending in ${suffix} has not been copied`);
    await visit.context.close();
  });
});

describe('many tokens', () => {
  it('leave the connection within reach, and one more than ten is refused with what to do', async () => {
    const { page, show, visit } = await openDirectory(Array.from({ length: 10 }, (_, n) => ({ name: `Token ${n}` })));
    await show();
    expect(await activeTokens(page).getByTestId('secret').count()).toBe(3);
    const more = page.getByText('7 more active tokens');
    await status(page).scrollIntoViewIfNeeded();
    expect(await isInView(page)).toBe(true);
    await more.click();
    await page.getByRole('list', { name: 'Older tokens in use' }).getByText('Token 0').waitFor();
    await status(page).scrollIntoViewIfNeeded();
    expect(await isInView(page)).toBe(true);
    expect(await findViolations(page)).toEqual([]);
    await activeTokens(page)
      .getByRole('button', { name: /^Actions for/ })
      .first()
      .click();
    await page.getByRole('menuitem', { name: 'Add another token…' }).click();
    const question = dialog(page, 'Add another bearer token?');
    await button(question, 'Add token').click();
    await question.getByText('Revoke one that is no longer used').waitFor();
    await visit.context.close();
  });

  /** Whether the whole state of the connection is in the window. */
  async function isInView(page: Page): Promise<boolean> {
    const box = await status(page).boundingBox();
    return box !== null && box.y >= 0 && box.y + box.height <= 900;
  }
});

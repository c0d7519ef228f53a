import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { patchBody } from './support/patch-body';
import { createPortalDirectory, type PortalDirectory } from './support/portal-directory';
import type { PortalVisit } from './support/open-portal';
import { heading, status } from './support/portal-page';
import { usePortalSystem } from './support/use-portal-system';

const system = usePortalSystem();

const says = (page: Page, state: string): Promise<void> => status(page).getByText(state, { exact: true }).waitFor();
const steps = (page: Page): Locator => page.getByTestId('guide-progress');

/** What Okta's connector test does, with a token. */
async function testConnection({ scimUrl }: PortalDirectory, token: string): Promise<number> {
  const answer = await fetch(`${scimUrl}/Users?startIndex=1&count=2`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return answer.status;
}

describe('the page of a directory', () => {
  let directory: PortalDirectory;
  let visit: PortalVisit;
  let page: Page;
  const asked: string[] = [];

  beforeAll(async () => {
    directory = await createPortalDirectory(system.rollcall);
    visit = await directory.open(system.browser);
    ({ page } = visit);
    await says(page, 'Waiting');
  });

  afterAll(() => visit?.context.close());

  const path = () => `/organizations/${directory.organizationId}/directories/${directory.directoryId}`;

  it('is told of a wrong token, with what to do', async () => {
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    expect(await testConnection(directory, 'nonsense')).toBe(401);
    await says(page, 'Refused');
    await status(page).getByText('Okta sends a token that is not valid here.').waitFor();
    await status(page).getByText('1 request refused').waitFor();
    await status(page).getByText('Copy the token again, or generate a new one').waitFor();
    await page.getByTestId('announcer').getByText('Refused').waitFor({ state: 'attached' });
    expect(await findViolations(page)).toEqual([]);
  });

  it('turns to Connected with the right one, and ticks the steps that this proves', async () => {
    await steps(page).getByText('0 of 9 done').waitFor();
    expect(await testConnection(directory, directory.token)).toBe(200);
    await says(page, 'Connected');
    await steps(page).getByText('3 of 9 done').waitFor();
    const test = page.getByRole('listitem').filter({ hasText: 'Test API Credentials' }).last();
    await test.getByText('Done: seen').waitFor();
    expect(await test.getByRole('checkbox').isDisabled()).toBe(true);
    expect(await findViolations(page)).toEqual([]);
  });

  it('ticks the first user, the first group and the first deactivation, and has the numbers to compare', async () => {
    const ada = await directory.createUser('ada@example.com');
    await steps(page).getByText('4 of 9 done').waitFor();
    await directory.createGroup('Engineering', [ada]);
    await steps(page).getByText('5 of 9 done').waitFor();
    await directory.scim('PATCH', `/Users/${ada}`, patchBody({ op: 'replace', path: 'active', value: false }));
    await steps(page).getByText('6 of 9 done').waitFor();
    const activity = page.getByRole('region', { name: 'Activity', exact: true });
    await activity.getByText('0 active, 1 inactive').waitFor();
    expect(await activity.getByTestId('total-groups').innerText()).toBe('1');
  });

  it('tells of conflicts, with cause and remedy, and stays connected', async () => {
    await directory.scim('POST', '/Users', { userName: 'ada@example.com' }).catch(() => undefined);
    await page.getByText('1 request of Okta named a user or group that is here already.').waitFor();
    await says(page, 'Connected');
    expect(await findViolations(page)).toEqual([]);
  });

  it('has not asked again and again while it was told', () => {
    // A pause that had begun before the stream did ends with a question.
    const questions = asked.filter((address) => /\/directories\/[^/]+$|\/session$/.test(address));
    expect(questions.length).toBe(new Set(questions).size);
  });

  it('is told when the directory is disabled and enabled, and when the feature is switched off and on', async () => {
    await directory.api('PATCH', `${path()}:disable`);
    await says(page, 'Disabled');
    await status(page).getByText('Choose Enable in the Actions menu').waitFor();
    await directory.api('PATCH', `${path()}:enable`);
    await says(page, 'Connected');
    const settings = `/organizations/${directory.organizationId}/settings`;
    await directory.api('PATCH', settings, { features: [{ name: 'dir_sync', enabled: false }] });
    await heading(page, /^Directory Sync is not switched on/).waitFor();
    await directory.api('PATCH', settings, { features: [{ name: 'dir_sync', enabled: true }] });
    await says(page, 'Connected');
    expect(await findViolations(page)).toEqual([]);
  });

  it('has its credentials folded once it is connected, and activity first', async () => {
    await page.reload();
    await page.getByRole('region', { name: 'Activity', exact: true }).waitFor();
    expect(await page.getByText('Endpoint URL', { exact: true }).isVisible()).toBe(false);
    await page.getByText('Endpoint URL and tokens').click();
    await page.getByText('Endpoint URL', { exact: true }).waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  it('says that nothing is accepted once the last token is revoked, also in the list', async () => {
    const { directory: read } = await directory.api<{ directory: { secrets: { id: string }[] } }>('GET', path());
    for (const { id } of read.secrets) await directory.api('DELETE', `${path()}/secrets/${id}`);
    await says(page, 'No active token');
    expect(await testConnection(directory, directory.token)).toBe(401);
    await status(page).getByText('1 request refused').waitFor();
    await page.getByRole('link', { name: 'All directories' }).click();
    await page.getByRole('list', { name: 'Directories' }).getByText('No active token', { exact: true }).waitFor();
    expect(visit.scriptErrors()).toEqual([]);
  });
});

describe('the steps where the admin says what roles mean', () => {
  it('have one for sending them, which ticks when a user with a role arrives', async () => {
    const directory = await createPortalDirectory(system.rollcall);
    await directory.api('PUT', '/portal_settings', { admin_may_map_roles: true });
    const { page, context } = await directory.open(system.browser);
    const step = page.getByRole('listitem').filter({ hasText: 'Send roles' });
    await step.getByText("roles.^[type=='Administrator'].value").waitFor();
    await steps(page).getByText('0 of 10 done').waitFor();
    await directory.createUser('ada@example.com');
    await steps(page).getByText('4 of 10 done').waitFor();
    expect(await step.getByRole('checkbox').isChecked()).toBe(false);
    await directory.createUser('grace@example.com', { roles: [{ type: 'Administrator', value: 'admin' }] });
    await step.getByText('Done: seen').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await directory.api('PUT', '/portal_settings', {});
    await context.close();
  });
});

describe('the page to hand over to somebody else', () => {
  it('has the address of its own, a message without the token, and the state', async () => {
    const directory = await createPortalDirectory(system.rollcall);
    const { page, context } = await directory.open(system.browser);
    await page.getByRole('link', { name: 'Hand over to somebody else' }).click();
    await heading(page, 'Okta').waitFor();
    await page.getByRole('region', { name: 'Or send the two values yourself', exact: true }).waitFor();
    const message = await page.getByTestId('hand-over-message').innerText();
    expect(message).toContain(directory.scimUrl);
    expect(message).not.toContain(directory.token);
    expect(message).toContain(`ends in ${directory.token.slice(-4)}`);
    expect(page.url()).toMatch(/\/hand-over$/);
    await says(page, 'Waiting');
    expect(await findViolations(page)).toEqual([]);
    await page.reload();
    await page.getByTestId('hand-over-message').waitFor();
    await context.close();
  });
});

describe('a page that the server cannot tell anything', () => {
  it('asks again and again, and shows the same', async () => {
    const directory = await createPortalDirectory(system.rollcall, 'MICROSOFT_AD');
    const { page, context } = await directory.open(system.browser, '', false);
    await says(page, 'Waiting');
    expect(await testConnection(directory, directory.token)).toBe(200);
    await says(page, 'Connected');
    await context.close();
  });
});

describe('four pages of one session', () => {
  it('are all up to date, though the server tells three only', async () => {
    const directory = await createPortalDirectory(system.rollcall);
    const { page, context } = await directory.open(system.browser);
    const pages = [page, await context.newPage(), await context.newPage(), await context.newPage()];
    for (const other of pages.slice(1)) await other.goto(page.url());
    for (const each of pages) await says(each, 'Waiting');
    expect(await testConnection(directory, directory.token)).toBe(200);
    for (const each of pages) await says(each, 'Connected');
    await context.close();
  });
});

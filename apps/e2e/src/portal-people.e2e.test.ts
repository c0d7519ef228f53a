import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import type { PortalVisit } from './support/open-portal';
import { createPortalDirectory, goTo, type PortalDirectory } from './support/portal-directory';
import { activeTokens, button, copyField, dialog } from './support/portal-page';
import { tabTo } from './support/tab-to';
import { usePortalSystem } from './support/use-portal-system';

const system = usePortalSystem();

const PEOPLE = 30;

/** A directory with some people of note among many, and a group of three of them. */
async function provision(): Promise<PortalDirectory & { ids: Record<string, string> }> {
  const directory = await createPortalDirectory(system.rollcall);
  const ids: Record<string, string> = {};
  const create = async (key: string, givenName: string, familyName: string, attributes: object = {}) => {
    ids[key] = await directory.createUser(`${key}@acme.example`, {
      externalId: `00u-${key}`,
      displayName: `${givenName} ${familyName}`,
      name: { givenName, familyName },
      ...attributes,
    });
  };
  await create('soren', 'Søren', 'Østergård');
  await create('grace', 'Grace', 'Vidal', { title: 'Admiral' });
  await create('bea', 'Bea', 'Long', { active: false, displayName: 'B'.repeat(120) });
  for (let n = 0; n < PEOPLE; n++) await create(`person${n}`, `Person`, `Number ${n}`);
  ids['chiefs'] = await directory.createGroup('Chiefs', [ids['soren']!, ids['grace']!, ids['bea']!]);
  return { ...directory, ids };
}

let directory: Awaited<ReturnType<typeof provision>>;
let visit: PortalVisit;
let page: Page;

beforeAll(async () => {
  directory = await provision();
  visit = await directory.open(system.browser, 'users');
  ({ page } = visit);
  return () => visit.context.close();
});

const rows = (): Locator => page.getByRole('table').getByRole('rowheader');
const search = (label: string): Locator => page.getByRole('searchbox', { name: label });
const total = (text: string): Promise<void> =>
  page.getByTestId('list-total').getByText(text, { exact: true }).waitFor();

async function expectNoViolations(): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect([colorScheme, await findViolations(page)]).toEqual([colorScheme, []]);
  }
}

describe('an admin who looks for people', () => {
  it('finds them by last name first, without accents and by External ID', async () => {
    await total(`${PEOPLE + 3} users`);
    for (const [text, name] of [
      ['vidal grace', 'Grace Vidal'],
      ['ostergard', 'Søren Østergård'],
      ['00u-grace', 'Grace Vidal'],
      ['grace@acme', 'Grace Vidal'],
    ] as const) {
      await search('Search users').fill(text);
      await total('1 match');
      await page.getByRole('link', { name }).waitFor();
    }
    await search('Search users').fill('');
    await total(`${PEOPLE + 3} users`);
    await expectNoViolations();
  });

  it('sees how many are active, narrows the list, and finds it so again after a reload and on the way back', async () => {
    await page
      .getByTestId('status-counts')
      .getByText(`${PEOPLE + 2} active`)
      .waitFor();
    // They are the directory's, and say nothing of a narrower list.
    await search('Search users').fill('nobody of this name');
    await page.getByTestId('status-counts').waitFor({ state: 'detached' });
    await search('Search users').fill('');
    await page.getByTestId('status-counts').getByText('1 inactive').click();
    await total('1 match');
    await page.reload();
    await total('1 match');
    expect(page.url()).toContain('status=inactive');
    await button(page, 'Clear filters').click();
    await total(`${PEOPLE + 3} users`);
    await page.goBack();
    await total('1 match');
    await page.goForward();
    await button(page, 'Group: Any').click();
    await dialog(page, 'Choose a group')
      .getByRole('button', { name: /Chiefs/ })
      .click();
    await total('3 matches');
    await expectNoViolations();
    await button(page, 'Clear filters').click();
  });

  it('orders them by a column, and begins at the top of the next page', async () => {
    await button(page, 'Name').click();
    await page.getByRole('columnheader', { name: 'Name' }).and(page.locator('[aria-sort=ascending]')).waitFor();
    await expect.poll(() => rows().first().innerText()).toContain('BBBB');
    await button(page, 'Name').click();
    await expect.poll(() => rows().first().innerText()).toContain('Søren');
    await button(page, 'Next').click();
    await page.getByTestId('list-range').getByText('21–33 of 33').waitFor();
    await expect.poll(() => page.evaluate<number>('scrollY')).toBeLessThan(600);
    await goTo(page, `directories/${directory.directoryId}/users`);
  });

  it('opens one by pressing anywhere in the row, sees it as it was sent beside it, and goes on to the group', async () => {
    await search('Search users').fill('grace');
    await total('1 match');
    const row = page.getByRole('row', { name: /Grace Vidal/ });
    // To a keyboard and to a screen reader it is one link, and the row a row.
    expect(await row.getByRole('rowheader').getByRole('link').count()).toBe(1);
    expect(await row.locator('a, button, [tabindex], [role]').count()).toBe(1);
    await row.getByText('Active', { exact: true }).click({ force: true });
    const drawer = dialog(page, 'Grace Vidal');
    await drawer.getByText('Read only: change it in Okta').waitFor();
    await drawer.getByText('Raw attributes').click();
    await drawer.getByTestId('raw-attributes').getByText('"title": "Admiral"').waitFor();
    await expectNoViolations();
    await page.reload();
    await drawer.getByTestId('raw-attributes').waitFor();
    await drawer.getByRole('link', { name: 'Chiefs' }).click();
    await page.getByRole('table', { name: 'Members of Chiefs' }).waitFor();
    await search('Search members').fill('ostergard');
    await total('1 match');
    await expectNoViolations();
  });

  it('can close a drawer whose title has no gap', async () => {
    await goTo(page, `directories/${directory.directoryId}/users?user=diruser_${directory.ids['bea']}`);
    const close = page.getByRole('dialog').getByRole('button', { name: 'Close' });
    await close.waitFor();
    const box = await close.boundingBox();
    expect((box?.x ?? 9_999) + (box?.width ?? 0)).toBeLessThan(1_280);
    await close.click();
  });

  it('takes along what the list shows as a file', async () => {
    await search('Search users').fill('vidal');
    await total('1 match');
    await button(page, 'Export').click();
    await dialog(page, 'Export 1 user?').waitFor();
    await expectNoViolations();
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save as CSV').click()]);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('"grace@acme.example"');
  });

  it('finds and opens a person with the keyboard alone', async () => {
    await goTo(page, `directories/${directory.directoryId}/users`);
    await tabTo(page, search('Search users'));
    await page.keyboard.type('ostergard');
    await total('1 match');
    await tabTo(page, page.getByRole('link', { name: 'Søren Østergård' }));
    await page.keyboard.press('Enter');
    await dialog(page, 'Søren Østergård').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Søren Østergård' }).and(page.locator(':focus')).waitFor();
    expect(page.url()).toContain('q=ostergard');
  });
});

describe('an admin who looks after the rules', () => {
  it('sees which group gives which role, and whom to ask for a change', async () => {
    const path = `/organizations/${directory.organizationId}/directories/${directory.directoryId}`;
    await directory.api('POST', '/roles', { role_name: 'admin', display_name: 'Administrator' });
    await directory.api('PUT', `${path}/groups/-/roles:assign`, {
      assignments: [{ group_id: `dirgroup_${directory.ids['chiefs']}`, role_name: 'admin' }],
    });
    await goTo(page, `directories/${directory.directoryId}/mapping`);
    await page.getByRole('list', { name: 'Roles by group' }).getByText('Chiefs').waitFor();
    await page.getByText('You see here what the vendor of the app has set').waitFor();
    await expectNoViolations();
    await goTo(page, `directories/${directory.directoryId}/users`);
    await page.getByRole('combobox', { name: 'Role', exact: true }).selectOption('admin');
    await total('3 matches');
  });

  it('tries out and sets another one where the owner lets', async () => {
    await directory.api('PUT', '/portal_settings', { admin_may_map_roles: true, admin_may_map_attributes: true });
    await directory.api('POST', '/roles', { role_name: 'editor', display_name: 'Editor' });
    await goTo(page, `directories/${directory.directoryId}/mapping`);
    await page.getByLabel('Role of Chiefs').selectOption('Editor');
    await button(page, 'See what changes').click();
    await page.getByText('3 users would change', { exact: true }).waitFor();
    expect(await page.getByRole('list', { name: 'Some of those who would change' }).innerText()).toContain(
      'roles: admin → editor',
    );
    await expectNoViolations();
    await button(page, 'Save and apply').click();
    await button(page, 'Undo changes').waitFor({ state: 'detached' });
    await button(page, 'Add an attribute').click();
    await page.getByLabel('SCIM attribute 1').fill('title');
    await page.getByLabel('Name in the app 1').fill('job');
    await button(page, 'See what changes').click();
    await page.getByText('1 user would change', { exact: true }).waitFor();
    await button(page, 'Save and apply').click();
    await button(page, 'Undo changes').waitFor({ state: 'detached' });
    await page.reload();
    expect(await page.getByLabel('Role of Chiefs').inputValue()).toBe('editor');
    expect(await page.getByLabel('Name in the app 1').inputValue()).toBe('job');
    await goTo(page, `directories/${directory.directoryId}/users`);
  });

  it('does not save rules over those that the owner has set meanwhile, unseen', async () => {
    const path = `/organizations/${directory.organizationId}/directories/${directory.directoryId}`;
    const group_id = `dirgroup_${directory.ids['chiefs']}`;
    const assignments = ['admin', 'editor'].map((role_name) => ({ group_id, role_name }));
    const readAssignments = async () =>
      (await directory.api<{ directory: { role_assignments: { assignments: object[] } } }>('GET', path)).directory
        .role_assignments.assignments;
    await goTo(page, `directories/${directory.directoryId}/mapping`);
    await page.getByLabel('Role of Chiefs').selectOption('Administrator');
    await button(page, 'See what changes').click();
    await page.getByText('3 users would change', { exact: true }).waitFor();
    await directory.api('PUT', `${path}/groups/-/roles:assign`, { assignments });
    await button(page, 'Save and apply').click();
    await page.getByText('Somebody else has changed these rules meanwhile').waitFor();
    await button(page, 'Save and apply').waitFor({ state: 'detached' });
    expect(await readAssignments()).toEqual(assignments);
    await button(page, 'Undo changes').click();
    await page.getByLabel('Role of Chiefs').nth(1).waitFor();
    await button(page, 'Move Chiefs with Editor up').click();
    await button(page, 'See what changes').click();
    await button(page, 'Save and apply').click();
    await button(page, 'Undo changes').waitFor({ state: 'detached' });
    expect(await readAssignments()).toEqual(assignments.toReversed());
    await directory.api('PUT', `${path}/groups/-/roles:assign`, { assignments: [] });
    // A page on which nothing was edited shows what is stored now.
    await page.getByText('No group gives a role yet.').waitFor();
    await goTo(page, `directories/${directory.directoryId}/users`);
  });

  it('decides about people who would lose access', async () => {
    const path = `/organizations/${directory.organizationId}/directories/${directory.directoryId}`;
    await directory.api('PATCH', path, { directory: { deprovision_guard: { max_users: 1 } } });
    for (const n of [0, 1, 2, 3]) await directory.scim('DELETE', `/Users/${directory.ids[`person${n}`]}`);
    await page.getByRole('link', { name: 'Review held changes' }).click();
    const held = page.getByRole('table', { name: 'Held changes' });
    await held.getByRole('checkbox').nth(1).waitFor();
    await expectNoViolations();
    await held.getByRole('checkbox').first().check();
    await button(page, 'Release…').click();
    await button(dialog(page, /^Release the changes of 1 person/), 'Release').click();
    await page.getByRole('button', { name: 'It was a mistake: keep everybody…' }).click();
    await expectNoViolations();
    await button(dialog(page, /^Keep the access of/), 'Keep access').click();
    await held.getByText('Kept', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: 'Review held changes' }).waitFor({ state: 'detached' });
  });
});

describe('an admin who rotates a token', () => {
  it('sees which one is in use, and the old one go on after the new one was tried once', async () => {
    await goTo(page, `directories/${directory.directoryId}`);
    await page.getByText('Endpoint URL and tokens', { exact: true }).click();
    await activeTokens(page).getByText('In use by Okta').waitFor();
    await page.getByRole('button', { name: /^Actions for token ending in/ }).click();
    await page.getByRole('menuitem', { name: 'Regenerate token…' }).click();
    const question = dialog(page, /^Regenerate the token/);
    expect(await question.getByRole('radio', { name: 'Until the new token is used' }).isChecked()).toBe(true);
    await expectNoViolations();
    await button(question, 'Regenerate').click();
    await copyField(page, 'Bearer token').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Download').click()]);
    const file = await readFile(await download.path(), 'utf8');
    const token = /^Bearer token: (\S+)$/m.exec(file)?.[1] ?? '';
    const answer = await fetch(`${directory.scimUrl}/Users?count=1`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    // Somebody trying the token is not the provider using it: that shows when the old one is used no more.
    const replaced = page.getByTestId('secret').filter({ hasText: 'Replaced' });
    await replaced.getByText(/in (6|7) days/).waitFor();
  });

  it('reads what disabling and deleting do before doing it', async () => {
    for (const [action, sentences] of [
      ['Disable…', [/stay in the app as they are/, /Whoever leaves keeps their access/]],
      ['Delete…', [/It stands for all of them/]],
    ] as const) {
      await button(page, 'Actions').click();
      await page.getByRole('menuitem', { name: action }).click();
      for (const sentence of sentences) await page.getByRole('dialog').getByText(sentence).waitFor();
      await expectNoViolations();
      await page.keyboard.press('Escape');
    }
    expect(visit.scriptErrors()).toEqual([]);
  });
});

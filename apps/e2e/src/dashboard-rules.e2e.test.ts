import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { becomeOwner } from './support/become-owner';
import { environmentAddress } from './support/dashboard-page';
import { findViolations } from './support/find-violations';
import type { PortalVisit } from './support/open-portal';
import { createPortalDirectory, type PortalDirectory } from './support/portal-directory';
import { button, dialog } from './support/portal-page';
import { findOverflow } from './support/read-layout';
import { usePortalSystem } from './support/use-portal-system';

// The owner decides which group gives which role, with more roles than the API lists at once.

const system = usePortalSystem({ own: true });

const ROLES = 120;
const LAST = `role_${ROLES}`;

let directory: PortalDirectory;
let groupIds: Record<string, string>;
let visit: PortalVisit;
let page: Page;

beforeAll(async () => {
  directory = await createPortalDirectory(system.rollcall);
  for (let n = 1; n <= ROLES; n++) {
    await directory.api('POST', '/roles', { role_name: `role_${String(n).padStart(3, '0')}` });
  }
  const ann = await directory.createUser('ann@acme.test');
  groupIds = {};
  for (const name of ['Staff', 'Chiefs']) groupIds[name] = `dirgroup_${await directory.createGroup(name, [ann])}`;
  visit = await becomeOwner(system.rollcall, system.browser);
  ({ page } = visit);
  const { organizationId, directoryId } = directory;
  await page.goto(`${environmentAddress(page)}/organizations/${organizationId}/directories/${directoryId}/rules`);
});

afterAll(() => visit?.context.close());

const rules = (): Locator => page.getByRole('list', { name: 'Roles by group' }).getByRole('listitem');

async function addGroup(name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a group' }).click();
  await dialog(page, 'Choose a group').getByRole('button', { name }).click();
}

async function readAssignments(): Promise<object[]> {
  const path = `/organizations/${directory.organizationId}/directories/${directory.directoryId}`;
  const answer = await directory.api<{ directory: { role_assignments: { assignments: object[] } } }>('GET', path);
  return answer.directory.role_assignments.assignments;
}

it('offers every role there is, and lets a group give several', async () => {
  await addGroup('Staff');
  await addGroup('Staff');
  await page.getByLabel('Role of Staff').last().selectOption(LAST);
  await button(page, 'See what changes').click();
  await page.getByText('1 user would change', { exact: true }).waitFor();
  await button(page, 'Save and apply').click();
  await button(page, 'Undo changes').waitFor({ state: 'detached' });
  const group_id = groupIds['Staff'];
  expect(await readAssignments()).toEqual([
    { group_id, role_name: 'role_001' },
    { group_id, role_name: LAST },
  ]);
  await page
    .getByLabel('Whoever is given none')
    .getByRole('option', { name: `Has the role ${LAST}` })
    .waitFor({ state: 'attached' });
});

it('keeps the focus with the row that is moved by keyboard', async () => {
  await addGroup('Chiefs');
  const up = page.getByRole('button', { name: 'Move Chiefs with role_001 up' });
  const down = page.getByRole('button', { name: 'Move Chiefs with role_001 down' });
  await up.focus();
  for (const place of [1, 0]) {
    await page.keyboard.press('Enter');
    await rules().nth(place).getByText('Chiefs', { exact: true }).waitFor();
    await up.and(page.locator(':focus')).waitFor();
  }
  await down.press('Enter');
  await down.and(page.locator(':focus')).waitFor();
  expect(await rules().nth(1).innerText()).toContain('Chiefs');
});

it('has no violation of accessibility and nothing that sticks out, narrow or wide, light or dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      expect([colorScheme, width, await findViolations(page)]).toEqual([colorScheme, width, []]);
      expect(await findOverflow(page)).toEqual([]);
    }
  }
  expect(visit.scriptErrors()).toEqual([]);
});

it('asks for the names of all groups in one read', async () => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  // The draft is given up: the browser asks whether to.
  page.once('dialog', (question) => void question.accept());
  await page.reload();
  await rules().nth(1).getByText('Staff', { exact: true }).waitFor();
  expect(asked.some((path) => path.endsWith('/mapping'))).toBe(true);
  expect(asked.filter((path) => path.startsWith('/api/') && path.includes('/groups'))).toEqual([]);
});

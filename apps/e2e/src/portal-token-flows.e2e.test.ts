import type { Group } from '@rollcall/idp-simulator';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectOkta, type ConnectedOkta, newPerson } from './support/connect-okta';
import { findViolations } from './support/find-violations';
import { createPortalOrganization, openPortal, type PortalOrganization, type PortalVisit } from './support/open-portal';
import {
  activeTokens,
  button,
  configureButton,
  dialog,
  directoryTab,
  heading,
  readFacts,
  status,
  valueOf,
} from './support/portal-page';
import { usePortalSystem } from './support/use-portal-system';

// What an administrator does with tokens while Okta works with them.

const system = usePortalSystem();

const DAY_MS = 86_400_000;

const ADA = newPerson('00uada', 'Ada', 'Marlow');
const BRUNO = newPerson('00ubruno', 'Bruno', 'Rossi');

let organization: PortalOrganization;
let visit: PortalVisit;
let page: Page;

async function enter(name: string): Promise<void> {
  organization = await createPortalOrganization(system.rollcall, { name });
  visit = await openPortal(system.browser, await organization.newLink());
  ({ page } = visit);
  await heading(page, 'Directory Sync').waitFor();
}

const directoryPath = () => `${organization.path}/directories/${/dir_[0-9a-z]+/.exec(page.url())?.[0] ?? ''}`;
const says = (state: string) => status(page).getByText(state, { exact: true }).waitFor();

/** Goes to a group, and waits for who is in it. */
async function expectMembers(group: string, names: string[]): Promise<void> {
  await directoryTab(page, /^Groups/).click();
  await page.getByRole('table', { name: 'Groups' }).getByRole('link', { name: group }).click();
  const members = page.getByRole('table', { name: `Members of ${group}` }).getByRole('rowheader');
  await expect.poll(() => members.getByRole('link').allInnerTexts()).toEqual(names);
  expect(await findViolations(page)).toEqual([]);
}

describe('an Okta that sends what stands in the field of the header auth app', () => {
  const group: Group = { id: '00gcrew', name: 'Crew', members: [ADA.id] };
  let endpoint: string;
  let okta: ConnectedOkta;

  beforeAll(() => enter('Headers'));
  afterAll(() => visit.context.close());

  it('gets a token with the name and the end that the administrator chose', async () => {
    await page.getByText('Token options', { exact: true }).click();
    await page.getByLabel('Name (optional)').fill('Okta production');
    await page.getByRole('radio', { name: 'In 90 days' }).check();
    expect(await findViolations(page)).toEqual([]);
    await configureButton(page, 'Okta').click();
    await heading(page, 'Okta').waitFor();
    endpoint = await valueOf(page, 'Endpoint URL');
    await activeTokens(page).getByText('Okta production').waitFor();
    const { directory } = await organization.api<{
      directory: { secrets: { create_time: string; expire_time: string }[] };
    }>('GET', directoryPath());
    const [made] = directory.secrets.map(({ create_time, expire_time }) => [create_time, expire_time].map(Date.parse));
    const [created = 0, end = 0] = made ?? [];
    expect(Math.round((end - created) / DAY_MS)).toBe(90);
    const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' }).format(end);
    await activeTokens(page).getByText(day, { exact: true }).waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  it('connects with “bearer” in lower case, and finds nobody', async () => {
    await page.getByRole('tab', { name: 'Header auth' }).click();
    await button(page, 'Copy value for API Token').click();
    await button(page, 'Copied value for API Token').waitFor();
    const pasted = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(pasted).toMatch(/^Bearer \S+$/);
    okta = connectOkta({
      endpoint,
      token: pasted.replace('Bearer', 'bearer'),
      app: 'header',
      people: [ADA, BRUNO],
      groups: [group],
    });
    await okta.run([{ kind: 'test-connection' }, { kind: 'import' }]);
    expect(okta.lastImport()).toEqual({ scannedUsers: 0, activeUsers: [], groups: 0 });
    await says('Connected');
    expect(await findViolations(page)).toEqual([]);
  });

  it('changes groups by PATCH, which the portal shows', async () => {
    const assigned = await okta.run([
      { kind: 'assign', person: ADA.id },
      { kind: 'assign', person: BRUNO.id },
      { kind: 'push-group', group: group.id },
    ]);
    expect(assigned).toEqual([]);
    await expectMembers('Crew', ['Ada Marlow']);
    const changed = await okta.run([
      { kind: 'change-members', group: group.id, add: [BRUNO.id], remove: [] },
      { kind: 'rename-group', group: group.id, name: 'Bridge' },
    ]);
    expect(changed).toEqual([]);
    await expectMembers('Bridge', ['Ada Marlow', 'Bruno Rossi']);
    await okta.perform({ kind: 'change-members', group: group.id, add: [], remove: [ADA.id] });
    await expectMembers('Bridge', ['Bruno Rossi']);
    const writes = okta.sent.filter(({ method, path }) => method !== 'GET' && path.startsWith('/Groups'));
    expect(writes.map(({ method, status: answer }) => `${method} ${answer}`)).toEqual([
      'POST 201',
      ...Array.from({ length: 6 }, () => 'PATCH 204'),
    ]);
  });

  it('is seen to be about to stop before its token ends', async () => {
    await directoryTab(page, /^Configuration/).click();
    const { plain_secret: short } = await organization.api<{ plain_secret: string }>(
      'POST',
      `${directoryPath()}/secrets:regenerate`,
      { name: 'Okta trial', expires_in: 25 },
    );
    okta.paste(`bearer ${short}`);
    await okta.perform({ kind: 'test-connection' });
    await says('Token expiring');
    await status(page).getByText('Regenerate it and paste the new token into Okta').waitFor();
    await page.getByRole('link', { name: 'All directories' }).click();
    await page.getByRole('list', { name: 'Directories' }).getByText('Token expiring', { exact: true }).waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  it('leaves no error in a console', () => {
    expect([...visit.consoleErrors(), ...visit.scriptErrors()]).toEqual([]);
  });
});

describe('an Okta that maps no more than the names and the address', () => {
  const group: Group = { id: '00gcrew', name: 'Crew', members: [ADA.id, BRUNO.id] };
  let okta: ConnectedOkta;
  let first: string;

  beforeAll(() => enter('Names'));
  afterAll(() => visit.context.close());

  it('sends people who have these and nothing else', async () => {
    await configureButton(page, 'Okta').click();
    await heading(page, 'Okta').waitFor();
    first = await valueOf(page, 'Bearer token');
    const endpoint = await valueOf(page, 'Endpoint URL');
    okta = connectOkta({ endpoint, token: first, people: [ADA, BRUNO], groups: [group] });
    const failures = await okta.run([
      { kind: 'test-connection' },
      { kind: 'assign', person: ADA.id },
      { kind: 'push-group', group: group.id },
    ]);
    expect(failures).toEqual([]);
    await button(page, 'Copy Bearer token').click();
    await directoryTab(page, /^Users/).click();
    await page.getByRole('link', { name: 'Ada Marlow' }).click();
    const drawer = dialog(page, 'Ada Marlow');
    await drawer.getByText('Crew', { exact: true }).waitFor();
    const { Created: _, Updated: __, ID: ___, ...facts } = await readFacts(drawer);
    expect(facts).toEqual({
      Status: 'Active',
      'User name': ADA.userName,
      Email: ADA.email,
      'External ID': ADA.id,
      Groups: 'Crew',
      'Given name': 'Ada',
      'Family name': 'Marlow',
    });
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('goes on with the old token and the new one when it is regenerated', async () => {
    await directoryTab(page, /^Configuration/).click();
    await page.getByRole('button', { name: `Actions for token ending in ${first.slice(-4)}`, exact: true }).click();
    await page.getByRole('menuitem', { name: 'Regenerate token…' }).click();
    const question = dialog(page, /^Regenerate the token/);
    expect(await findViolations(page)).toEqual([]);
    await button(question, 'Regenerate').click();
    await activeTokens(page).getByText('Replaced').waitFor();
    const next = await valueOf(page, 'Bearer token');
    expect(next).not.toBe(first);
    expect(await findViolations(page)).toEqual([]);

    await okta.perform({ kind: 'assign', person: BRUNO.id });
    okta.paste(next);
    await okta.perform({ kind: 'change-profile', person: ADA.id, set: { displayName: 'Ada M.' } });
    await button(page, 'Copy Bearer token').click();
    await directoryTab(page, /^Users/).click();
    await page.getByRole('table', { name: 'Users' }).getByRole('link', { name: 'Ada M.' }).waitFor();
    await page.getByRole('table', { name: 'Users' }).getByRole('link', { name: 'Bruno Rossi' }).waitFor();
    await directoryTab(page, /^Configuration/).click();
    await says('Connected');
  });

  it('is mirrored: its groups can be read here and changed nowhere but there', async () => {
    await expectMembers('Crew', ['Ada M.', 'Bruno Rossi']);
    const about = page.getByRole('main');
    await about.getByText('Read only: change it in Okta, which sends it here.').waitFor();
    expect(await about.getByRole('button', { name: /add|remove|rename|edit|delete|save/i }).count()).toBe(0);
    await okta.perform({ kind: 'change-members', group: group.id, add: [], remove: [BRUNO.id] });
    await expect.poll(() => page.getByTestId('group-total').innerText()).toBe('1 member');
    await okta.perform({ kind: 'remove-group', group: group.id });
    await directoryTab(page, /^Groups/).click();
    await page.getByText('No groups yet').waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  it('leaves no error in a console', () => {
    expect([...visit.consoleErrors(), ...visit.scriptErrors()]).toEqual([]);
  });
});

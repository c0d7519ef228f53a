import type { Group, Person } from '@rollcall/idp-simulator';
import { type Receiver, startReceiver } from '@rollcall/testing';
import type { Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/become-owner';
import { connectManagementApi, type ManagementApi } from './support/connect-management-api';
import { connectOkta, type ConnectedOkta, newPerson } from './support/connect-okta';
import { dashboardLink } from './support/dashboard-page';
import { findViolations } from './support/find-violations';
import { openPortal, type PortalVisit } from './support/open-portal';
import {
  button,
  configureButton,
  copyField,
  dialog,
  directoryTab,
  heading,
  readFacts,
  status,
} from './support/portal-page';
import { usePortalSystem } from './support/use-portal-system';
import { type Hand, KEYBOARD, POINTER } from './support/work-page';

// From the owner's dashboard by way of the administrator's portal and of Okta to the signed events.

const system = usePortalSystem({ own: true });

const ADA = newPerson('00uada', 'Ada', 'Marlow');
const BRUNO = newPerson('00ubruno', 'Bruno', 'Nakamura');

interface Envelope {
  type: string;
  organization_id: string;
  sequence: number;
  data: Record<string, unknown> & { preferred_username?: string };
}

let owner: PortalVisit;
let api: ManagementApi;
let receiver: Receiver;
let webhook: Webhook;

beforeAll(async () => {
  receiver = await startReceiver();
  const { client_id: clientId, client_secret: clientSecret } = system.rollcall.bootstrap;
  api = await connectManagementApi(system.rollcall.baseUrl, { clientId, clientSecret });
  const { secret } = await api<{ secret: string }>('POST', '/webhook_endpoints', { url: receiver.url });
  webhook = new Webhook(secret);
  owner = await becomeOwner(system.rollcall, system.browser);
});

afterAll(async () => {
  await owner?.context.close();
  await receiver?.stop();
});

/** The verified events of an organization in the order of their numbers, once there are so many. */
async function receiveEvents(organizationId: string, count: number): Promise<Envelope[]> {
  const ofOrganization = () =>
    receiver.requests
      .map(({ body, headers }) => webhook.verify(body, headers as Record<string, string>) as Envelope)
      .filter(({ organization_id }) => organization_id === organizationId);
  await receiver.waitFor(() => ofOrganization().length >= count);
  return ofOrganization().toSorted((a, b) => a.sequence - b.sequence);
}

/** Makes an organization in the dashboard, with Directory Sync, and a link for its administrator. */
async function letIn(name: string, hand: Hand): Promise<{ organizationId: string; link: string }> {
  const { page } = owner;
  await hand.press(dashboardLink(page, 'Organizations'));
  await heading(page, 'Organizations').waitFor();
  await hand.press(button(page, 'Create organization'));
  await hand.enter(dialog(page, 'Create organization').getByLabel('Name'), name);
  await hand.press(button(dialog(page, 'Create organization'), 'Create'));
  await heading(page, name).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await hand.press(page.getByRole('switch', { name: 'Directory Sync' }));
  await page.getByRole('switch', { name: 'Directory Sync', checked: true }).waitFor();
  await hand.press(button(page, 'Create portal link'));
  const link = await page.getByLabel('Portal link').inputValue();
  expect(await findViolations(page)).toEqual([]);
  return { organizationId: /org_[0-9a-z]+/.exec(page.url())?.[0] ?? '', link };
}

/** Configures Okta in the portal, and copies what is to be pasted into it. */
async function configureOkta(page: Page, hand: Hand): Promise<{ endpoint: string; token: string }> {
  await hand.press(configureButton(page, 'Okta'));
  await heading(page, 'Okta').waitFor();
  const copy = async (label: string) => {
    await hand.press(button(copyField(page, label), `Copy ${label}`));
    await button(copyField(page, label), `Copied ${label}`).waitFor();
    return page.evaluate<string>('navigator.clipboard.readText()');
  };
  return { endpoint: await copy('Endpoint URL'), token: await copy('Bearer token') };
}

describe.each([
  { means: 'with a pointer', name: 'Northwind', hand: POINTER },
  { means: 'with the keyboard alone', name: 'Contoso', hand: KEYBOARD },
])('an organization that gets Directory Sync, $means', ({ name, hand }) => {
  const group: Group = { id: '00gcrew', name: 'Crew', members: [ADA.id, BRUNO.id] };
  let organizationId: string;
  let admin: PortalVisit;
  let page: Page;
  let okta: ConnectedOkta;

  afterAll(() => admin?.context.close());

  it('is switched on in the dashboard, and its administrator sees the tab by the link', async () => {
    const made = await letIn(name, hand);
    ({ organizationId } = made);
    admin = await openPortal(system.browser, made.link);
    ({ page } = admin);
    const tab = page.getByRole('navigation', { name: 'Portal' }).getByRole('link', { name: 'Directory Sync' });
    await tab.waitFor();
    expect(await tab.getAttribute('aria-current')).toBe('page');
    expect(await findViolations(page)).toEqual([]);
  });

  it('has endpoint and token for Okta, whose test of the credentials turns the page to Connected', async () => {
    const values = await configureOkta(page, hand);
    await status(page).getByText('Waiting', { exact: true }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    okta = connectOkta({ ...values, people: [ADA, BRUNO], groups: [group] });
    await okta.perform({ kind: 'test-connection' });
    await status(page).getByText('Connected', { exact: true }).waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  it('gets the two who are assigned, the change of one, the departure of the other and the pushed group', async () => {
    const failures = await okta.run([
      { kind: 'assign', person: ADA.id },
      { kind: 'assign', person: BRUNO.id },
      { kind: 'push-group', group: group.id },
      { kind: 'change-profile', person: ADA.id, set: { title: 'Admiral' } },
      { kind: 'deactivate', person: BRUNO.id },
    ]);
    expect(failures).toEqual([]);
    await hand.press(directoryTab(page, /^Users/));
    const users = page.getByRole('table', { name: 'Users' });
    await users
      .getByRole('row', { name: /Ada Marlow/ })
      .getByText('Active', { exact: true })
      .waitFor();
    await users
      .getByRole('row', { name: /Bruno Nakamura/ })
      .getByText('Inactive', { exact: true })
      .waitFor();
    expect(await users.getByRole('rowheader').count()).toBe(2);
    expect(await findViolations(page)).toEqual([]);

    await hand.press(users.getByRole('link', { name: 'Ada Marlow' }));
    const drawer = dialog(page, 'Ada Marlow');
    await drawer.getByText('Admiral', { exact: true }).waitFor();
    expect(await readFacts(drawer)).toMatchObject({ Status: 'Active', 'User name': ADA.userName, Groups: 'Crew' });
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await hand.press(directoryTab(page, /^Groups/));
    await hand.press(page.getByRole('table', { name: 'Groups' }).getByRole('link', { name: 'Crew' }));
    const members = page.getByRole('table', { name: 'Members of Crew' });
    await members.getByText('Ada Marlow').waitFor();
    await members.getByText('Bruno Nakamura').waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  it('is told to the app in signed events without a gap', async () => {
    const events = await receiveEvents(organizationId, 9);
    expect(events.map(({ sequence, type }) => [sequence, type])).toEqual(
      [
        'organization.directory_created',
        'organization.directory.user_created',
        'organization.directory.user_created',
        'organization.directory.group_created',
        'organization.directory.group_members_changed',
        'organization.directory.user_updated',
        'organization.directory.user_updated',
        'organization.directory.user_updated',
        'organization.directory.user_updated',
      ].map((type, index) => [index + 1, type]),
    );
    expect(events.slice(-2).map(({ data }) => data)).toMatchObject([
      { preferred_username: ADA.userName, title: 'Admiral', active: true, groups: [{ name: 'Crew' }] },
      { preferred_username: BRUNO.userName, active: false },
    ]);
  });

  it('has written no error to a console', () => {
    expect([...owner.consoleErrors(), ...owner.scriptErrors()]).toEqual([]);
    expect([...admin.consoleErrors(), ...admin.scriptErrors()]).toEqual([]);
  });
});

describe('people whose roles come from Okta', () => {
  const chief: Person = { ...ADA, roles: { form: 'core-container', values: ['Administrator'] } };
  const teams: Group[] = [
    { id: '00gdesign', name: 'Team Design', members: [ADA.id] },
    { id: '00gresearch', name: 'Team Research', members: [ADA.id, BRUNO.id] },
  ];
  let organizationId: string;
  let admin: PortalVisit;
  let values: Awaited<ReturnType<typeof configureOkta>>;

  afterAll(() => admin?.context.close());

  it('meet the roles that the owner made, one of them for whoever is given none', async () => {
    const made = await letIn('Fabrikam', POINTER);
    ({ organizationId } = made);
    admin = await openPortal(system.browser, made.link);
    values = await configureOkta(admin.page, POINTER);

    const { page } = owner;
    await page.getByRole('link', { name: 'Okta' }).click();
    await directoryTab(page, /^Roles and attributes/).click();
    for (const [name, shown] of [
      ['Administrator', 'Administrators'],
      ['member', 'Members'],
    ] as const) {
      await button(page, 'Create role').click();
      const question = dialog(page, 'Create role');
      await question.getByLabel('Name in events').fill(name);
      await question.getByLabel('Name for people').fill(shown);
      await button(question, 'Create role').click();
      await page.getByRole('list', { name: 'Roles', exact: true }).getByText(shown).waitFor();
    }
    await page.getByLabel('Whoever is given none').selectOption('member');
    await page.getByTestId('announcer').getByText('Default role saved').waitFor({ state: 'attached' });

    await button(page, 'Add an attribute').click();
    await page.getByLabel('SCIM attribute 1').fill('roles[type eq "Administrator"].value');
    await page.getByLabel(/^Name in .+ 1$/).fill('okta_role');
    await button(page, 'See what changes').click();
    await button(page, 'Save and apply').click();
    await page.getByTestId('announcer').getByText('Saved.').waitFor({ state: 'attached' });
    expect(await findViolations(page)).toEqual([]);
  });

  it('have the role of their roles attribute, else the default one, and the pushed groups as teams', async () => {
    const okta = connectOkta({ ...values, people: [chief, BRUNO], groups: teams });
    const failures = await okta.run([
      { kind: 'test-connection' },
      { kind: 'assign', person: ADA.id },
      { kind: 'assign', person: BRUNO.id },
      ...teams.map(({ id }) => ({ kind: 'push-group' as const, group: id })),
    ]);
    expect(failures).toEqual([]);
    const { page } = admin;
    await directoryTab(page, /^Users/).click();
    const facts: Record<string, Record<string, string>> = {};
    for (const name of ['Ada Marlow', 'Bruno Nakamura']) {
      await page.getByRole('table', { name: 'Users' }).getByRole('link', { name }).click();
      await dialog(page, name).getByText('Team Research').waitFor();
      facts[name] = await readFacts(dialog(page, name));
      expect(await findViolations(page)).toEqual([]);
      await page.keyboard.press('Escape');
    }
    expect(facts['Ada Marlow']).toMatchObject({ Roles: 'Administrator', okta_role: 'Administrator' });
    expect(facts['Ada Marlow']?.['Groups']).toContain('Team Design');
    expect(facts['Bruno Nakamura']).toMatchObject({ Roles: 'member', Groups: 'Team Research' });
    expect(facts['Bruno Nakamura']).not.toHaveProperty('okta_role');
  });

  it('are told to the app with roles and teams', async () => {
    // The directory, two users, two groups, the members of each, and the three memberships told of their users.
    const events = await receiveEvents(organizationId, 10);
    const last = (userName: string) =>
      events.findLast(({ data }) => data.preferred_username === userName)?.data as Record<string, unknown>;
    expect(last(ADA.userName)).toMatchObject({
      roles: [{ role_name: 'Administrator' }],
      groups: [{ name: 'Team Design' }, { name: 'Team Research' }],
      custom_attributes: { okta_role: 'Administrator' },
    });
    expect(last(BRUNO.userName)).toMatchObject({
      roles: [{ role_name: 'member' }],
      groups: [{ name: 'Team Research' }],
    });
  });

  it('are shown without an error of a console', () => {
    expect([...owner.consoleErrors(), ...owner.scriptErrors()]).toEqual([]);
    expect([...admin.consoleErrors(), ...admin.scriptErrors()]).toEqual([]);
  });
});

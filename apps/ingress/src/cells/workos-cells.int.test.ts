import { WorkOS } from '@workos-inc/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '@rollcall/testing';
import type { Kept } from '../foreign-ids/import-customer.test-support';
import type { ApiClientSecretAnswer } from '../management/api-clients/api-client.dto';
import type { ApiClient } from '../management/testing/api-client';
import { hasOrganization } from './start-test-cells.test-support';
import { startTestPlaces } from './start-test-places.test-support';
import type { TestPlaces } from './start-test-places.test-support';

const KEPT: Kept = {
  organization: 'org_01EHZNVPK3SFK441A1RGBFSHRT',
  directory: 'directory_01ECAZ4NV9QMV47GW873HDCX74',
  user: 'directory_user_01E1JG7J09H96KYP8HM9B0G5SJ',
  group: 'directory_group_01E64QTDNS0EGJ0FMCVY9BWGZT',
};

let test: TestPlaces;
let workos: WorkOS;
let home: TestPlaces['home'];
let imported: Kept;

beforeAll(async () => {
  test = await startTestPlaces({ service: 'workos', kept: KEPT });
  ({ home, imported } = test);
  workos = await connect(test.api);
});

afterAll(() => test?.stop());

async function connect(api: ApiClient, fields: object = {}): Promise<WorkOS> {
  const wanted = { name: 'WorkOS SDK', scopes: ['read', 'write'], ...fields };
  const { body } = await api.call<ApiClientSecretAnswer>('POST', '/api_clients', wanted);
  const { hostname, port } = new URL(test.baseUrl);
  return new WorkOS(body.api_key, { apiHostname: hostname, port: Number(port), https: false, maxRetries: 0 });
}

const statusOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return (error as { status?: number } | null)?.status ?? null;
};

const idsOf = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id);

type EventOptions = Partial<Parameters<WorkOS['events']['listEvents']>[0]>;

const TYPES = ['dsync.user.created', 'dsync.group.created', 'dsync.group.user_added'] as const;

async function readEvents(options: EventOptions): Promise<{ id: string; directoryId: string }[]> {
  const seen: { id: string; directoryId: string }[] = [];
  let { after } = options;
  for (;;) {
    const page = await workos.events.listEvents({ events: [...TYPES], ...options, ...(after && { after }) });
    for (const { id, data } of page.data) {
      const { directoryId } = data as unknown as { directoryId: string };
      seen.push({ id, directoryId });
    }
    after = page.listMetadata.after ?? undefined;
    if (after === undefined) return seen;
  }
}

describe('organizations of several cells, through WorkOS’ SDK,', () => {
  it('are made in the cell that has the fewest, found by either id, changed and deleted', async () => {
    const made = [];
    for (let index = 0; index < 4; index++) {
      const externalId = `made-${index}`;
      const { id } = await workos.organizations.createOrganization({ name: 'New', externalId });
      made.push({ id, externalId, isInB: await hasOrganization(test.b, id) });
    }
    expect(new Set(made.map(({ isInB }) => isInB))).toEqual(new Set([true, false]));
    for (const { id, externalId } of made) {
      expect((await workos.organizations.getOrganization(id)).externalId).toBe(externalId);
      expect((await workos.organizations.getOrganizationByExternalId(externalId)).id).toBe(id);
      const changed = await workos.organizations.updateOrganization({ organization: id, name: 'Changed' });
      expect([changed.id, changed.name]).toEqual([id, 'Changed']);
      await workos.organizations.deleteOrganization(id);
      expect(await statusOf(workos.organizations.getOrganization(id))).toBe(404);
    }
    expect(await statusOf(workos.organizations.getOrganizationByExternalId('made-0'))).toBe(404);
  });

  it('have external ids that no other cell has', async () => {
    for (const { organization } of Object.values(home)) {
      for (const externalId of ['at-control', 'at-b']) {
        expect(await statusOf(workos.organizations.createOrganization({ name: 'Taken', externalId }))).toBe(409);
      }
      const taken = organization === home.b.organization ? 'at-control' : 'at-b';
      expect(await statusOf(workos.organizations.updateOrganization({ organization, externalId: taken }))).toBe(409);
    }
  });

  it('are made once for an idempotency key', async () => {
    const make = () => workos.organizations.createOrganization({ name: 'Once' }, { idempotencyKey: 'once' });
    const made = await make();
    expect((await make()).id).toBe(made.id);
    await workos.organizations.deleteOrganization(made.id);
  });

  it.each(['asc', 'desc'] as const)('are listed as one, %s, in both directions, imported ones too', async (order) => {
    const whole = idsOf(await workos.organizations.listOrganizations({ order, limit: 100 }));
    const own = whole.map((id) => (id === KEPT.organization ? imported.organization : id));
    const sorted = own.toSorted();
    expect(own).toEqual(order === 'asc' ? sorted : sorted.toReversed());
    expect(own).toEqual(
      expect.arrayContaining([home.control.organization, home.b.organization, imported.organization]),
    );
    const list = await workos.organizations.listOrganizations({ order });
    expect((await list.autoPagination()).map(({ id }) => id)).toEqual(whole);
    const forwards: string[] = [];
    let page = await workos.organizations.listOrganizations({ order, limit: 1 });
    expect(page.listMetadata.before ?? null).toBeNull();
    for (;;) {
      forwards.push(...idsOf(page));
      const { after } = page.listMetadata;
      if (!after) break;
      page = await workos.organizations.listOrganizations({ order, limit: 1, after });
    }
    expect(forwards).toEqual(whole);
    const back = idsOf(page);
    while (page.listMetadata.before) {
      const { before } = page.listMetadata;
      page = await workos.organizations.listOrganizations({ order, limit: 1, before });
      back.unshift(...idsOf(page));
    }
    expect(back).toEqual(whole);
  });
});

describe('what an organization of any cell has, through WorkOS’ SDK,', () => {
  it('is found by its id alone: a directory, its users, its groups', async () => {
    for (const { organization: organizationId, directory, users, group } of Object.values(home)) {
      const { directorySync } = workos;
      expect(await directorySync.getDirectory(directory.id)).toMatchObject({ id: directory.id, organizationId });
      expect(idsOf(await directorySync.listDirectories({ organizationId }))).toEqual([directory.id]);
      expect(await directorySync.getUser(users[0] ?? '')).toMatchObject({ directoryId: directory.id, organizationId });
      expect(await directorySync.getGroup(group)).toMatchObject({ directoryId: directory.id });
      expect(idsOf(await directorySync.listUsers({ directory: directory.id, order: 'asc' }))).toEqual(users);
      expect(idsOf(await directorySync.listUsers({ group, order: 'asc' }))).toEqual(users);
      expect(idsOf(await directorySync.listGroups({ user: users[0] ?? '' }))).toEqual([group]);
      expect(idsOf(await directorySync.listGroups({ directory: directory.id }))).toEqual([group]);
      const page = await directorySync.listUsers({ directory: directory.id, limit: 1, after: users[1] ?? '' });
      expect(idsOf(page)).toEqual([users[0]]);
      const { link } = await workos.adminPortal.generateLink({ organization: organizationId, intent: 'dsync' });
      expect(link).toMatch(/\/portal\/open#/);
    }
    expect(await statusOf(workos.directorySync.getUser('diruser_01hzyzzzzzzzzzzzzzzzzzzzzz'))).toBe(404);
    expect(await statusOf(workos.directorySync.listUsers({}))).toBe(400);
  });

  it('is listed with that of the other cells: directories, page by page', async () => {
    const ids: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await workos.directorySync.listDirectories({ limit: 1, ...(after && { after }) });
      ids.push(...idsOf(page));
      after = page.listMetadata.after ?? undefined;
      if (after === undefined) break;
    }
    expect(ids).toEqual([KEPT.directory, home.b.directory.id, home.control.directory.id]);
    const behind = await workos.directorySync.listDirectories({ after: KEPT.directory });
    expect(idsOf(behind)).toEqual(ids.slice(1));
  });

  it('is found under the ids that it had at WorkOS, and under ours', async () => {
    for (const { organization, directory, user, group } of [KEPT, imported]) {
      const place = { directoryId: KEPT.directory, organizationId: KEPT.organization };
      expect((await workos.organizations.getOrganization(organization)).id).toBe(KEPT.organization);
      expect(await workos.directorySync.getDirectory(directory)).toMatchObject({ id: KEPT.directory });
      expect(idsOf(await workos.directorySync.listDirectories({ organizationId: organization }))).toEqual([
        KEPT.directory,
      ]);
      expect(await workos.directorySync.getUser(user)).toMatchObject({ id: KEPT.user, ...place });
      expect(await workos.directorySync.getGroup(group)).toMatchObject({ id: KEPT.group, ...place });
      expect(idsOf(await workos.directorySync.listUsers({ directory }))).toEqual([KEPT.user]);
      expect(idsOf(await workos.directorySync.listUsers({ group }))).toEqual([KEPT.user]);
      const named = await workos.organizations.updateOrganization({ organization, externalId: 'kept' });
      expect(named).toMatchObject({ id: KEPT.organization, externalId: 'kept' });
      expect((await workos.adminPortal.generateLink({ organization, intent: 'dsync' })).link).toContain('#');
    }
  });
});

describe('events of several cells, through WorkOS’ SDK,', () => {
  it('are read as one, page by page, those of each directory in their order', async () => {
    const whole = await readEvents({ limit: 100 });
    for (const { directory } of Object.values(home)) {
      const organizationId = directory.organization_id;
      const own = await readEvents({ organizationId, limit: 100 });
      // Two users, a group, and its two members.
      expect(own).toHaveLength(5);
      expect(whole.filter(({ directoryId }) => directoryId === directory.id)).toEqual(own);
      expect(await readEvents({ organizationId, limit: 1 })).toEqual(own);
    }
    expect(await readEvents({ limit: 1 })).toEqual(whole);
    expect(await readEvents({ limit: 3 })).toEqual(whole);
  });

  it('are read the newest first just the same', async () => {
    const whole = await readEvents({ limit: 100 });
    const newest = await readEvents({ limit: 100, order: 'desc' });
    expect(newest.map(({ id }) => id).toSorted()).toEqual(whole.map(({ id }) => id).toSorted());
    expect(newest.map(({ id }) => id.slice(0, 32))).toEqual(
      newest
        .map(({ id }) => id.slice(0, 32))
        .toSorted()
        .toReversed(),
    );
    for (const limit of [1, 3]) expect(await readEvents({ limit, order: 'desc' })).toEqual(newest);
    for (const [index, { id }] of newest.entries()) {
      expect(await readEvents({ limit: 2, order: 'desc', after: id })).toEqual(newest.slice(index + 1));
    }
  });

  it('go on behind any event, and are none of another environment', async () => {
    const whole = await readEvents({ limit: 100 });
    for (const { id, directoryId } of whole) {
      const behind = (await readEvents({ limit: 2, after: id })).filter((event) => event.directoryId === directoryId);
      const own = whole.filter((event) => event.directoryId === directoryId);
      expect(behind).toEqual(own.slice(own.findIndex((event) => event.id === id) + 1));
    }
    const foreign = await connect(test.foreign);
    const [event] = whole;
    for (const order of ['asc', 'desc'] as const) {
      const after = event?.id ?? '';
      expect(await statusOf(foreign.events.listEvents({ events: [TYPES[0]], after, order }))).toBe(404);
    }
    expect(await statusOf(workos.events.listEvents({ events: [TYPES[0]], after: 'event_nonsense' }))).toBe(400);
  });

  it('are those of a range of time', async () => {
    const past = new Date(Date.now() - 86_400_000).toISOString();
    const future = new Date(Date.now() + 86_400_000).toISOString();
    const whole = await readEvents({ limit: 100 });
    for (const order of ['asc', 'desc'] as const) {
      expect(await readEvents({ order, rangeStart: past, rangeEnd: future })).toHaveLength(whole.length);
      expect(await readEvents({ order, rangeStart: future })).toEqual([]);
      expect(await readEvents({ order, rangeEnd: past })).toEqual([]);
    }
    expect((await workos.events.listEvents({ events: ['user.created'] })).data).toEqual([]);
  });
});

it('a key that is none, or that may not, is refused by whichever cell there is', async () => {
  const { hostname, port } = new URL(test.baseUrl);
  const wrong = new WorkOS('sk_wrong', { apiHostname: hostname, port: Number(port), https: false });
  const reader = await connect(test.api, { scopes: ['read'] });
  const { organization, directory } = home.b;
  expect(await statusOf(wrong.organizations.listOrganizations())).toBe(401);
  expect(await statusOf(wrong.organizations.getOrganization(KEPT.organization))).toBe(401);
  expect(await statusOf(wrong.events.listEvents({ events: [TYPES[0]] }))).toBe(401);
  expect(await statusOf(reader.organizations.createOrganization({ name: 'No', externalId: 'no' }))).toBe(403);
  expect(await statusOf(reader.directorySync.deleteDirectory(directory.id))).toBe(403);
  expect(await statusOf(reader.adminPortal.generateLink({ organization, intent: 'dsync' }))).toBe(403);
  // As everywhere: WorkOS' API is for clients of a whole environment.
  const limited = await connect(test.api, { organization_id: organization });
  expect(await statusOf(limited.organizations.getOrganization(organization))).toBe(403);
  expect(await statusOf(limited.organizations.listOrganizations())).toBe(403);
  expect(await statusOf(limited.events.listEvents({ events: [TYPES[0]] }))).toBe(403);
});

it('a key of another environment finds nothing of this one in any cell', async () => {
  const { organizations, directorySync, adminPortal, events } = await connect(test.foreign);
  for (const { organization, directory, users, group } of [
    ...Object.values(home).map((place) => ({ ...place, directory: place.directory.id })),
    { ...KEPT, users: [KEPT.user] },
  ]) {
    for (const call of [
      () => organizations.getOrganization(organization),
      () => organizations.updateOrganization({ organization, name: 'Mine' }),
      () => organizations.deleteOrganization(organization),
      () => adminPortal.generateLink({ organization, intent: 'dsync' }),
      () => directorySync.getDirectory(directory),
      () => directorySync.deleteDirectory(directory),
      () => directorySync.getUser(users[0] ?? ''),
      () => directorySync.getGroup(group),
      () => directorySync.listUsers({ directory }),
    ]) {
      expect([400, 404]).toContain(await statusOf(call()));
    }
    const named = events.listEvents({ events: [TYPES[0]], organizationId: organization });
    expect([400, 404]).toContain(await statusOf(named));
  }
  expect((await organizations.listOrganizations()).data).toEqual([]);
  expect((await directorySync.listDirectories()).data).toEqual([]);
  expect((await events.listEvents({ events: [TYPES[0]] })).data).toEqual([]);
});

describe('a cell that is away', () => {
  beforeAll(() => test.proxy.setFault({ kind: 'refuse' }));

  it('has what is its own answered 503, and what may be; others are answered', async () => {
    expect(await statusOf(workos.organizations.getOrganization(home.b.organization))).toBe(503);
    expect(await statusOf(workos.directorySync.listUsers({ directory: home.b.directory.id }))).toBe(503);
    expect(await statusOf(workos.organizations.getOrganization(home.control.organization))).toBeNull();
    expect(await statusOf(workos.directorySync.getUser(home.control.users[0] ?? ''))).toBeNull();
    expect(await statusOf(workos.directorySync.getUser(home.b.users[0] ?? ''))).toBe(503);
    expect(await statusOf(workos.organizations.getOrganizationByExternalId('at-b'))).toBe(503);
  });

  it('has no list be answered that cannot say what is missing', async () => {
    expect(await statusOf(workos.organizations.listOrganizations())).toBe(503);
    expect(await statusOf(workos.directorySync.listDirectories())).toBe(503);
    expect(await statusOf(workos.events.listEvents({ events: [TYPES[0]], order: 'desc' }))).toBe(503);
  });

  it('keeps its place among the events, which a reader who goes on gets when it is back', async () => {
    const without = await workos.events.listEvents({ events: [...TYPES], limit: 100 });
    expect(without.data).toHaveLength(5);
    const { after } = without.listMetadata;
    await test.proxy.setFault({ kind: 'pass' });
    await test.whenJoined();
    const rest = await waitUntil(async () => {
      const events = await readEvents({ ...(after && { after }) });
      return events.length > 0 ? events : null;
    });
    expect(rest.filter(({ directoryId }) => directoryId === home.b.directory.id)).toHaveLength(5);
    expect(rest.filter(({ directoryId }) => directoryId === home.control.directory.id)).toEqual([]);
  });
});

describe('an organization that was moved', () => {
  beforeAll(async () => {
    const { organization, scim } = home.control;
    await test.move(organization, 'b');
    await waitUntil(async () => (await scim.call('GET', '/Users')).status === 200);
    home.control.cell = 'b';
    home.control.users.push(`diruser_${await test.addPerson(home.control)}`);
    await test.move(imported.organization, 'control');
  });

  it('is found with everything that it has', async () => {
    const { organization: organizationId, directory, users, group } = home.control;
    const { directorySync } = workos;
    expect((await workos.organizations.getOrganization(organizationId)).externalId).toBe('at-control');
    expect((await workos.organizations.getOrganizationByExternalId('at-control')).id).toBe(organizationId);
    expect(idsOf(await directorySync.listDirectories({ organizationId }))).toEqual([directory.id]);
    expect(idsOf(await directorySync.listUsers({ directory: directory.id, order: 'asc' }))).toEqual(users);
    expect(idsOf(await directorySync.listUsers({ group, order: 'asc' }))).toEqual(users.slice(0, 2));
    expect(await directorySync.getUser(users[0] ?? '')).toMatchObject({ directoryId: directory.id });
    const listed = idsOf(await workos.organizations.listOrganizations({ limit: 100 }));
    expect(listed.filter((id) => id === organizationId)).toHaveLength(1);
  });

  it('is found by the ids that it had at WorkOS', async () => {
    expect((await workos.organizations.getOrganization(KEPT.organization)).id).toBe(KEPT.organization);
    expect(idsOf(await workos.directorySync.listUsers({ directory: KEPT.directory }))).toEqual([KEPT.user]);
    expect((await workos.directorySync.getUser(KEPT.user)).id).toBe(KEPT.user);
  });

  it('has the events of both its cells, each once and in order', async () => {
    const { organization: organizationId, directory, users } = home.control;
    const own = await readEvents({ organizationId, limit: 100 });
    expect(own).toHaveLength(6);
    for (const limit of [1, 2]) {
      expect(await readEvents({ organizationId, limit })).toEqual(own);
      const whole = await readEvents({ limit });
      expect(whole.filter(({ directoryId }) => directoryId === directory.id)).toEqual(own);
      expect(await readEvents({ organizationId, limit, order: 'desc' })).toHaveLength(own.length);
    }
    const { data } = await workos.events.listEvents({ events: [TYPES[0]], organizationId, limit: 100 });
    expect(data.map((event) => (event.data as { id?: string }).id)).toEqual(users);
  });

  it('is deleted where it is', async () => {
    const { organization, directory } = home.control;
    await workos.directorySync.deleteDirectory(directory.id);
    expect(await statusOf(workos.directorySync.getDirectory(directory.id))).toBe(404);
    await workos.organizations.deleteOrganization(organization);
    expect(await statusOf(workos.organizations.getOrganization(organization))).toBe(404);
    await workos.organizations.deleteOrganization(KEPT.organization);
    expect(await statusOf(workos.organizations.getOrganization(KEPT.organization))).toBe(404);
  });
});

import { createTestDatabase } from '@rollcall/testing';
import { DomainDataState, WorkOS } from '@workos-inc/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import type { DirectoryItem } from '../management/directories/directory.dto';
import { drain } from '../management/testing/drain.test-support';
import { startApi } from '../management/testing/start-api';
import type { ScimClient, TestApi } from '../management/testing/start-api';

const PEOPLE = ['ann', 'bob', 'cid', 'dan', 'eve'];

let test: TestApi;
let workos: WorkOS;
let foreign: WorkOS;
let organizationId: string;
let directory: DirectoryItem;
let scim: ScimClient;
/** Public ids by first name. */
const ids = new Map<string, string>();
let groupId: string;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  workos = await connect(test.api);
  foreign = await connect(test.foreign);
  const organization = await workos.organizations.createOrganization({ name: 'Acme', externalId: 'acme' });
  organizationId = organization.id;
  directory = await test.newDirectory(organizationId);
  scim = await test.newScim(directory);
  for (const name of PEOPLE) {
    const { body } = await scim.call('POST', '/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: `${name}@acme.test`,
      externalId: `idp-${name}`,
      name: { givenName: name, familyName: 'Doe' },
      title: 'Clerk',
      emails: [{ value: `${name}@acme.test`, type: 'work', primary: true }],
      active: true,
    });
    ids.set(name, `diruser_${body.id}`);
  }
  const { body: group } = await scim.call('POST', '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'Staff',
    members: ['ann', 'bob', 'cid'].map((name) => ({ value: idOf(name).slice(8) })),
  });
  groupId = `dirgroup_${group.id}`;
  await drain(test.database.appUrl, directory.id);
});

afterAll(() => test?.stop());

function idOf(name: string): string {
  return ids.get(name) ?? '';
}

/** An SDK with the key of a client of its own, made by one that there is. */
async function connect(api: TestApi['api'], scopes = ['read', 'write']): Promise<WorkOS> {
  const { body } = await api.call<{ api_key: string }>('POST', '/api_clients', { name: 'WorkOS SDK', scopes });
  return connectWith(body.api_key);
}

function connectWith(key: string): WorkOS {
  const { hostname, port } = new URL(test.ingress.baseUrl);
  return new WorkOS(key, { apiHostname: hostname, port: Number(port), https: false });
}

const status = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return (error as { status?: number } | null)?.status ?? null;
};

describe('organizations', () => {
  it('are made, found by either id, changed, listed newest first and deleted', async () => {
    const made = await workos.organizations.createOrganization({
      name: 'Globex',
      externalId: 'globex',
      metadata: { plan: 'pro' },
      domainData: [{ domain: 'globex.test', state: DomainDataState.Pending }],
    });
    expect(made).toMatchObject({ object: 'organization', name: 'Globex', externalId: 'globex', domains: [] });
    expect(await workos.organizations.getOrganization(made.id)).toEqual(made);
    expect(await workos.organizations.getOrganizationByExternalId('globex')).toEqual(made);
    const changed = await workos.organizations.updateOrganization({ organization: made.id, name: 'Globex Inc.' });
    expect(changed).toMatchObject({ name: 'Globex Inc.', metadata: { plan: 'pro' } });
    const { data } = await workos.organizations.listOrganizations();
    expect(data.map(({ name }) => name)).toEqual(['Globex Inc.', 'Acme']);
    await workos.organizations.deleteOrganization(made.id);
    await expect(workos.organizations.getOrganization(made.id)).rejects.toMatchObject({
      status: 404,
      code: 'organization_not_found',
    });
  });

  it('are made once for an idempotency key', async () => {
    const make = () => workos.organizations.createOrganization({ name: 'Initech' }, { idempotencyKey: 'initech-1' });
    const made = await make();
    expect(await make()).toEqual(made);
    await workos.organizations.deleteOrganization(made.id);
  });

  it('are refused by the fields that are wrong, and as taken when the external id is', async () => {
    await expect(workos.organizations.createOrganization({ name: '' })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors: [{ field: 'name', problem: expect.stringContaining('1 to 200') as string }],
    });
    const again = workos.organizations.createOrganization({ name: 'Acme', externalId: 'acme' });
    await expect(again).rejects.toMatchObject({ status: 409 });
  });

  it('are in the audit log under the name of the client', async () => {
    const { body } = await test.api.call<{ entries: { action: string; actor: { name: string } }[] }>(
      'GET',
      `/audit_log?target_id=${organizationId}&action=organization.created`,
    );
    expect(body.entries).toMatchObject([{ action: 'organization.created', actor: { name: 'WorkOS SDK' } }]);
  });
});

describe('a link to the portal', () => {
  it('is made for Directory Sync and no other intent', async () => {
    const { link } = await workos.adminPortal.generateLink({ organization: organizationId, intent: 'dsync' });
    expect(link).toMatch(/\/portal\/open#/);
    const other = workos.adminPortal.generateLink({ organization: organizationId, intent: 'sso' });
    await expect(other).rejects.toMatchObject({ status: 400, message: expect.stringContaining('dsync') as string });
  });

  it('is refused while Directory Sync is off', async () => {
    const organization = await test.newOrganization(false);
    const link = workos.adminPortal.generateLink({ organization, intent: 'dsync' });
    await expect(link).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Directory Sync') as string,
    });
  });
});

describe('directories', () => {
  it('are listed of all organizations or one, and found by their id alone', async () => {
    const expected = { id: directory.id, type: 'okta scim v2.0', state: 'active', organizationId };
    expect((await workos.directorySync.listDirectories({ organizationId })).data).toMatchObject([expected]);
    expect(await workos.directorySync.getDirectory(directory.id)).toMatchObject(expected);
    const another = await test.newDirectory();
    expect((await workos.directorySync.listDirectories()).data.map(({ id }) => id)).toEqual([another.id, directory.id]);
    await workos.directorySync.deleteDirectory(another.id);
    expect(await status(workos.directorySync.getDirectory(another.id))).toBe(404);
  });
});

describe('users and groups', () => {
  it('are found by their id alone, a user with the groups', async () => {
    const group = { id: groupId, name: 'Staff', directoryId: directory.id, organizationId, rawAttributes: {} };
    expect(await workos.directorySync.getUser(idOf('ann'))).toMatchObject({
      object: 'directory_user',
      directoryId: directory.id,
      idpId: 'idp-ann',
      firstName: 'ann',
      lastName: 'Doe',
      email: 'ann@acme.test',
      state: 'active',
      customAttributes: { job_title: 'Clerk', username: 'ann@acme.test' },
      rawAttributes: {},
      groups: [group],
    });
    expect(await workos.directorySync.getGroup(groupId)).toMatchObject(group);
    expect(await status(workos.directorySync.getUser(groupId))).toBe(404);
    expect(await status(workos.directorySync.getGroup(idOf('ann').replace('diruser', 'dirgroup')))).toBe(404);
  });

  it('are listed of a directory, of a group and of a user', async () => {
    const names = async (options: object) =>
      (await workos.directorySync.listUsers(options)).data.map(({ firstName }) => firstName);
    expect(await names({ directory: directory.id })).toEqual(PEOPLE.toReversed());
    expect(await names({ directory: directory.id, order: 'asc' })).toEqual(PEOPLE);
    expect(await names({ group: groupId })).toEqual(['cid', 'bob', 'ann']);
    expect(await names({ group: groupId, directory: directory.id, order: 'asc' })).toEqual(['ann', 'bob', 'cid']);
    const groupsOf = async (options: object) =>
      (await workos.directorySync.listGroups(options)).data.map(({ id }) => id);
    expect(await groupsOf({ directory: directory.id })).toEqual([groupId]);
    expect(await groupsOf({ user: idOf('ann') })).toEqual([groupId]);
    expect(await groupsOf({ user: idOf('eve') })).toEqual([]);
    expect(await status(workos.directorySync.listUsers({}))).toBe(400);
  });

  it.each(['asc', 'desc'] as const)(
    'are paged %s in both directions, and to the end by the SDK itself',
    async (order) => {
      const page = (cursor: object) =>
        workos.directorySync.listUsers({ directory: directory.id, limit: 2, order, ...cursor });
      const expected = order === 'asc' ? PEOPLE : PEOPLE.toReversed();
      const first = await page({});
      const second = await page({ after: first.listMetadata.after });
      const third = await page({ after: second.listMetadata.after });
      const pages = [first, second, third].map(({ data }) => data.map(({ firstName }) => firstName));
      expect(pages).toEqual([expected.slice(0, 2), expected.slice(2, 4), expected.slice(4)]);
      expect([first.listMetadata.before ?? null, third.listMetadata.after ?? null]).toEqual([null, null]);
      const back = await page({ before: third.listMetadata.before });
      expect(back.data).toEqual(second.data);
      const all = await workos.directorySync.listUsers({ directory: directory.id, order });
      expect((await all.autoPagination()).map(({ firstName }) => firstName)).toEqual(expected);
    },
  );

  it('are those of the directory that is asked for, whatever the cursor is of', async () => {
    const other = await test.newDirectory();
    const elsewhere = await test.newScim(other);
    const { body } = await elsewhere.call('POST', '/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'zoe@other.test',
    });
    const asked = { directory: directory.id, after: `diruser_${body.id}` };
    const { data } = await workos.directorySync.listUsers(asked);
    expect(new Set(data.map(({ directoryId }) => directoryId))).toEqual(new Set([directory.id]));
    expect(await status(workos.directorySync.listUsers({ ...asked, after: groupId }))).toBe(400);
    expect(await status(workos.directorySync.listUsers({ directory: other.id, group: groupId }))).toBe(404);
  });
});

describe('events', () => {
  const types = ['dsync.user.created', 'dsync.group.created', 'dsync.group.user_added'] as const;

  const readAll = async (options: object) => {
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await workos.events.listEvents({ events: [...types], organizationId, limit: 2, after, ...options });
      seen.push(...page.data.map(({ event, id }) => `${event} ${id}`));
      after = page.listMetadata.after ?? undefined;
      if (after === undefined) return seen;
    }
  };

  it('are read by pages that go on within an event of ours', async () => {
    const seen = await readAll({});
    expect(seen.map((one) => one.split(' ')[0])).toEqual([
      ...PEOPLE.map(() => 'dsync.user.created'),
      'dsync.group.created',
      ...['ann', 'bob', 'cid'].map(() => 'dsync.group.user_added'),
    ]);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('are read the newest first just the same', async () => {
    expect(await readAll({ order: 'desc' })).toEqual((await readAll({})).toReversed());
  });

  it('are those of a range of time', async () => {
    const past = new Date(Date.now() - 86_400_000).toISOString();
    const future = new Date(Date.now() + 86_400_000).toISOString();
    for (const order of ['asc', 'desc'] as const) {
      const count = async (range: object) =>
        (await workos.events.listEvents({ events: [types[0]], order, ...range })).data.length;
      expect(await count({ rangeStart: past, rangeEnd: future })).toBe(PEOPLE.length);
      expect(await count({ rangeStart: future })).toBe(0);
      expect(await count({ rangeEnd: past })).toBe(0);
    }
  });

  it('of what there is not here are none, and a cursor of elsewhere is refused', async () => {
    expect((await workos.events.listEvents({ events: ['user.created'] })).data).toEqual([]);
    const after = 'event_01FKJ843CVE8F7BXQSPFH0M53V';
    expect(await status(workos.events.listEvents({ events: [types[0]], after }))).toBe(400);
  });
});

describe('a key', () => {
  it('that is wrong is refused with 401, and one that may only read changes nothing', async () => {
    expect(await status(connectWith('sk_wrong').organizations.listOrganizations())).toBe(401);
    const reader = await connect(test.api, ['read']);
    expect(await status(reader.organizations.listOrganizations())).toBeNull();
    expect(await status(reader.organizations.createOrganization({ name: 'No' }))).toBe(403);
    expect(await status(reader.directorySync.deleteDirectory(directory.id))).toBe(403);
    expect(await status(reader.adminPortal.generateLink({ organization: organizationId, intent: 'dsync' }))).toBe(403);
  });

  it('of another environment finds nothing of this one', async () => {
    const { directorySync, organizations, adminPortal, events } = foreign;
    const [{ id: eventId } = { id: '' }] = (await workos.events.listEvents({ events: ['dsync.user.created'] })).data;
    for (const call of [
      () => organizations.getOrganization(organizationId),
      () => organizations.getOrganizationByExternalId('acme'),
      () => organizations.deleteOrganization(organizationId),
      () => adminPortal.generateLink({ organization: organizationId, intent: 'dsync' }),
      () => directorySync.getDirectory(directory.id),
      () => directorySync.deleteDirectory(directory.id),
      () => directorySync.listDirectories({ organizationId }),
      () => directorySync.getUser(idOf('ann')),
      () => directorySync.getGroup(groupId),
      () => directorySync.listUsers({ directory: directory.id }),
      () => directorySync.listUsers({ group: groupId }),
      () => directorySync.listGroups({ user: idOf('ann') }),
      () => events.listEvents({ events: ['dsync.user.created'], organizationId }),
      () => events.listEvents({ events: ['dsync.user.created'], after: eventId }),
      () => events.listEvents({ events: ['dsync.user.created'], after: eventId, order: 'desc' }),
    ]) {
      expect(await status(call())).toBe(404);
    }
    expect((await directorySync.listDirectories()).data).toEqual([]);
    expect((await events.listEvents({ events: ['dsync.user.created'] })).data).toEqual([]);
  });
});

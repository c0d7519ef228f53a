import { createTestDatabase, waitUntil } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import { runAsAdmin } from '../../testing/seed-directory';
import type { DirectoryItem } from '../directories/directory.dto';
import type { RequestList } from '../requests/request.dto';
import { drain } from '../testing/drain.test-support';
import { pathOf, startApi } from '../testing/start-api';
import type { ScimClient, TestApi } from '../testing/start-api';
import type { PersonFindingAnswer, UserExplanationAnswer } from './explain.dto';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => test?.stop());

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

async function start(): Promise<{ directory: DirectoryItem; scim: ScimClient }> {
  const directory = await test.newDirectory();
  return { directory, scim: await test.newScim(directory) };
}

const drained = (directory: DirectoryItem) => drain(test.database.appUrl, directory.id);

async function explain(directory: DirectoryItem, userId: string): Promise<UserExplanationAnswer> {
  const path = `${pathOf(directory)}/users/diruser_${userId}:explain`;
  return (await test.api.call<UserExplanationAnswer>('GET', path)).body;
}

/** Ids of a directory's requests once there are so many, oldest first. */
async function requestsOf(directory: DirectoryItem, count: number): Promise<string[]> {
  let ids: string[] = [];
  await waitUntil(async () => {
    const { body } = await test.api.call<RequestList>('GET', `${pathOf(directory)}/requests`);
    ids = body.requests.map(({ id }) => id).toReversed();
    return ids.length >= count;
  });
  return ids;
}

describe('a user', () => {
  it('is explained value by value: from which attribute, when and by which request', async () => {
    const { directory, scim } = await start();
    const { body } = await scim.call('POST', '/Users', {
      userName: 'ann@acme.test',
      emails: [
        { value: 'home@acme.test', type: 'home' },
        { value: 'work@acme.test', type: 'work' },
      ],
      name: { givenName: 'Ann', familyName: 'Ab' },
    });
    await drained(directory);
    const change = { schemas: [PATCH], Operations: [{ op: 'replace', path: 'title', value: 'CEO' }] };
    await scim.call('PATCH', `/Users/${body.id}`, change);
    await drained(directory);
    const [made, changed] = await requestsOf(directory, 2);
    const { fields, ...rest } = await explain(directory, body.id);
    const field = (name: string) => fields.find((one) => one.field === name);
    expect(field('email')).toMatchObject({
      value: 'work@acme.test',
      scim_path: 'emails[type eq "work"].value',
      request_id: made,
    });
    expect(field('name')).toMatchObject({
      value: 'Ann Ab',
      scim_path: 'name.givenName, name.familyName',
      request_id: made,
    });
    expect(field('title')).toMatchObject({ value: 'CEO', scim_path: 'title', request_id: changed });
    expect(field('department')).toMatchObject({ value: null, scim_path: null, time: null, request_id: null });
    expect(rest).toMatchObject({ published: true, pending: false, roles: [], memberships: [], held: null });
  });

  it('has its roles explained by the group, attribute or default that gives them, and its groups by the request', async () => {
    const { directory, scim } = await start();
    for (const role_name of ['admin', 'editor', 'viewer']) await test.api.call('POST', '/roles', { role_name });
    const ann = await scim.call('POST', '/Users', { userName: 'ann@acme.test', roles: [{ value: 'editor' }] });
    const bob = await scim.call('POST', '/Users', { userName: 'bob@acme.test' });
    const group = await scim.call('POST', '/Groups', { displayName: 'Admins' });
    const add = { schemas: [PATCH], Operations: [{ op: 'add', path: 'members', value: [{ value: ann.body.id }] }] };
    await scim.call('PATCH', `/Groups/${group.body.id}`, add);
    await test.api.call('PUT', `${pathOf(directory)}/groups/-/roles:assign`, {
      assignments: [{ group_id: `dirgroup_${group.body.id}`, role_name: 'admin' }],
    });
    await test.api.call('PATCH', '/roles:set_defaults', { default_member: { role_name: 'viewer' } });
    await drained(directory);
    const requests = await requestsOf(directory, 4);
    const { roles, memberships } = await explain(directory, ann.body.id);
    const admins = { id: `dirgroup_${group.body.id}`, name: 'Admins' };
    expect(roles).toEqual([
      { role_name: 'editor', source: 'attribute', scim_path: 'roles', groups: [] },
      { role_name: 'admin', source: 'group', scim_path: null, groups: [admins] },
    ]);
    expect(memberships).toMatchObject([{ group_id: admins.id, name: 'Admins', request_id: requests[3] }]);
    expect((await explain(directory, bob.body.id)).roles).toEqual([
      { role_name: 'viewer', source: 'default', scim_path: null, groups: [] },
    ]);
    await test.api.call('PATCH', '/roles:set_defaults', { default_member: null });
  });

  it('is explained as far back as its newest events go that are not much to read together', async () => {
    const { directory, scim } = await start();
    const { body } = await scim.call('POST', '/Users', { userName: 'ann@acme.test' });
    await drained(directory);
    const change = { schemas: [PATCH], Operations: [{ op: 'replace', path: 'title', value: 'CEO' }] };
    await scim.call('PATCH', `/Users/${body.id}`, change);
    await drained(directory);
    const timeOf = async (name: string) =>
      (await explain(directory, body.id)).fields.find(({ field }) => field === name)?.time;
    expect([await timeOf('title'), await timeOf('preferred_username')]).toEqual([
      expect.any(String),
      expect.any(String),
    ]);
    const pad = `UPDATE events SET body = left(body, -1) || ',"pad":"' || repeat('x', 8400000) || '"}'
      WHERE resource_id = $1 AND type LIKE '%.user_created'`;
    await runAsAdmin(test.database.adminUrl, [[pad, [body.id]]]);
    expect([await timeOf('title'), await timeOf('preferred_username')]).toEqual([expect.any(String), null]);
  });

  it('is 404 where it is not', async () => {
    const { directory } = await start();
    const other = await start();
    const { body } = await other.scim.call('POST', '/Users', { userName: 'ann@acme.test' });
    const path = `${pathOf(directory)}/users/diruser_${body.id}:explain`;
    expect((await test.api.call('GET', path)).status).toBe(404);
  });
});

describe('a person by name', () => {
  const find = async (directory: DirectoryItem, name: string) => {
    const path = `${pathOf(directory)}/users:find?name=${encodeURIComponent(name)}`;
    return (await test.api.call<PersonFindingAnswer>('GET', path)).body;
  };

  it('is here, inactive, was deleted, refused, only looked up or never sent', async () => {
    const { directory, scim } = await start();
    await scim.call('POST', '/Users', { userName: 'Here@acme.test', emails: [{ value: 'mail@acme.test' }] });
    await scim.call('POST', '/Users', { userName: 'inactive@acme.test', active: false });
    const gone = await scim.call('POST', '/Users', { userName: 'gone@acme.test' });
    await scim.call('DELETE', `/Users/${gone.body.id}`);
    await scim.call('POST', '/Users', { userName: 'refused@acme.test', name: 'no object' });
    await scim.call('GET', `/Users?filter=${encodeURIComponent('userName eq "looked@acme.test"')}`);
    await requestsOf(directory, 6);
    await drained(directory);
    expect((await find(directory, 'here@ACME.test')).verdict).toBe('present');
    expect((await find(directory, 'mail@acme.test')).verdict).toBe('present');
    expect((await find(directory, 'inactive@acme.test')).verdict).toBe('inactive');
    expect(await find(directory, 'gone@acme.test')).toMatchObject({
      verdict: 'deleted',
      user_id: `diruser_${gone.body.id}`,
    });
    expect(await find(directory, 'refused@acme.test')).toMatchObject({
      verdict: 'refused',
      user_id: null,
      requests: [{ status: 400, scim_type: 'invalidValue' }],
    });
    expect((await find(directory, 'looked@acme.test')).verdict).toBe('looked_up');
    expect(await find(directory, 'never@acme.test')).toEqual({ verdict: 'never_sent', user_id: null, requests: [] });
  });
});

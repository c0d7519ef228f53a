import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import type { DirectoryItem } from '../directories/directory.dto';
import { drain } from '../testing/drain.test-support';
import { pathOf, startApi } from '../testing/start-api';
import type { ScimClient, TestApi } from '../testing/start-api';
import type { GroupAnswer, GroupList, GroupSummaryList, MemberList, UserAnswer, UserList } from './people.dto';

let test: TestApi;
let directory: DirectoryItem;
let scim: ScimClient;
const ids: Record<string, string> = {};

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  directory = await test.newDirectory();
  scim = await test.newScim(directory);
  for (const name of ['ada', 'grace', 'linus', 'margaret', 'dennis']) {
    const { body } = await scim.call('POST', '/Users', {
      userName: `${name}@acme.example`,
      externalId: `00u-${name}`,
      name: { givenName: name, familyName: 'X' },
      active: true,
      nonsense: { kept: true },
    });
    ids[name] = `diruser_${body.id}`;
  }
  for (const [group, members] of [
    ['Engineers', ['ada', 'grace', 'linus']],
    ['Empty', []],
  ] as const) {
    const { body } = await scim.call('POST', '/Groups', {
      displayName: group,
      members: members.map((name) => ({ value: ids[name]?.slice(8) })),
    });
    ids[group] = `dirgroup_${body.id}`;
  }
});

afterAll(() => test.stop());

const get = async <Body>(path: string) => (await test.api.call<Body>('GET', `${pathOf(directory)}${path}`)).body;

describe('users', () => {
  it('are listed as their events tell them, with times and without raw_attributes', async () => {
    const { users, total_size } = await get<UserList>('/users');
    expect(total_size).toBe(5);
    expect(users[0]).toEqual({
      id: ids['ada'],
      organization_id: directory.organization_id,
      directory_id: directory.id,
      dp_id: '00u-ada',
      preferred_username: 'ada@acme.example',
      email: 'ada@acme.example',
      emails: [],
      active: true,
      name: 'ada X',
      given_name: 'ada',
      family_name: 'X',
      nickname: null,
      picture: null,
      phone_number: null,
      address: null,
      title: null,
      user_type: null,
      department: null,
      division: null,
      cost_center: null,
      employee_id: null,
      organization: null,
      manager: null,
      profile: null,
      language: null,
      locale: null,
      zoneinfo: null,
      groups: [{ id: ids['Engineers'], name: 'Engineers', display_name: 'Engineers' }],
      roles: [],
      custom_attributes: {},
      create_time: expect.stringMatching(/Z$/),
      update_time: expect.stringMatching(/Z$/),
      updated_at: users[0]?.update_time,
    });
  });

  it('come with raw_attributes when asked for', async () => {
    const { users } = await get<UserList>('/users?include_detail=true');
    expect(users[0]?.raw_attributes).toMatchObject({ userName: 'ada@acme.example', nonsense: { kept: true } });
    const { user } = await get<UserAnswer>(`/users/${ids['ada']}?include_detail=true`);
    expect(user).toEqual(users[0]);
    expect((await get<UserAnswer>(`/users/${ids['ada']}`)).user).not.toHaveProperty('raw_attributes');
  });

  it('and groups come with their details where Scalekit’s API has them, when asked for', async () => {
    const { user } = await get<UserAnswer>(`/users/${ids['ada']}`);
    const { updated_at: _updatedAt, ...plain } = user;
    const { user: whole } = await get<UserAnswer>(`/users/${ids['ada']}?include_detail=true`);
    expect(whole.user_detail).toEqual({ ...plain, groups: [{ id: ids['Engineers'], name: 'Engineers' }] });
    const { groups: wholeGroups } = await get<GroupList>('/groups?include_detail=true');
    const { groups: short } = await get<GroupList>('/groups');
    expect(short.map(({ updated_at }) => updated_at)).toEqual(short.map(({ update_time }) => update_time));
    expect(wholeGroups.map(({ group_detail }) => group_detail)).toEqual(
      short.map(({ updated_at: _at, ...rest }) => rest),
    );
    expect(user).not.toHaveProperty('user_detail');
    expect(short[0]).not.toHaveProperty('group_detail');
  });

  it('of a group, by directory_group_id and as its members', async () => {
    const { users, total_size } = await get<UserList>(`/users?directory_group_id=${ids['Engineers']}`);
    expect(users.map(({ id }) => id)).toEqual([ids['ada'], ids['grace'], ids['linus']]);
    expect(total_size).toBe(3);
    const first = await get<MemberList>(`/groups/${ids['Engineers']}/members?page_size=2`);
    expect([first.members.length, first.total_size, first.prev_page_token]).toEqual([2, 3, '']);
    const rest = await get<MemberList>(
      `/groups/${ids['Engineers']}/members?page_size=2&page_token=${first.next_page_token}`,
    );
    expect(rest.members.map(({ id }) => id)).toEqual([ids['linus']]);
    expect((await get<MemberList>(`/groups/${ids['Empty']}/members`)).members).toEqual([]);
  });

  it('changed after a time, in the order of their changes, in pages', async () => {
    const { user } = await get<UserAnswer>(`/users/${ids['dennis']}`);
    for (const name of ['grace', 'ada']) {
      const change = { op: 'replace', path: 'title', value: 'Dr' };
      const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
      await scim.call('PATCH', `/Users/${ids[name]?.slice(8)}`, { schemas, Operations: [change] });
    }
    const after = `updated_after=${user.update_time}`;
    const { users, total_size } = await get<UserList>(`/users?${after}`);
    expect(users.map(({ id }) => id)).toEqual([ids['grace'], ids['ada']]);
    expect(total_size).toBe(2);
    const first = await get<UserList>(`/users?page_size=1&${after}`);
    const second = await get<UserList>(`/users?page_size=1&${after}&page_token=${first.next_page_token}`);
    expect(second.users.map(({ id }) => id)).toEqual([ids['ada']]);
    expect(second.next_page_token).toBe('');
    const back = await get<UserList>(`/users?page_size=1&${after}&page_token=${second.prev_page_token}`);
    expect(back.users.map(({ id }) => id)).toEqual([ids['grace']]);
  });

  it.each(['include_detail=yes', 'updated_after=yesterday', 'directory_group_id=x', 'query=ada', 'page_size=1000'])(
    'refuse %s with 400',
    async (query) => {
      expect((await test.api.call('GET', `${pathOf(directory)}/users?${query}`)).status).toBe(400);
    },
  );

  it('that are not there are 404, and so are those of another directory', async () => {
    const other = await test.newDirectory();
    expect((await test.api.call('GET', `${pathOf(other)}/users/${ids['ada']}`)).status).toBe(404);
    expect((await test.api.call('GET', `${pathOf(other)}/groups/${ids['Engineers']}`)).status).toBe(404);
    expect((await test.api.call('GET', `${pathOf(other)}/groups/${ids['Engineers']}/members`)).status).toBe(404);
    const path = `/users?directory_group_id=${ids['Engineers']}`;
    expect((await test.api.call('GET', `${pathOf(other)}${path}`)).status).toBe(404);
    expect((await test.api.call('GET', `${pathOf(directory)}/users/nobody`)).status).toBe(404);
  });
});

describe('groups', () => {
  it('are listed with the number of their users, before and after they are published', async () => {
    const shown = async () =>
      (await get<GroupList>('/groups')).groups.map(({ display_name, total_users }) => [display_name, total_users]);
    const expected = [
      ['Engineers', 3],
      ['Empty', 0],
    ];
    expect(await shown()).toEqual(expected);
    await drain(test.database.appUrl, directory.id);
    expect(await shown()).toEqual(expected);
  });

  it('are summarized, page by page', async () => {
    const { groups: whole } = await get<GroupList>('/groups');
    const short = whole.map(({ id, display_name, total_users, updated_at }) => ({
      id,
      display_name,
      total_users,
      updated_at,
    }));
    expect(await get('/groups/summary')).toEqual({
      groups: short,
      total_size: 2,
      next_page_token: '',
      prev_page_token: '',
    });
    const first = await get<GroupSummaryList>('/groups/summary?page_size=1');
    const second = await get<GroupSummaryList>(`/groups/summary?page_size=1&page_token=${first.next_page_token}`);
    expect([...first.groups, ...second.groups]).toEqual(short);
    expect((await test.foreign.call('GET', `${pathOf(directory)}/groups/summary`)).status).toBe(404);
  });

  it('are found one by one', async () => {
    const { group } = await get<GroupAnswer>(`/groups/${ids['Engineers']}?include_detail=true`);
    expect(group).toMatchObject({
      id: ids['Engineers'],
      display_name: 'Engineers',
      total_users: 3,
      raw_attributes: { displayName: 'Engineers' },
    });
  });
});

describe('the counts of a directory', () => {
  it('are right before and after its changes are drained', async () => {
    const fresh = await test.newDirectory();
    const client = await test.newScim(fresh);
    const { body } = await client.call('POST', '/Users', { userName: 'a' });
    await client.call('POST', '/Users', { userName: 'b' });
    await client.call('POST', '/Groups', { displayName: 'g' });
    await client.call('DELETE', `/Users/${body.id}`);
    const read = async () => (await test.api.call<{ directory: DirectoryItem }>('GET', pathOf(fresh))).body.directory;
    const before = await read();
    expect(before).toMatchObject({ total_users: 1, total_groups: 1, last_synced_at: expect.any(String) });
    await drain(test.database.appUrl, fresh.id);
    expect(await read()).toMatchObject({
      total_users: 1,
      total_groups: 1,
      last_synced_at: before.last_synced_at,
    });
  });
});

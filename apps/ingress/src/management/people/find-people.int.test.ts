import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import type { DirectoryItem } from '../directories/directory.dto';
import { drain } from '../testing/drain.test-support';
import { pathOf, startApi } from '../testing/start-api';
import type { ScimClient, TestApi } from '../testing/start-api';
import type { GroupList, MemberList, UserList } from './people.dto';

let test: TestApi;
let directory: DirectoryItem;
let scim: ScimClient;
const ids: Record<string, string> = {};

const PEOPLE = [
  { given: 'Søren', family: 'Østergård', externalId: '00uSoren1', active: true },
  { given: 'Grace', family: 'Vidal', externalId: '00uGrace2', active: true },
  { given: 'Ada', family: 'Vidal-Hopper', externalId: '00uAda3', active: false },
  { given: 'Zoë', family: 'Ng', externalId: '00uZoe4', active: true },
];

const nameOf = ({ given, family }: { given: string; family: string }) => `${given} ${family}`;
const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  for (const role_name of ['admin', 'member']) await test.api.call('POST', '/roles', { role_name });
  directory = await test.newDirectory();
  scim = await test.newScim(directory);
  for (const person of PEOPLE) {
    const { given, family, externalId, active } = person;
    const address = `${plain(given)}.${plain(family)}@acme.example`;
    const { body } = await scim.call('POST', '/Users', {
      userName: address,
      externalId,
      active,
      name: { givenName: given, familyName: family },
      displayName: nameOf(person),
      emails: [{ value: address, primary: true }],
    });
    ids[given] = body.id;
  }
  for (const [displayName, externalId, members] of [
    ['Équipe Paris', '00gParis', ['Grace', 'Ada']],
    ['Chiefs', '00gChiefs', ['Søren']],
  ] as const) {
    const { body } = await scim.call('POST', '/Groups', {
      displayName,
      externalId,
      members: members.map((name) => ({ value: ids[name] })),
    });
    ids[displayName] = `dirgroup_${body.id}`;
  }
  await test.api.call('PUT', `${pathOf(directory)}/groups/-/roles:assign`, {
    assignments: [{ group_id: ids['Chiefs'], role_name: 'admin' }],
  });
  await drain(test.database.appUrl, directory.id);
});

afterAll(() => test.stop());

const get = async <Body>(path: string) => (await test.api.call<Body>('GET', `${pathOf(directory)}${path}`)).body;

async function find(query: string): Promise<{ names: (string | null)[]; total: number }> {
  const { users, total_size: total } = await get<UserList>(`/users?${query}`);
  return { names: users.map(({ given_name }) => given_name), total };
}

describe('a search', () => {
  it.each([
    ['Vidal Grace', ['Grace']],
    ['grace vidal', ['Grace']],
    ['vidal', ['Grace', 'Ada']],
    ['hopper', ['Ada']],
    ['Soren', ['Søren']],
    ['ostergard', ['Søren']],
    ['ØSTERGÅRD', ['Søren']],
    ['zoe ng', ['Zoë']],
    ['00uAda3', ['Ada']],
    ['00uada', ['Ada']],
    ['grace.vidal@acme.example', ['Grace']],
    ['@acme.example', ['Søren', 'Grace', 'Ada', 'Zoë']],
    ['idal', []],
    ['%', []],
    ['vidal nobody', []],
  ])('for %j finds %j', async (text, names) => {
    const found = await find(`search=${encodeURIComponent(text)}`);
    expect(found).toEqual({ names, total: names.length });
  });

  it.each([
    ['paris equipe', ['Équipe Paris']],
    ['00gparis', ['Équipe Paris']],
    ['aris', []],
  ])('for the group %j finds %j', async (text, names) => {
    const { groups, total_size } = await get<GroupList>(`/groups?search=${encodeURIComponent(text)}`);
    expect([groups.map(({ display_name }) => display_name), total_size]).toEqual([names, names.length]);
  });

  it('finds members of a group, and nobody else', async () => {
    const { members, total_size } = await get<MemberList>(`/groups/${ids['Équipe Paris']}/members?search=grace`);
    expect([members.map(({ given_name }) => given_name), total_size]).toEqual([['Grace'], 1]);
    const none = await get<MemberList>(`/groups/${ids['Équipe Paris']}/members?search=soren`);
    expect(none).toMatchObject({ members: [], total_size: 0 });
  });

  it('finds nobody of another directory', async () => {
    const other = await test.newDirectory();
    const { body } = await test.api.call<UserList>('GET', `${pathOf(other)}/users?search=grace`);
    expect(body).toMatchObject({ users: [], total_size: 0 });
  });

  it('goes on page by page in the order that is asked for, and back', async () => {
    const path = '/users?search=acme&sort=-name&page_size=3';
    const first = await get<UserList>(path);
    expect([first.users.map(({ given_name }) => given_name), first.total_size]).toEqual([['Zoë', 'Søren', 'Grace'], 4]);
    const second = await get<UserList>(`${path}&page_token=${first.next_page_token}`);
    expect([second.users.map(({ given_name }) => given_name), second.next_page_token]).toEqual([['Ada'], '']);
    expect(await get<UserList>(`${path}&page_token=${second.prev_page_token}`)).toEqual(first);
  });
});

describe('a filter', () => {
  it.each([
    ['active=false', ['Ada']],
    ['active=true', ['Søren', 'Grace', 'Zoë']],
    ['role_name=admin', ['Søren']],
    ['role_name=member', []],
    ['active=true&role_name=admin&search=soren', ['Søren']],
    ['active=false&role_name=admin', []],
  ])('%s lets %j through', async (query, names) => {
    expect(await find(query)).toEqual({ names, total: names.length });
  });

  it('of a group and of who is active are combined', async () => {
    const group = `directory_group_id=${ids['Équipe Paris']}`;
    expect(await find(`${group}&active=true`)).toEqual({ names: ['Grace'], total: 1 });
    expect(await find(`${group}&sort=name`)).toEqual({ names: ['Ada', 'Grace'], total: 2 });
    expect(await find(`${group}&role_name=admin`)).toEqual({ names: [], total: 0 });
  });

  it.each(['active=maybe', 'sort=password', 'role_name=%20', `search=${'x'.repeat(201)}`, 'group=x'])(
    '%s is refused with 400',
    async (query) => {
      expect((await test.api.call('GET', `${pathOf(directory)}/users?${query}`)).status).toBe(400);
    },
  );
});

describe('an order', () => {
  it.each([
    ['name', ['Ada', 'Grace', 'Søren', 'Zoë']],
    ['-name', ['Zoë', 'Søren', 'Grace', 'Ada']],
    ['email', ['Ada', 'Grace', 'Søren', 'Zoë']],
    ['updated', ['Søren', 'Grace', 'Ada', 'Zoë']],
    ['-updated', ['Zoë', 'Ada', 'Grace', 'Søren']],
  ])('by %s is kept over pages of one', async (sort, names) => {
    const listed: (string | null)[] = [];
    let token = '';
    do {
      const page: UserList = await get<UserList>(`/users?sort=${sort}&page_size=1&page_token=${token}`);
      listed.push(...page.users.map(({ given_name }) => given_name));
      expect(page.total_size).toBe(4);
      token = page.next_page_token;
    } while (token !== '');
    expect(listed).toEqual(names);
  });

  it('of groups is by name too', async () => {
    const { groups } = await get<GroupList>('/groups?sort=-name');
    expect(groups.map(({ display_name }) => display_name)).toEqual(['Équipe Paris', 'Chiefs']);
  });
});

describe('who changes', () => {
  it('is found by the new name and not by the old one, and not at all once deleted', async () => {
    const { body } = await scim.call('POST', '/Users', { userName: 'old.name@acme.example', displayName: 'Old Name' });
    await drain(test.database.appUrl, directory.id);
    expect((await find('search=old')).total).toBe(1);
    const change = { op: 'replace', value: { userName: 'new.name@acme.example', displayName: 'New Name' } };
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
    await scim.call('PATCH', `/Users/${body.id}`, { schemas, Operations: [change] });
    await drain(test.database.appUrl, directory.id);
    expect([(await find('search=old')).total, (await find('search=new')).total]).toEqual([0, 1]);
    await scim.call('DELETE', `/Users/${body.id}`);
    expect((await find('search=new')).total).toBe(0);
    await drain(test.database.appUrl, directory.id);
    expect((await find('search=new')).total).toBe(0);
  });
});

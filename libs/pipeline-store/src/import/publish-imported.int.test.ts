import { changeGroup, changeUser } from '@rollcall/directory';
import { groupResourceType, readResource, userResourceType } from '@rollcall/scim';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { newId } from '@rollcall/platform';
import { buildDirectory, createUser, drainForNobody } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { publishImported } from './publish-imported';
import type { ImportedGroup, ImportedUser } from './publish-imported';

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.adminUrl, poolSize: 2 }).initialize();
});

beforeEach(async () => {
  directory = await buildDirectory(database.adminUrl);
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

function user(userName: string, groupIds: string[] = [], more: object = {}): ImportedUser {
  const record = changeUser(null, readResource({ userName, ...more }, userResourceType).resource);
  if (!record) throw new Error('a new user is a change');
  return { id: newId(), externalIds: { scalekit: `diruser_${userName}` }, groupIds, ...record };
}

function group(displayName: string): ImportedGroup {
  const record = changeGroup(null, readResource({ displayName }, groupResourceType).resource);
  if (!record) throw new Error('a new group is a change');
  return { id: newId(), externalIds: { scalekit: `dirgroup_${displayName}` }, ...record };
}

const read = async <Row>(sql: string): Promise<Row[]> => app.query<Row[]>(sql, [directory.directoryId]);
const events = async () =>
  (await read<{ body: string }>('SELECT body FROM events WHERE directory_id = $1 ORDER BY sequence')).map(
    ({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown>; previous_attributes?: object },
  );
const counts = async () => {
  const [row] = await read<{ total_users: string; total_groups: string; last_sequence: string }>(
    'SELECT total_users, total_groups, last_sequence FROM directory_counters WHERE directory_id = $1',
  );
  return row && Object.values(row).map(Number);
};

describe('imported people', () => {
  it('are published as if they had been written, without an event', async () => {
    const engineering = group('Engineering');
    const ada = user('ada@acme.test', [engineering.id, newId()], { title: 'Clerk' });
    const people = { users: [ada, user('bob@acme.test', [engineering.id])], groups: [engineering] };
    expect(await publishImported(app, directory, people)).toEqual({ users: 2, groups: 1 });
    expect(await events()).toEqual([]);
    expect(await counts()).toEqual([2, 1, 0]);
    const published = await read<{ data: string }>(
      'SELECT data FROM published_users WHERE directory_id = $1 ORDER BY name_key',
    );
    expect(JSON.parse(published[0]?.data ?? '')).toMatchObject({
      id: `diruser_${ada.id}`,
      preferred_username: 'ada@acme.test',
      email: 'ada@acme.test',
      title: 'Clerk',
      groups: [
        {
          id: `dirgroup_${engineering.id}`,
          name: 'Engineering',
          external_ids: { scalekit: 'dirgroup_Engineering' },
        },
      ],
      external_ids: { scalekit: 'diruser_ada@acme.test' },
    });
    const groups = await read<{ data: string }>('SELECT data FROM published_groups WHERE directory_id = $1');
    expect(groups.map(({ data }) => JSON.parse(data) as object)).toMatchObject([
      { display_name: 'Engineering', total_users: 2, external_ids: { scalekit: 'dirgroup_Engineering' } },
    ]);
    expect(
      await read("SELECT id FROM search_terms WHERE directory_id = $1 AND kind = 'user' AND term LIKE 'ada%'"),
    ).toEqual(expect.arrayContaining([{ id: ada.id }]));
  });

  it('are told as updated from then on, each time with the ids of before', async () => {
    const sales = group('Sales');
    const ada = user('ada@acme.test', [sales.id]);
    await publishImported(app, directory, { users: [ada], groups: [sales] });
    const put = (resource: object) =>
      app.query(
        `SELECT * FROM scim_change_user($1, $2, $3, null, $4, 1, $5, 'ada@acme.test', null, null, true, '{}')`,
        [...directory.credentials, ada.id, JSON.stringify(resource)],
      );
    await put({ schemas: [], userName: 'ada@acme.test', title: 'Captain' });
    await drainForNobody(app, directory);
    await app.query('SELECT * FROM scim_remove_group($1, $2, $3, null, $4, 1)', [...directory.credentials, sales.id]);
    await drainForNobody(app, directory);
    await app.query('SELECT * FROM scim_remove_user($1, $2, $3, null, $4, 2)', [...directory.credentials, ada.id]);
    await drainForNobody(app, directory);
    const told = await events();
    expect(told.map(({ type, data }) => [type.split('.').at(-1), data['external_ids']])).toEqual([
      ['user_updated', { scalekit: 'diruser_ada@acme.test' }],
      ['group_deleted', { scalekit: 'dirgroup_Sales' }],
      ['user_updated', { scalekit: 'diruser_ada@acme.test' }],
      ['user_deleted', { scalekit: 'diruser_ada@acme.test' }],
    ]);
    expect(told[0]?.previous_attributes).toEqual({ title: null });
    expect(told[0]?.data).toMatchObject({
      groups: [{ name: 'Sales', external_ids: { scalekit: 'dirgroup_Sales' } }],
    });
    expect(await counts()).toEqual([0, 0, 4]);
  });

  it('stay as they are when they are imported again, also in parts', async () => {
    const all = group('All');
    const [ada, bob] = [user('ada@acme.test', [all.id]), user('bob@acme.test', [all.id])];
    await publishImported(app, directory, { users: [ada], groups: [all] });
    const twin = { ...user('ADA@acme.test'), id: newId() };
    expect(await publishImported(app, directory, { users: [ada, bob, twin], groups: [all] })).toEqual({
      users: 1,
      groups: 0,
    });
    expect(await publishImported(app, directory, { users: [ada, bob], groups: [all] })).toEqual({
      users: 0,
      groups: 0,
    });
    expect(await counts()).toEqual([2, 1, 0]);
    expect(await read('SELECT user_id FROM published_memberships WHERE directory_id = $1')).toHaveLength(2);
    const groups = await read<{ data: string }>('SELECT data FROM published_groups WHERE directory_id = $1');
    expect(JSON.parse(groups[0]?.data ?? '')).toMatchObject({
      total_users: 2,
      external_ids: { scalekit: 'dirgroup_All' },
    });
  });

  it('are left to the identity provider once it has sent its first request', async () => {
    await createUser(app, directory, 'carl@acme.test');
    await app.query('UPDATE directories SET first_request_time = now() WHERE id = $1', [directory.directoryId]);
    expect(await publishImported(app, directory, { users: [user('ada@acme.test')], groups: [] })).toEqual({
      users: 0,
      groups: 0,
    });
  });
});

import { Client } from 'pg';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { groupResourceType, parseFilter, resolveFilter, resolveSortPath, userResourceType } from '@rollcall/scim';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { callAs } from './call-as.test-support';
import type { ScimCaller } from './caller';
import { insertGroup, removeGroup, findGroups, loadGroup, loadGroups, writeGroup } from './group-store';
import type { MemberStep } from './group-store';
import { groupTable, userTable } from './resource-table';
import { buildSearch } from './search-resources';
import type { ResourceSearch } from './search-resources';
import { buildDirectory } from '@rollcall/test-builders';
import { insertUser, removeUser, findUsers, loadUser, loadUsers, updateUser } from './user-store';

/** The tables that grow with what identity providers send. */
const TABLES = [
  'directory_users',
  'directory_user_emails',
  'directory_groups',
  'memberships',
  'changes',
  'unresolved_members',
];
const SMALL_DIRECTORIES = 200;
const HUGE_GROUP = 100_000;

let database: TestDatabase;
let admin: Client;
/** A connection of the runtime role, which row-level security binds. */
let runtime: Client;
/** 20,000 users, 1 % of them inactive; 500 groups of 40 users. */
let large: ScimCaller;
/** 100,000 users, all of them in one group, which is the only one. */
let huge: ScimCaller & { groupId: string };
/** One of 200 directories of 100 users and 5 groups. */
let small: ScimCaller;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  admin = await connect(database.adminUrl);
  runtime = await connect(database.appUrl);
  large = await buildDirectory(database.adminUrl);
  huge = { ...(await buildDirectory(database.adminUrl)), groupId: idOf('g', 1) };
  await fill([large.directoryId], { users: 20_000, groups: 500, members: 40 });
  await fill([huge.directoryId], { users: HUGE_GROUP, groups: 1, members: HUGE_GROUP });
  small = await buildDirectory(database.adminUrl);
  const others = Array.from({ length: SMALL_DIRECTORIES - 1 }, () => newId());
  await fill([small.directoryId, ...others], { users: 100, groups: 5, members: 40 });
  await admin.query('VACUUM ANALYZE');
});

afterAll(async () => {
  await Promise.all([admin.end(), runtime.end()]);
  await database.drop();
});

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

/** User or group number n of a directory: ids are unique in their directory. */
function idOf(kind: 'u' | 'g', n: number): string {
  return `${kind}${String(n).padStart(25, '0')}`;
}

/** Writes directories of people as their identity providers would have, past all functions. */
async function fill(directoryIds: string[], size: { users: number; groups: number; members: number }): Promise<void> {
  const values = [directoryIds, size.users];
  await admin.query(
    `INSERT INTO directory_users (directory_id, id, user_name_key, external_id, display_name_key, email_keys, active, created,
       last_modified, resource)
     SELECT d, 'u' || lpad(n::text, 25, '0'), 'user' || n || '@example.com', 'ext' || n, 'display ' || n,
       ARRAY['user' || n || '@example.com'], n % 100 <> 0, now() - interval '1 year', now() - n * interval '1 minute',
       jsonb_build_object('schemas', '[]'::jsonb, 'userName', 'User' || n || '@example.com', 'displayName', 'Display ' || n,
         'emails', jsonb_build_array(jsonb_build_object('type', 'work', 'value', 'user' || n || '@example.com')))
     FROM unnest($1::text[]) AS d, generate_series(1, $2::int) AS n`,
    values,
  );
  await admin.query(
    `INSERT INTO directory_user_emails (directory_id, value_key, user_id)
     SELECT d, 'user' || n || '@example.com', 'u' || lpad(n::text, 25, '0') FROM unnest($1::text[]) AS d, generate_series(1, $2::int) AS n`,
    values,
  );
  await admin.query(
    `INSERT INTO directory_groups (directory_id, id, display_name_key, external_id, created, last_modified, resource)
     SELECT d, 'g' || lpad(n::text, 25, '0'), 'group ' || n, 'ext' || n, now(), now() - n * interval '1 minute',
       jsonb_build_object('schemas', '[]'::jsonb, 'displayName', 'Group ' || n)
     FROM unnest($1::text[]) AS d, generate_series(1, $2::int) AS n`,
    [directoryIds, size.groups],
  );
  await admin.query(
    `INSERT INTO memberships (directory_id, group_id, member_id, member_type)
     SELECT d, 'g' || lpad(g::text, 25, '0'), 'u' || lpad(((g * 40 + m) % $4 + 1)::text, 25, '0'), 'User'
     FROM unnest($1::text[]) AS d, generate_series(1, $2::int) AS g, generate_series(1, $3::int) AS m`,
    [directoryIds, size.groups, size.members, size.users],
  );
  await admin.query(
    `INSERT INTO unresolved_members (directory_id, group_id, value, cause)
     SELECT d, 'g' || lpad('1', 25, '0'), 'nobody' || n, 'unknown' FROM unnest($1::text[]) AS d, generate_series(1, 20) AS n`,
    [directoryIds],
  );
  await admin.query(
    `INSERT INTO changes (directory_id, kind, resource_id, occurred_at)
     SELECT d, 'user_written', 'u', now() FROM unnest($1::text[]) AS d, generate_series(1, 20) AS n`,
    [directoryIds],
  );
}

/** What a transaction did to the rows of the tables, as PostgreSQL counted it. */
interface Work {
  /** Tables that were read from end to end. */
  scanned: string[];
  /** Rows read, by table; index entries whose row was not needed are not among them. */
  read: Record<string, number>;
  /** Rows inserted, updated or deleted, by table. */
  written: Record<string, number>;
}

/** Runs something as the runtime role in a transaction that is undone, and tells the rows it touched. */
async function measure(run: (pool: Pool) => Promise<unknown>): Promise<Work> {
  await runtime.query('BEGIN');
  try {
    const before = await countRows();
    // The stores only ever ask a pool for single statements.
    await run({ query: runtime.query.bind(runtime) } as unknown as Pool);
    const after = await countRows();
    const rest = (name: keyof Counts): [string, number][] =>
      after.map((row): [string, number] => {
        const earlier = before.find(({ relname }) => relname === row.relname);
        return [row.relname, Number(row[name]) - Number(earlier?.[name] ?? 0)];
      });
    const some = (name: keyof Counts): Record<string, number> =>
      Object.fromEntries(rest(name).filter(([, count]) => count > 0));
    return { scanned: Object.keys(some('seq_scan')), read: some('read'), written: some('written') };
  } finally {
    await runtime.query('ROLLBACK');
  }
}

interface Counts {
  relname: string;
  seq_scan: string;
  read: string;
  written: string;
}

async function countRows(): Promise<Counts[]> {
  const { rows } = await runtime.query<Counts>(
    `SELECT relname, seq_scan, seq_tup_read + coalesce(idx_tup_fetch, 0) AS read, n_tup_ins + n_tup_upd + n_tup_del AS written
     FROM pg_stat_xact_user_tables WHERE relname = ANY ($1)`,
    [TABLES],
  );
  return rows;
}

function search(
  table: typeof userTable,
  filter: string,
  caller = (): ScimCaller => large,
  page: Partial<ResourceSearch> = {},
) {
  const type = table === userTable ? userResourceType : groupResourceType;
  return async (pool: Pool): Promise<void> => {
    await callAs(caller(), pool).confirm();
    const { text, values } = buildSearch(caller().directoryId, table, {
      filter: resolveFilter(parseFilter(filter), type),
      offset: 0,
      limit: 100,
      withReferences: false,
      ...page,
    });
    const { rows } = await pool.query<{ id: string | null }>({ text, values });
    expect(rows[0]?.id, filter).toEqual(expect.any(String));
  };
}

const readsOf = ({ read }: Work): number => Object.values(read).reduce((sum, count) => sum + count, 0);
const page = { offset: 0, limit: 100, withReferences: false };

describe('in a directory of 20,000 users among 200 others, row-level security on', () => {
  const user = idOf('u', 12_345);
  const group = idOf('g', 77);

  it.each([
    [
      'a user by userName',
      5,
      (pool: Pool) => findUsers(callAs(large, pool), { ...page, attribute: 'userName', key: 'user12345@example.com' }),
    ],
    [
      'a user by externalId',
      5,
      (pool: Pool) => findUsers(callAs(large, pool), { ...page, attribute: 'externalId', key: 'ext12345' }),
    ],
    [
      'a user by emails.value',
      5,
      (pool: Pool) =>
        findUsers(callAs(large, pool), { ...page, attribute: 'emails.value', key: 'user12345@example.com' }),
    ],
    ['a user by id filter', 5, (pool: Pool) => findUsers(callAs(large, pool), { ...page, attribute: 'id', key: user })],
    ['a user with its groups', 10, (pool: Pool) => loadUser(callAs(large, pool), user)],
    ['a user by displayName', 5, search(userTable, 'displayName eq "Display 12345"')],
    ['users by the start of userName', 25, search(userTable, 'userName sw "user1234"')],
    ['users by the start of displayName', 25, search(userTable, 'displayName sw "Display 1234"')],
    ['a user by two conditions', 5, search(userTable, 'userName eq "user12345@example.com" and active eq true')],
    [
      'a user by one of two names',
      10,
      search(userTable, 'userName eq "user1@example.com" or userName eq "user2@example.com"'),
    ],
    [
      'a user by an e-mail address of a type',
      5,
      search(userTable, 'emails[type eq "work" and value eq "user12345@example.com"]'),
    ],
    ['a user of a group by both ids', 200, search(userTable, `groups eq "${group}" and active eq true`)],
    ['inactive users', 400, search(userTable, 'active eq false')],
    [
      'inactive users behind one of them',
      300,
      search(userTable, 'active eq false', undefined, { behind: { id: idOf('u', 10_000), keys: [] } }),
    ],
    [
      'inactive users by the time of their change, behind one of them',
      400,
      search(userTable, 'active eq false', undefined, {
        behind: { id: idOf('u', 10_000), keys: [new Date(0).toISOString().replace('Z', '000Z')] },
        sort: {
          path: resolveSortPath({ sortBy: 'meta.lastModified', descending: false }, userResourceType),
          descending: false,
        },
      }),
    ],
    [
      'users changed lately',
      150,
      search(userTable, `meta.lastModified gt "${new Date(Date.now() - 3_600_000).toISOString()}"`),
    ],
    [
      'a group by displayName',
      5,
      (pool: Pool) => findGroups(callAs(large, pool), { ...page, attribute: 'displayName', key: 'group 77' }),
    ],
    [
      'a group by externalId',
      5,
      (pool: Pool) => findGroups(callAs(large, pool), { ...page, attribute: 'externalId', key: 'ext77' }),
    ],
    [
      'a group by id filter',
      5,
      (pool: Pool) => findGroups(callAs(large, pool), { ...page, attribute: 'id', key: group }),
    ],
    ['groups by the start of displayName', 30, search(groupTable, 'displayName sw "Group 7"')],
    ['groups by displayName in a search', 5, search(groupTable, 'displayName eq "Group 77" and externalId pr')],
    [
      'groups changed lately',
      150,
      search(groupTable, `meta.lastModified gt "${new Date(Date.now() - 3_600_000).toISOString()}"`),
    ],
    ['the groups of a member', 20, search(groupTable, `members eq "${idOf('u', 78)}"`)],
    [
      'whether somebody is a member',
      10,
      search(groupTable, `id eq "${idOf('g', 1)}" and members eq "${idOf('u', 50)}"`),
    ],
    ['a group with its members', 85, (pool: Pool) => loadGroup(callAs(large, pool), group, { withReferences: true })],
    ['the first page of users', 225, (pool: Pool) => loadUsers(callAs(large, pool), { ...page, after: '' })],
    ['a page of users behind a cursor', 225, (pool: Pool) => loadUsers(callAs(large, pool), { ...page, after: user })],
    [
      'a page of users with their groups',
      600,
      (pool: Pool) => loadUsers(callAs(large, pool), { ...page, after: user, withReferences: true }),
    ],
    ['the first page of groups', 225, (pool: Pool) => loadGroups(callAs(large, pool), { ...page, after: '' })],
    [
      'a page of groups behind a cursor',
      225,
      (pool: Pool) => loadGroups(callAs(large, pool), { ...page, after: group }),
    ],
  ])('reads %s by index: no table whole, at most %i rows', async (_what, rows, run) => {
    const work = await measure(run);
    expect(work.scanned).toEqual([]);
    expect(readsOf(work)).toBeGreaterThan(0);
    expect(readsOf(work), JSON.stringify(work.read)).toBeLessThanOrEqual(rows);
  });

  it.each([
    ['users', 210, search(userTable, 'displayName co "play 1" or not (title pr)', () => small)],
    ['groups', 15, search(groupTable, 'displayName ew "3"', () => small)],
    [
      'users of a page behind one of them',
      115,
      search(userTable, 'not (title pr)', () => small, { behind: { id: idOf('u', 50), keys: [] }, limit: 10 }),
    ],
  ])('reads a small directory alone for %s that no index finds, at most %i rows', async (_what, rows, run) => {
    const work = await measure(run);
    expect(work.scanned).toEqual([]);
    expect(readsOf(work), JSON.stringify(work.read)).toBeLessThanOrEqual(rows);
  });

  const resource = JSON.stringify({ schemas: [], userName: 'x', displayName: 'x' });
  const userColumns = {
    userNameKey: 'new',
    externalId: 'x',
    displayNameKey: 'x',
    emailKeys: ['new@example.com'],
    active: true,
  };
  const groupColumns = { displayNameKey: 'new', externalId: null };

  it.each([
    [
      'creating a user',
      0,
      (pool: Pool) => insertUser(callAs(large, pool), newId(), { resource, columns: userColumns }),
    ],
    [
      'changing a user',
      5,
      (pool: Pool) => updateUser(callAs(large, pool), user, 1, { resource, columns: userColumns }),
    ],
    ['deleting a user', 30, (pool: Pool) => removeUser(callAs(large, pool), user, null)],
    [
      'creating a group',
      30,
      (pool: Pool) =>
        insertGroup(
          callAs(large, pool),
          newId(),
          { resource, columns: groupColumns },
          { values: [user, idOf('u', 1)], withReferences: true },
        ),
    ],
    [
      'renaming a group',
      5,
      (pool: Pool) =>
        writeGroup(callAs(large, pool), group, {
          expectedVersion: 1,
          record: { resource, columns: groupColumns },
          steps: [],
        }),
    ],
    ['deleting a group', 5, (pool: Pool) => removeGroup(callAs(large, pool), group, null)],
  ])('looks up by index for %s: no table whole, at most %i rows', async (_what, rows, run) => {
    const work = await measure(run);
    expect(work.scanned).toEqual([]);
    expect(work.written.changes).toBe(1 + (_what === 'creating a group' ? 1 : 0));
    expect(readsOf(work), JSON.stringify(work.read)).toBeLessThanOrEqual(rows);
  });
});

interface PlanNode {
  'Node Type': string;
  'Subplan Name'?: string;
  Plans?: PlanNode[];
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

it('keeps of the users that are sorted no more than a page, and takes out what is not behind a place before', async () => {
  const sort = { path: resolveSortPath({ sortBy: 'title', descending: true }, userResourceType), descending: true };
  const behind = { id: idOf('u', 15_000), keys: [null] };
  const page = { sort, behind, offset: 0, limit: 101, withReferences: false };
  await measure(async (pool) => {
    await callAs(large, pool).confirm();
    const { text, values } = buildSearch(large.directoryId, userTable, page);
    const { rows } = await pool.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>({
      text: `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      values,
    });
    const nodes = nodesOf(rows[0]!['QUERY PLAN'][0]!.Plan);
    const [matched] = nodes.filter((node) => node['Subplan Name'] === 'CTE matched');
    const [cut] = nodes.filter((node) => node['Subplan Name'] === 'CTE page');
    expect(matched).toMatchObject({ 'Actual Rows': 20_000, 'Actual Loops': 1 });
    expect(nodesOf(cut!)).toMatchObject([
      { 'Node Type': 'Limit', 'Actual Rows': 101 },
      { 'Node Type': 'Sort', 'Sort Method': 'top-N heapsort' },
      { 'Node Type': 'CTE Scan', 'CTE Name': 'matched', 'Actual Rows': 5_000 },
    ]);
  });
});

describe('a group of 100,000 members', () => {
  const member = idOf('u', 4_711);
  const change =
    (kind: MemberStep['kind'], ...values: string[]) =>
    (pool: Pool) =>
      writeGroup(callAs(huge, pool), huge.groupId, { expectedVersion: null, record: null, steps: [{ kind, values }] });

  it.each([
    ['adding a member it has', 0, change('add', member)],
    ['removing a member', 1, change('remove', member)],
    ['removing one it does not have', 0, change('remove', newId())],
    [
      'removing one and adding it again',
      2,
      (pool: Pool) =>
        writeGroup(callAs(huge, pool), huge.groupId, {
          expectedVersion: null,
          record: null,
          steps: [
            { kind: 'remove', values: [member] },
            { kind: 'add', values: [member] },
          ],
        }),
    ],
  ])('loads none of the others for %s', async (_what, written, run) => {
    const work = await measure(run);
    expect(work.scanned).toEqual([]);
    expect(work.written.memberships ?? 0).toBe(written);
    expect(readsOf(work), JSON.stringify(work.read)).toBeLessThanOrEqual(40);
  });

  it('loads none of the others for adding a new one', async () => {
    const id = newId();
    const columns = { userNameKey: id, externalId: null, displayNameKey: null, emailKeys: [], active: true };
    const work = await measure(async (pool) => {
      await insertUser(callAs(huge, pool), id, { resource: '{}', columns });
      expect(await change('add', id)(pool)).toMatchObject({ outcome: 'ok', version: 2 });
    });
    expect(work.scanned).toEqual([]);
    expect(work.written).toMatchObject({ memberships: 1, changes: 2 });
    expect(readsOf(work), JSON.stringify(work.read)).toBeLessThanOrEqual(40);
  });

  it('is read without its members when they are not asked for', async () => {
    const work = await measure((pool) => loadGroup(callAs(huge, pool), huge.groupId, { withReferences: false }));
    expect(work.read).toEqual({ directory_groups: 1 });
    const found = await measure((pool) =>
      findGroups(callAs(huge, pool), { ...page, attribute: 'displayName', key: 'group 1' }),
    );
    expect(found.read.memberships).toBeUndefined();
  });

  it('costs a deletion nothing but its own row and the change', async () => {
    const work = await measure((pool) => removeGroup(callAs(huge, pool), huge.groupId, null));
    expect(work.written).toEqual({ directory_groups: 1, changes: 1 });
    expect(readsOf(work)).toBeLessThanOrEqual(5);
  });

  it('shows a member its group without reading the others', async () => {
    const work = await measure((pool) => loadUser(callAs(huge, pool), member));
    expect(work.scanned).toEqual([]);
    expect(readsOf(work)).toBeLessThanOrEqual(5);
  });
});

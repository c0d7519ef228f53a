import { Client } from 'pg';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createPool, migrateDatabase } from '@rollcall/database';
import { AdmittedCalls, NotAdmitted } from './admitted-calls';
import { shareFreely } from './call-as.test-support';
import type { ScimCaller } from './caller';
import { findGroups, insertGroup, loadGroup, loadGroups, removeGroup, writeGroup } from './group-store';
import { listLearnedAttributes } from './learned-attributes';
import { groupTable, userTable } from './resource-table';
import { searchResources } from './search-resources';
import { buildDirectory } from '@rollcall/test-builders';
import { findUsers, insertUser, loadUser, loadUsers, removeUser, updateUser } from './user-store';

let database: TestDatabase;
let admin: Client;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  pool = createPool({ url: database.appUrl, onError: () => undefined });
});

afterAll(async () => {
  await Promise.all([pool.end(), admin.end()]);
  await database.drop();
});

/** Calls, and the uses of secrets that they recorded. */
function callsOf(caller: ScimCaller) {
  const uses: ScimCaller[] = [];
  const recordUse = (used: ScimCaller) => void uses.push(used);
  const shared = shareFreely(pool);
  const searches = { indexed: shared, scanning: shared };
  const scans = { admit: () => undefined, charge: () => undefined };
  return { calls: new AdmittedCalls(caller, { functions: pool, searches, scans, recordUse }, { id: newId() }), uses };
}

const userColumns = { userNameKey: 'u', externalId: null, displayNameKey: null, active: true, emailKeys: [] };
const user = { resource: '{"userName":"u"}', columns: userColumns };
const group = { resource: '{"displayName":"g"}', columns: { displayNameKey: 'g', externalId: null } };
const page = { offset: 0, limit: 10, withReferences: true };

/** A directory with a user and a group, and what the tables hold of it. */
async function populate() {
  const seeded = await buildDirectory(database.adminUrl);
  const [userId, groupId] = [newId(), newId()];
  const { calls } = callsOf(seeded);
  await insertUser(calls, userId, user);
  await insertGroup(calls, groupId, group, { values: [userId], withReferences: false });
  const count = async () => {
    const { rows } = await admin.query<Record<string, string>>(
      `SELECT (SELECT count(*) FROM directory_users WHERE directory_id = $1) AS users,
        (SELECT count(*) FROM directory_groups WHERE directory_id = $1) AS groups,
        (SELECT count(*) FROM changes WHERE directory_id = $1) AS changes`,
      [seeded.directoryId],
    );
    return rows[0];
  };
  return { seeded, userId, groupId, count };
}

/** Operations that ask for nothing before they call a store, each on the user and the group that are there. */
const OPERATIONS: [string, (calls: AdmittedCalls, userId: string, groupId: string) => Promise<unknown>][] = [
  ['insertUser', (calls) => insertUser(calls, newId(), { ...user, columns: { ...userColumns, userNameKey: newId() } })],
  ['loadUser', (calls, id) => loadUser(calls, id)],
  ['findUsers', (calls) => findUsers(calls, { ...page, attribute: 'userName', key: 'u' })],
  ['loadUsers', (calls) => loadUsers(calls, { ...page, after: '' })],
  ['updateUser', (calls, id) => updateUser(calls, id, 1, user)],
  ['removeUser', (calls, id) => removeUser(calls, id, null)],
  ['insertGroup', (calls) => insertGroup(calls, newId(), group, { values: [], withReferences: true })],
  ['loadGroup', (calls, _, id) => loadGroup(calls, id, { withReferences: true })],
  ['findGroups', (calls) => findGroups(calls, { ...page, attribute: 'displayName', key: 'g' })],
  ['loadGroups', (calls) => loadGroups(calls, { ...page, after: '' })],
  [
    'writeGroup',
    (calls, userId, id) =>
      writeGroup(calls, id, {
        expectedVersion: null,
        record: null,
        steps: [{ kind: 'remove', values: [userId] }],
      }),
  ],
  ['removeGroup', (calls, _, id) => removeGroup(calls, id, null)],
  ['searchResources (users)', (calls) => searchResources(calls, userTable, page)],
  ['searchResources (groups)', (calls) => searchResources(calls, groupTable, page)],
  ['listLearnedAttributes', (calls) => listLearnedAttributes(calls)],
  ['a function that no store calls yet', (calls, id) => calls.callForRow('scim_load_user', [id])],
  ['a search', (calls) => calls.search('scanning', 1_000, (client) => client.query('SELECT id FROM directory_users'))],
];

const STATES: [NotAdmitted['state'], string][] = [
  ['revoked', `UPDATE directory_secrets SET revoked_time = now() WHERE directory_id = $1`],
  ['expired', `UPDATE directory_secrets SET expire_time = now() - interval '1 second' WHERE directory_id = $1`],
  ['unknown', `UPDATE directory_secrets SET secret_version = secret_version + 1 WHERE directory_id = $1`],
  ['disabled', `UPDATE directories SET enabled = false WHERE id = $1`],
  [
    'feature_off',
    `UPDATE organizations SET dir_sync_enabled = false
     WHERE id = (SELECT organization_id FROM directories WHERE id = $1)`,
  ],
];

describe.each(STATES)('an operation that does not ask, of a caller whose state is %s', (state, statement) => {
  it('gets no row, changes nothing and records no use of the token', async () => {
    const { seeded, userId, groupId, count } = await populate();
    await admin.query(statement, [seeded.directoryId]);
    const before = await count();
    for (const [name, operate] of OPERATIONS) {
      const { calls, uses } = callsOf(seeded);
      await expect(operate(calls, userId, groupId), name).rejects.toThrow(new NotAdmitted(state));
      await expect(calls.confirm(), name).rejects.toThrow(new NotAdmitted(state));
      expect(uses, name).toEqual([]);
    }
    expect(await count()).toEqual(before);
  });
});

it.each(OPERATIONS)('%s of an admitted caller goes on, and records the use of the token', async (_name, operate) => {
  const { seeded, userId, groupId } = await populate();
  const { calls, uses } = callsOf(seeded);
  await operate(calls, userId, groupId);
  expect(uses).toEqual([seeded]);
});

it('gives no row to a caller who was admitted before and is not any more', async () => {
  const { seeded, userId } = await populate();
  const { calls } = callsOf(seeded);
  expect((await loadUser(calls, userId)).stored).not.toBeNull();
  await admin.query(`UPDATE directories SET enabled = false WHERE id = $1`, [seeded.directoryId]);
  await expect(removeUser(calls, userId, null)).rejects.toThrow(new NotAdmitted('disabled'));
});

it('confirms without a round trip what a call has told already', async () => {
  const { seeded, userId } = await populate();
  let asked = 0;
  const count = () => (asked += 1);
  const { calls } = callsOf(seeded);
  pool.on('acquire', count);
  await loadUser(calls, userId);
  await calls.confirm();
  pool.off('acquire', count);
  expect(asked).toBe(1);
});

it('gives back the connection of a search that was refused', async () => {
  const { seeded } = await populate();
  await admin.query(`UPDATE directories SET enabled = false WHERE id = $1`, [seeded.directoryId]);
  let removed = 0;
  const count = () => (removed += 1);
  pool.on('remove', count);
  await expect(searchResources(callsOf(seeded).calls, userTable, page)).rejects.toThrow(NotAdmitted);
  pool.off('remove', count);
  expect(removed).toBe(0);
});

it('searches the directory as it was when the search began, so that who is deleted meanwhile leaves no gap', async () => {
  const { seeded, userId } = await populate();
  const { calls } = callsOf(seeded);
  await calls.search('scanning', 4_000, async (client, totals) => {
    await removeUser(calls, userId, null);
    const { rows } = await client.query<{ id: string }>('SELECT id FROM directory_users');
    expect([totals.total_users, rows]).toEqual([1, [{ id: userId }]]);
  });
});

it('is the only thing that the compiler lets a store be called with', () => {
  const caller: ScimCaller = { directoryId: 'd', secretId: 's', secretVersion: 1 };
  const lookalike = {
    directoryId: 'd',
    call: () => Promise.resolve([]),
    callForRow: () => Promise.resolve({}),
    read: () => Promise.resolve({}),
    confirm: () => Promise.resolve(),
  };
  const operations = [
    // @ts-expect-error -- A verified token alone gives no row.
    () => loadUser(caller, 'u'),
    // @ts-expect-error -- Nor does a connection.
    () => loadUser(pool, 'u'),
    // @ts-expect-error -- Nor what has the same methods, but was not made by `new AdmittedCalls`.
    () => removeUser(lookalike, 'u', null),
    // @ts-expect-error -- Nor for a search.
    () => searchResources(caller, userTable, page),
  ];
  expect(operations).toHaveLength(4);
});

import { Client } from 'pg';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createPool, migrateDatabase } from '@rollcall/database';
import { buildDirectory } from '@rollcall/test-builders';
import type { AdmittedCalls } from './admitted-calls';
import { callAs } from './call-as.test-support';
import { findGroups, insertGroup, loadGroups } from './group-store';
import type { GroupKey } from './group-store';
import type { StoredPage } from './stored-resource';
import { findUsers, insertUser, loadUser, loadUsers } from './user-store';
import type { UserKey } from './user-store';

let database: TestDatabase;
let pool: Pool;
let admin: Client;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  pool = createPool({ url: database.appUrl, poolSize: 2, onError: () => undefined });
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await pool.end();
  await database.drop();
});

/** A directory whose users share a key, as its groups do; each group has all users as members. */
interface Shared {
  directoryId: string;
  calls: AdmittedCalls;
  userIds: string[];
  groupIds: string[];
}

async function fill(count: number): Promise<Shared> {
  const caller = await buildDirectory(database.adminUrl);
  const calls = callAs(caller, pool);
  const shared: Shared = { directoryId: caller.directoryId, calls, userIds: [], groupIds: [] };
  for (let n = 0; n < count; n++) {
    const columns = {
      userNameKey: `${n}`,
      externalId: 'shared',
      displayNameKey: null,
      emailKeys: ['shared'],
      active: true,
    };
    const resource = JSON.stringify({ schemas: [], userName: `${n}` });
    shared.userIds.push(newId());
    await insertUser(calls, shared.userIds[n]!, { resource, columns });
  }
  for (let n = 0; n < count; n++) {
    const columns = { displayNameKey: `${n}`, externalId: 'shared' };
    const resource = JSON.stringify({ schemas: [], displayName: `${n}` });
    const members = { values: shared.userIds, withReferences: false };
    shared.groupIds.push(newId());
    await insertGroup(calls, shared.groupIds[n]!, { resource, columns }, members);
  }
  return shared;
}

/**
 * Reads while everything is deleted, which commits when the read has begun and waits for the memberships, as one waits that has found
 * what it is to read and has no turn on the processor.
 */
async function readAcrossDelete<Read>({ directoryId }: Shared, read: () => Promise<Read>): Promise<Read> {
  await admin.query('BEGIN');
  await admin.query('LOCK TABLE memberships IN ACCESS EXCLUSIVE MODE');
  const reading = read();
  await waitUntil(async () => {
    const { rows } = await admin.query(
      `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'memberships'::regclass
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return rows.length > 0 || undefined;
  });
  for (const table of ['memberships', 'directory_user_emails', 'directory_users', 'directory_groups']) {
    await admin.query(`DELETE FROM ${table} WHERE directory_id = $1`, [directoryId]);
  }
  await admin.query('COMMIT');
  return reading;
}

const COUNT = 4;
const all = { after: '', offset: 0, limit: 500, withReferences: true };
const userKeys: [UserKey, number][] = [
  ['externalId', COUNT],
  ['externalId', 14],
  ['emails.value', COUNT],
];
const groupKeys: [GroupKey, number][] = [['externalId', COUNT]];

const pages: [string, number, (shared: Shared) => Promise<StoredPage>, 'userIds' | 'groupIds'][] = [
  ['all users', COUNT, ({ calls }) => loadUsers(calls, all), 'userIds'],
  ['all groups', COUNT, ({ calls }) => loadGroups(calls, all), 'groupIds'],
  ...userKeys.map(([attribute, count]): (typeof pages)[number] => [
    `${count} users by ${attribute}`,
    count,
    ({ calls }) => findUsers(calls, { ...all, attribute, key: 'shared' }),
    'userIds',
  ]),
  ...groupKeys.map(([attribute, count]): (typeof pages)[number] => [
    `${count} groups by ${attribute}`,
    count,
    ({ calls }) => findGroups(calls, { ...all, attribute, key: 'shared' }),
    'groupIds',
  ]),
];

describe('a read shows a directory at one moment, whatever is deleted while it goes on', () => {
  it.each(pages)('%s', async (_what, count, read, ids) => {
    const shared = await fill(count);
    const page = await readAcrossDelete(shared, () => read(shared));
    expect(page.resources.map(({ id }) => id)).toEqual(shared[ids]);
    expect(page.total).toBe(count);
    const references = page.resources.map(({ references }) => (JSON.parse(references ?? '[]') as unknown[]).length);
    expect(references).toEqual(Array.from({ length: count }, () => count));
  });

  it('a user by its id has the manager and the groups of its version', async () => {
    const shared = await fill(COUNT);
    const [managerId] = shared.userIds;
    const id = newId();
    const manager = { value: managerId };
    const resource = {
      schemas: [],
      userName: 'x',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { manager },
    };
    const columns = { userNameKey: 'x', externalId: null, displayNameKey: null, emailKeys: [], active: true };
    await admin.query(`UPDATE directory_users SET resource = resource || '{"displayName": "Boss"}' WHERE id = $1`, [
      managerId,
    ]);
    await insertUser(shared.calls, id, { resource: JSON.stringify(resource), columns });
    const { stored } = await readAcrossDelete(shared, () => loadUser(shared.calls, id));
    expect(stored?.managerName).toBe('Boss');
  });
});

it('holds for each function that answers with resources', async () => {
  const { rows } = await admin.query<{ name: string; volatility: string }>(
    `SELECT proname AS name, provolatile AS volatility FROM pg_proc
     WHERE proname ~ '^scim_(read|page|find|look_up|load|get)_' ORDER BY 1`,
  );
  expect(rows.length).toBeGreaterThan(7);
  expect(rows.filter(({ volatility }) => volatility === 'v')).toEqual([]);
});

import { Client } from 'pg';
import type { Pool, PoolClient, QueryConfig } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { groupResourceType, resolveSortPath, userResourceType } from '@rollcall/scim';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createPool, migrateDatabase } from '@rollcall/database';
import { buildDirectory } from '@rollcall/test-builders';
import { callAs } from './call-as.test-support';
import type { ScimCaller } from './caller';
import { insertGroup } from './group-store';
import type { SearchPlace } from './place-to-sql';
import { groupTable, userTable } from './resource-table';
import { searchTogether } from './search-together';
import type { MergedPage, TypeSearch } from './search-together';
import { insertUser } from './user-store';

const USERS = 6;
const MEMBERS = 500;

let database: TestDatabase;
let pool: Pool;
let caller: ScimCaller;
/** The group of many members, whose name comes behind those of the users. */
let groupId: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  pool = createPool({ url: database.appUrl, onError: () => undefined });
  caller = await buildDirectory(database.adminUrl);
  const calls = callAs(caller, pool);
  for (let n = 0; n < USERS; n++) {
    const columns = { externalId: null, emailKeys: [], active: true, userNameKey: `${n}`, displayNameKey: `${n}` };
    await insertUser(calls, newId(), { resource: JSON.stringify({ userName: `${n}`, displayName: `${n}` }), columns });
  }
  groupId = newId();
  const group = { resource: '{"displayName": "x"}', columns: { displayNameKey: 'x', externalId: null } };
  await insertGroup(calls, groupId, group, { values: [], withReferences: false });
  const admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(
    `INSERT INTO memberships (directory_id, group_id, member_id, member_type)
     SELECT $1, $2, 'u' || lpad(n::text, 25, '0'), 'User' FROM generate_series(1, $3::int) AS n`,
    [caller.directoryId, groupId, MEMBERS],
  );
  await admin.query('ANALYZE');
  await admin.end();
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** The pool, and how many rows of memberships its transactions read, as PostgreSQL counts them in each. */
function countingPool(): { pool: Pool; read: () => number } {
  let read = 0;
  const connect = async (): Promise<unknown> => {
    const client = await pool.connect();
    const query = async (statement: string | QueryConfig) => {
      if (statement === 'COMMIT') read += await countReads(client);
      const result = await client.query(statement);
      // What transactions before it on this connection read is still in the count.
      if (typeof statement === 'string' && statement.startsWith('BEGIN')) read -= await countReads(client);
      return result;
    };
    return { query, release: (destroy?: boolean) => client.release(destroy) };
  };
  return { pool: { connect } as unknown as Pool, read: () => read };
}

async function countReads(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ read: number }>(
    `SELECT (seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS read FROM pg_stat_xact_user_tables WHERE relname = 'memberships'`,
  );
  return rows[0]?.read ?? 0;
}

type Behind = [user: SearchPlace | null, group: SearchPlace | null];

function searchesBy(sortBy: string, [user, group]: Behind, descending = false): TypeSearch[] {
  const sort = (type: typeof userResourceType) => ({ path: resolveSortPath({ sortBy, descending }, type), descending });
  return [
    { table: userTable, sort: sort(userResourceType), behind: user, withReferences: false },
    { table: groupTable, sort: sort(groupResourceType), behind: group, withReferences: true },
  ];
}

const idsOf = ({ found }: MergedPage): string[] => found.map(({ stored }) => stored.id);

describe('a sorted search over users and groups reads the members of a group that is on its page, of no other', () => {
  it('page after page behind one another', async () => {
    const counting = countingPool();
    const behind: Behind = [null, null];
    const seen: string[] = [];
    for (let hasMore = true; hasMore;) {
      const page = await searchTogether(callAs(caller, counting.pool), searchesBy('displayName', behind), {
        offset: 0,
        limit: 1,
      });
      for (const { type, stored } of page.found) behind[type] = { id: stored.id, keys: stored.sortKeys ?? [] };
      seen.push(...idsOf(page));
      expect(page.total).toBe(USERS + 1);
      expect(counting.read()).toBe(seen.includes(groupId) ? MEMBERS : 0);
      ({ hasMore } = page);
    }
    expect([seen.length, new Set(seen).size, seen.at(-1)]).toEqual([USERS + 1, USERS + 1, groupId]);
  });

  it('by the number of others before it', async () => {
    const counting = countingPool();
    for (const offset of [0, 2, 4]) {
      const searches = searchesBy('displayName', [null, null]);
      const page = await searchTogether(callAs(caller, counting.pool), searches, { offset, limit: 2 });
      expect([page.found.length, page.hasMore]).toEqual([2, true]);
    }
    expect(counting.read()).toBe(0);
  });

  it('none of them when only the number is asked for', async () => {
    const counting = countingPool();
    const searches = searchesBy('displayName', [null, null]);
    const page = await searchTogether(callAs(caller, counting.pool), searches, { offset: 0, limit: 0 });
    expect(page).toEqual({ total: USERS + 1, found: [], hasMore: false });
    expect(counting.read()).toBe(0);
  });
});

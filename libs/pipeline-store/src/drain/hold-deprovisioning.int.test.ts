import type { HoldAction } from '@rollcall/contract';
import type { DeprovisionGuard } from '@rollcall/events';
import { newId } from '@rollcall/platform';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import {
  asOperator,
  decideDeprovisioning,
  deleteDirectory,
  listHeldUsers,
  updateDirectory,
} from '@rollcall/management';
import {
  buildDirectory,
  buildEndpoint,
  changeMembers,
  createGroup,
  createUser,
  normalizeForNobody as normalize,
} from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { drainBatch } from './drain-batch';
import { findDirectoriesWithChanges } from './find-pending';
import { purgeDirectory } from './purge-directory';

const GUARD = { maxUsers: 3, maxPercent: null, windowSeconds: 3_600 };

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 10 }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

beforeEach(async () => {
  directory = await buildDirectory(database.ownerUrl);
});

const drainOnce = () => drainBatch(app, directory, normalize);

async function drainAll(): Promise<void> {
  while (await drainOnce());
}

function query<Row>(sql: string, params: unknown[] = []): Promise<Row[]> {
  return tenantTransaction(app, directory, (manager) => manager.query(sql, [directory.directoryId, ...params]));
}

async function count(table: string): Promise<number> {
  const [row] = await query<{ count: string }>(`SELECT count(*) FROM ${table} WHERE directory_id = $1`);
  return Number(row?.count);
}

interface ReceivedEvent {
  sequence: number;
  type: string;
  data: { id: string; active: boolean; groups: { id: string }[]; removed?: { id: string }[] };
}

/** The events after a number, as they were sent. */
async function eventsAfter(sequence: number): Promise<ReceivedEvent[]> {
  const rows = await query<{ body: string }>(
    'SELECT body FROM events WHERE directory_id = $1 AND sequence > $2 ORDER BY sequence',
    [sequence],
  );
  return rows.map(({ body }) => JSON.parse(body) as ReceivedEvent);
}

async function lastSequence(): Promise<number> {
  const [row] = await query<{ last_sequence: string }>(
    'SELECT last_sequence FROM directory_counters WHERE directory_id = $1',
  );
  return Number(row?.last_sequence);
}

async function users(howMany: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < howMany; n++) ids.push(await createUser(app, directory, `user-${n}@acme.test`));
  return ids;
}

const guarded = (deprovisionGuard: DeprovisionGuard | null = GUARD) =>
  updateDirectory(asOperator(app), directory, { deprovisionGuard });

/** Writes the user anew; its userName stays. */
async function write(id: string, attributes: { active?: boolean; title?: string }): Promise<void> {
  const [user] = await query<{ version: number; resource: Record<string, unknown>; user_name_key: string }>(
    'SELECT version, resource, user_name_key FROM directory_users WHERE directory_id = $1 AND id = $2',
    [id],
  );
  const resource = { ...user?.resource, ...attributes };
  await app.query('SELECT outcome FROM scim_change_user($1, $2, $3, null, $4, $5, $6, $7, null, null, $8, $9)', [
    ...directory.credentials,
    id,
    user?.version,
    resource,
    user?.user_name_key,
    resource['active'] ?? true,
    [],
  ]);
}

const remove = (id: string) =>
  app.query('SELECT outcome FROM scim_remove_user($1, $2, $3, null, $4, 1)', [...directory.credentials, id]);

async function deactivate(ids: readonly string[]): Promise<void> {
  for (const id of ids) await write(id, { active: false });
}

const decide = (action: HoldAction, userIds: string[] | null = null) =>
  decideDeprovisioning(asOperator(app), directory, { action, userIds });

const held = async () =>
  (await listHeldUsers(app, directory, {}, { size: 100 })).rows.map(({ id, kind, is_discarded }) => ({
    id,
    kind,
    is_discarded,
  }));

const idsOf = (events: readonly ReceivedEvent[]) => events.map(({ data }) => data.id.replace('diruser_', ''));

describe('the deprovision guard', () => {
  it('lets as many go as it allows and holds the rest, spending no number and leaving no pending change', async () => {
    const ids = await users(8);
    await guarded();
    await drainAll();
    await deactivate(ids.slice(0, 4));
    for (const id of ids.slice(4, 6)) await remove(id);
    await write(ids[3] ?? '', { title: 'later' });
    await drainAll();

    const sent = await eventsAfter(8);
    expect(sent.map(({ sequence, type, data }) => [sequence, type, data.active])).toEqual(
      [9, 10, 11].map((sequence) => [sequence, 'organization.directory.user_updated', false]),
    );
    expect(idsOf(sent)).toEqual(ids.slice(0, 3));
    expect(await lastSequence()).toBe(11);
    expect(await held()).toEqual([
      { id: ids[3], kind: 'DEACTIVATE', is_discarded: false },
      { id: ids[4], kind: 'DELETE', is_discarded: false },
      { id: ids[5], kind: 'DELETE', is_discarded: false },
    ]);
    expect(await count('changes')).toBe(0);
    const found = await findDirectoriesWithChanges(app, '', 1_000);
    expect(found.map(({ directoryId }) => directoryId)).not.toContain(directory.directoryId);
    expect(await count('published_users')).toBe(8);
  });

  it('lets no more go however many writers and drains there are', async () => {
    const ids = await users(24);
    await guarded();
    await drainAll();
    let writing = true;
    const drain = async () => {
      while (writing) await drainAll();
    };
    const drains = [drain(), drain(), drain()];
    await Promise.all([0, 1, 2, 3].map((writer) => deactivate(ids.filter((_, n) => n % 4 === writer))));
    writing = false;
    await Promise.all(drains);
    await drainAll();
    expect((await eventsAfter(24)).length).toBe(3);
    expect((await held()).length).toBe(21);
  });

  it('announces the hold once, to the endpoints that ask for it', async () => {
    const { endpointId } = await buildEndpoint(app, directory, { eventTypes: ['directory.deprovisioning_held'] });
    await buildEndpoint(app, directory);
    const ids = await users(8);
    await guarded();
    await drainAll();
    await deactivate(ids.slice(0, 5));
    expect((await drainOnce())?.notifiedEndpointIds).toEqual([endpointId]);
    await deactivate(ids.slice(5));
    await drainAll();
    const rows = await query<{ endpoint_id: string; body: string; sequence: null }>(
      'SELECT endpoint_id, body, sequence FROM deliveries WHERE directory_id = $1',
    );
    expect(rows.map(({ endpoint_id, sequence }) => [endpoint_id, sequence])).toEqual([[endpointId, null]]);
    expect(JSON.parse(rows[0]?.body ?? '')).toMatchObject({
      type: 'directory.deprovisioning_held',
      object: 'Directory',
      sequence: null,
      directory_id: `dir_${directory.directoryId}`,
      data: {
        id: `dir_${directory.directoryId}`,
        total_users: 8,
        held_users: 2,
        deprovision_guard: { max_users: 3, max_percent: null, window_seconds: 3_600 },
      },
    });
  });

  it('counts who went within the window, once, and not who is active again', async () => {
    const ids = await users(9);
    await guarded();
    await drainAll();
    await deactivate(ids.slice(0, 3));
    await write(ids[0] ?? '', { active: true });
    await drainAll();
    await deactivate(ids.slice(0, 1));
    await drainAll();
    expect(await held()).toEqual([]);
    // An hour later they are forgotten.
    await query(`UPDATE deprovisionings SET time = time - interval '1 hour' WHERE directory_id = $1`);
    await deactivate(ids.slice(3, 6));
    await drainAll();
    expect(await held()).toEqual([]);
    expect(await count('deprovisionings')).toBe(3);
    await deactivate(ids.slice(6, 7));
    await drainAll();
    expect(await held()).toEqual([{ id: ids[6], kind: 'DEACTIVATE', is_discarded: false }]);
  });

  it('measures a share by the users there were, those deleted lately included', async () => {
    const ids = await users(20);
    await guarded({ maxUsers: null, maxPercent: 20, windowSeconds: 60 });
    await drainAll();
    for (const id of ids.slice(0, 6)) {
      await remove(id);
      await drainAll();
    }
    expect((await held()).map(({ id }) => id)).toEqual(ids.slice(4, 6));
  });

  it('neither counts nor holds the deletion of who is inactive already', async () => {
    const ids = await users(9);
    await drainAll();
    await deactivate(ids.slice(0, 8));
    await drainAll();
    await guarded();
    for (const id of ids.slice(0, 8)) {
      await app.query('SELECT outcome FROM scim_remove_user($1, $2, $3, null, $4, 2)', [...directory.credentials, id]);
    }
    await drainAll();
    expect(await count('published_users')).toBe(1);
    expect(await held()).toEqual([]);
  });

  it('keeps membership changes of who is held back, and lets those of the others through', async () => {
    const ids = await users(6);
    const groupId = await createGroup(app, directory, 'Staff', ids);
    await guarded();
    await drainAll();
    await deactivate(ids.slice(0, 4));
    await drainAll();
    const before = await lastSequence();
    await changeMembers(app, directory, groupId, [{ kind: 'remove', values: [ids[3] ?? '', ids[5] ?? ''] }]);
    await drainAll();
    const sent = await eventsAfter(before);
    expect(sent.map(({ type }) => type)).toEqual([
      'organization.directory.group_members_changed',
      'organization.directory.user_updated',
    ]);
    expect(sent[0]?.data.removed?.map(({ id }) => id)).toEqual([`diruser_${ids[5]}`]);
    await decide('release');
    await drainAll();
    const released = await eventsAfter(before + 2);
    expect(released.map(({ type, data }) => [type, data.active, data.groups?.length])).toEqual([
      ['organization.directory.user_updated', false, 0],
      ['organization.directory.group_members_changed', undefined, undefined],
    ]);
    expect(released[1]?.data.removed?.map(({ id }) => id)).toEqual([`diruser_${ids[3]}`]);
    expect(await count('held_memberships')).toBe(0);
    expect(await count('published_memberships')).toBe(4);
  });

  it('costs a drain no statement while it is off', async () => {
    const ids = await users(3);
    await drainAll();
    await deactivate(ids);
    const statements: string[] = [];
    const spied = createDataSource({ url: database.appUrl, poolSize: 1 });
    spied.setOptions({
      logging: ['query'],
      logger: {
        logQuery: (sql) => void statements.push(sql),
        logQueryError: () => undefined,
        logQuerySlow: () => undefined,
        logSchemaBuild: () => undefined,
        logMigration: () => undefined,
        log: () => undefined,
      },
    });
    await spied.initialize();
    await drainBatch(spied, directory, normalize);
    await spied.destroy();
    expect(statements.filter((sql) => sql.includes('directory_counters')).length).toBe(2);
    expect(statements.filter((sql) => /held_|deprovisionings|deprovisioning_jobs/.test(sql))).toEqual([]);
  });
});

describe('a release', () => {
  it('publishes everyone once, in slices, from what is published to what is current', async () => {
    const ids = await users(620);
    await guarded({ ...GUARD, maxUsers: 0 });
    await drainAll();
    await deactivate(ids.slice(0, 610));
    for (const id of ids.slice(610)) await remove(id);
    await write(ids[0] ?? '', { title: 'later' });
    await drainAll();
    const { result: view, wake } = await decide('release');
    expect([wake, view.hold, view.counts, view.job]).toMatchObject([
      { directoryIds: [directory.directoryId] },
      null,
      { held: 0, deciding: 620 },
      { action: 'release', state: 'pending', total: 620, done: 0 },
    ]);
    // A worker that dies between two slices: another one goes on where the first committed.
    await drainOnce();
    expect((await decide('release')).result.job).toMatchObject({ state: 'running', done: 500 });
    await drainAll();
    const sent = await eventsAfter(620);
    expect(sent.map(({ sequence }) => sequence)).toEqual(sent.map((_, index) => 621 + index));
    expect(idsOf(sent).toSorted()).toEqual(ids.toSorted());
    expect(sent.filter(({ type }) => type.endsWith('user_deleted')).length).toBe(10);
    expect((await decide('release')).result).toMatchObject({
      counts: { held: 0, deciding: 0, discarded: 0 },
      job: { state: 'finished', done: 620 },
    });
    expect(await count('held_users')).toBe(0);
    expect(await count('published_users')).toBe(610);
  });

  it('of some leaves the others held, and with the last the guard counts afresh', async () => {
    const ids = await users(12);
    await guarded();
    await drainAll();
    await deactivate(ids.slice(0, 6));
    await drainAll();
    const first = await decide('release', [ids[3] ?? '', ids[0] ?? '', newId()]);
    expect(first.result).toMatchObject({ counts: { held: 2, deciding: 1 }, job: { total: 1 } });
    expect((await decide('release', [ids[3] ?? ''])).wake).toEqual({});
    await drainAll();
    expect(idsOf(await eventsAfter(12))).toEqual(ids.slice(0, 4));
    const last = await decide('discard', ids.slice(4, 6));
    expect(last.result).toMatchObject({ hold: null, counts: { held: 0, deciding: 2 } });
    await deactivate(ids.slice(6, 10));
    await drainAll();
    expect(idsOf(await eventsAfter(16))).toEqual(ids.slice(6, 9));
    expect(await held()).toEqual([
      { id: ids[4], kind: 'DEACTIVATE', is_discarded: true },
      { id: ids[5], kind: 'DEACTIVATE', is_discarded: true },
      { id: ids[9], kind: 'DEACTIVATE', is_discarded: false },
    ]);
  });

  it('publishes nothing of who is active again', async () => {
    const ids = await users(4);
    await guarded();
    await drainAll();
    await deactivate(ids);
    await write(ids[3] ?? '', { active: true });
    await drainAll();
    expect(await held()).toEqual([{ id: ids[3], kind: 'UPDATE', is_discarded: false }]);
    await decide('release');
    await drainAll();
    expect(idsOf(await eventsAfter(4))).toEqual(ids.slice(0, 3));
  });
});

describe('a discard', () => {
  it('keeps what is published until the provider changes the user again', async () => {
    const ids = await users(5);
    await guarded();
    await drainAll();
    await deactivate(ids);
    await drainAll();
    await decide('discard');
    await drainAll();
    expect((await eventsAfter(8)).length).toBe(0);
    await write(ids[3] ?? '', { title: 'new' });
    await write(ids[4] ?? '', { active: true, title: 'back' });
    await drainAll();
    expect((await eventsAfter(8)).map(({ data }) => data)).toMatchObject([
      { id: `diruser_${ids[3]}`, active: false, title: 'new' },
      { id: `diruser_${ids[4]}`, active: true, title: 'back' },
    ]);
    expect(await held()).toEqual([]);
  });

  it('of a deletion keeps the user published, apart from one who gets the name anew, until it is released', async () => {
    const ids = await users(4);
    await guarded();
    await drainAll();
    for (const id of ids) await remove(id);
    await drainAll();
    await decide('discard');
    const again = await createUser(app, directory, 'user-3@acme.test');
    await drainAll();
    expect((await query('SELECT id FROM published_users WHERE directory_id = $1')).length).toBe(2);
    expect(await held()).toEqual([{ id: ids[3], kind: 'DELETE', is_discarded: true }]);
    await decide('release', [ids[3] ?? '']);
    await drainAll();
    expect(await query('SELECT id FROM published_users WHERE directory_id = $1')).toEqual([{ id: again }]);
    expect(await held()).toEqual([]);
  });
});

describe('a hold', () => {
  it('stays when the guard is switched off, which then lets others go', async () => {
    const ids = await users(6);
    await guarded();
    await drainAll();
    await deactivate(ids.slice(0, 4));
    await drainAll();
    await guarded(null);
    await deactivate(ids.slice(4));
    await write(ids[3] ?? '', { title: 'waits' });
    await drainAll();
    expect(idsOf(await eventsAfter(9))).toEqual(ids.slice(4));
    expect((await held()).map(({ id }) => id)).toEqual([ids[3]]);
  });

  it('of 20,000 users costs a drain, a page and a decision about one user what they touch', async () => {
    const ids = await users(5);
    await guarded();
    await drainAll();
    await deactivate(ids);
    await drainAll();
    const owner = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
    await owner.query(
      `INSERT INTO held_users (directory_id, user_id, hold_id, resource, held_time)
       SELECT h.directory_id, 'u' || n, h.hold_id, h.resource, h.held_time FROM held_users h, generate_series(1, 20000) AS n
       WHERE h.directory_id = $1 AND h.user_id = $2`,
      [directory.directoryId, ids[3]],
    );
    await owner.query('ANALYZE held_users, held_memberships');
    await reconnect(owner);
    const counts = async (): Promise<{ read: number; updated: number }> => {
      const [row] = await owner.query<{ read: number; updated: number }[]>(
        `SELECT (seq_tup_read + idx_tup_fetch)::int AS read, (n_tup_upd + n_tup_ins)::int AS updated
         FROM pg_stat_user_tables WHERE relname = 'held_users'`,
      );
      return row ?? { read: 0, updated: 0 };
    };
    const start = await waitUntil(async () => ((await counts()).updated >= 20_000 ? counts() : null));
    await write(ids[3] ?? '', { title: 'later' });
    await drainAll();
    await listHeldUsers(app, directory, { discarded: false }, { size: 2 });
    await decide('discard', [ids[4] ?? '']);
    await drainAll();
    // PostgreSQL tells what was read a little later: the last write of these is the discard.
    const end = await waitUntil(async () => ((await counts()).updated >= start.updated + 3 ? counts() : null));
    await owner.destroy();
    expect(end.read - start.read).toBeLessThan(40);
  });

  /** Connections tell what they have read up to ten seconds later, or when they end: those of the tests before must have told. */
  async function reconnect(owner: DataSource): Promise<void> {
    await app.destroy();
    const others = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend'`;
    await waitUntil(async () => ((await owner.query<unknown[]>(others)).length === 0 ? true : null));
    app = await createDataSource({ url: database.appUrl, poolSize: 10 }).initialize();
  }

  it('goes with its directory, also one that is being released', async () => {
    const ids = await users(6);
    await guarded();
    await drainAll();
    await deactivate(ids);
    await drainAll();
    await decide('release', ids.slice(0, 5));
    await deleteDirectory(asOperator(app), directory);
    await drainAll();
    const sent = await eventsAfter(9);
    expect(sent.map(({ type }) => type)).toEqual(['organization.directory_deleted']);
    while (await purgeDirectory(app, directory));
    for (const table of ['held_users', 'held_memberships', 'deprovisionings', 'deprovisioning_jobs', 'changes']) {
      expect(await count(table), table).toBe(0);
    }
  });
});

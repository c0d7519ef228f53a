import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import {
  buildDirectory,
  changeMembers,
  createGroup,
  createUser,
  normalizeForNobody as normalize,
} from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { drainBatch } from './drain-batch';
import type { DrainResult, DrainWork } from './drain-batch';
import { findDirectoriesWithChanges } from './find-pending';

let database: TestDatabase;
let app: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 10 }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

async function drainAll(directory: BuiltDirectory): Promise<void> {
  while (await drainBatch(app, directory, normalize));
}

interface EventRow {
  sequence: string;
  type: string;
  resource_id: string;
}

function eventsOf({ directoryId, environmentId }: BuiltDirectory): Promise<EventRow[]> {
  return tenantTransaction(app, { environmentId, directoryId }, (manager) =>
    manager.query('SELECT sequence, type, resource_id FROM events WHERE directory_id = $1 ORDER BY sequence', [
      directoryId,
    ]),
  );
}

async function count(directory: BuiltDirectory, table: string): Promise<number> {
  return tenantTransaction(app, directory, async (manager) => {
    const [row] = await manager.query<{ count: string }[]>(`SELECT count(*) FROM ${table} WHERE directory_id = $1`, [
      directory.directoryId,
    ]);
    return Number(row?.count);
  });
}

describe('drain', () => {
  it('numbers every change once and without a gap while writers write and two drains run', async () => {
    const directory = await buildDirectory(database.ownerUrl);
    let writing = true;
    const write = async (writer: number) => {
      for (let n = 0; n < 40; n++) await createUser(app, directory, `user-${writer}-${n}@acme.test`);
    };
    const drain = async () => {
      while (writing) await drainAll(directory);
    };
    const drains = [drain(), drain()];
    await Promise.all([1, 2, 3].map(write));
    writing = false;
    await Promise.all(drains);
    await drainAll(directory);

    const events = await eventsOf(directory);
    expect(events.map(({ sequence }) => Number(sequence))).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
    expect(new Set(events.map((event) => event.resource_id)).size).toBe(120);
    expect(await count(directory, 'changes')).toBe(0);
  });

  it('publishes what is stored: objects, memberships and counts agree with the resources', async () => {
    const directory = await buildDirectory(database.ownerUrl);
    const users = await Promise.all(['a', 'b', 'c'].map((name) => createUser(app, directory, `${name}@acme.test`)));
    const groupId = await createGroup(app, directory, 'Admins', users);
    await changeMembers(app, directory, groupId, [{ kind: 'remove', values: [users[0] ?? ''] }]);
    await drainAll(directory);
    expect(await count(directory, 'published_users')).toBe(3);
    expect(await count(directory, 'published_memberships')).toBe(2);
    expect(await count(directory, 'memberships')).toBe(2);
    const totals = await tenantTransaction(app, directory, (manager) =>
      manager.query('SELECT * FROM count_directory_resources($1)', [directory.directoryId]),
    );
    expect(totals).toEqual([{ total_users: '3', total_groups: '1' }]);
  });

  it('updates the members of a deleted group in slices, and removes its membership rows', async () => {
    const directory = await buildDirectory(database.ownerUrl);
    const users = [];
    for (let n = 0; n < 620; n++) users.push(await createUser(app, directory, `member-${n}@acme.test`));
    const groupId = await createGroup(app, directory, 'Everyone', users);
    await drainAll(directory);
    const before = (await eventsOf(directory)).length;
    await app.query('SELECT outcome FROM scim_remove_group($1, $2, $3, null, $4, null)', [
      ...directory.credentials,
      groupId,
    ]);

    const first = await drainBatch(app, directory, normalize);
    expect(first?.batch.events.length).toBe(501);
    expect(first?.batch.consumedChangeIds).toEqual([]);
    await drainAll(directory);

    const events = (await eventsOf(directory)).slice(before);
    expect(events[0]?.type).toBe('organization.directory.group_deleted');
    expect(
      events
        .slice(1)
        .map(({ resource_id }) => resource_id)
        .toSorted(),
    ).toEqual(users.toSorted());
    expect(await count(directory, 'memberships')).toBe(0);
    expect(await count(directory, 'published_memberships')).toBe(0);
    expect(await count(directory, 'changes')).toBe(0);
  });

  it('sets aside what cannot be normalized, holds back later changes of that resource and lets others go on', async () => {
    const directory = await buildDirectory(database.ownerUrl);
    const broken = await createUser(app, directory, 'broken@acme.test');
    await createUser(app, directory, 'fine@acme.test');
    const failing = (work: DrainWork): DrainResult =>
      normalize({
        ...work,
        changes: work.changes.map((change) =>
          change.kind === 'user_written' && change.resourceId === broken
            ? {
                ...change,
                get resource(): never {
                  throw new Error('not normalizable');
                },
              }
            : change,
        ),
      });
    await drainBatch(app, directory, failing);
    expect((await eventsOf(directory)).map(({ sequence }) => sequence)).toEqual(['1']);
    const [row] = await tenantTransaction(app, directory, (manager) =>
      manager.query<{ resource_id: string; set_aside_error: string }[]>(
        'SELECT resource_id, set_aside_error FROM changes',
      ),
    );
    expect(row?.resource_id).toBe(broken);
    await app.query('SELECT outcome FROM scim_remove_user($1, $2, $3, null, $4, null)', [
      ...directory.credentials,
      broken,
    ]);
    await drainAll(directory);
    expect((await eventsOf(directory)).length).toBe(1);
    expect(await count(directory, 'changes')).toBe(2);
  });

  it('says with a batch whether more is left to do, and does not count what is set aside', async () => {
    const directory = await buildDirectory(database.ownerUrl);
    for (const name of ['first', 'second']) await createUser(app, directory, `${name}@acme.test`);
    const firstAlone = (work: DrainWork) => normalize({ ...work, changes: work.changes.slice(0, 1) });
    expect(await drainBatch(app, directory, firstAlone)).toMatchObject({ isMoreLeft: true });
    const setAside = (work: DrainWork): DrainResult => {
      const { batch } = normalize({ ...work, changes: [] });
      const [change] = work.changes;
      return {
        batch: { ...batch, setAside: [{ changeId: change?.id ?? '', resourceId: 'any', error: 'not normalizable' }] },
        deliveries: [],
      };
    };
    expect(await drainBatch(app, directory, setAside)).toMatchObject({ isMoreLeft: false });
    expect(await count(directory, 'changes')).toBe(1);
    await createUser(app, directory, 'third@acme.test');
    expect(await drainBatch(app, directory, normalize)).toMatchObject({ isMoreLeft: false });
  });

  it('is found by the sweeper as long as changes are pending, and not after', async () => {
    const directory = await buildDirectory(database.ownerUrl);
    await createUser(app, directory, 'late@acme.test');
    const { environmentId, organizationId, directoryId } = directory;
    const tenant = { environmentId, organizationId, directoryId };
    expect(await findDirectoriesWithChanges(app, '', 1000)).toContainEqual(tenant);
    await drainAll(directory);
    expect(await findDirectoriesWithChanges(app, '', 1000)).not.toContainEqual(tenant);
  });
});

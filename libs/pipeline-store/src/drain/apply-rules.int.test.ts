import { spawn } from 'node:child_process';
import { bundleProgram, createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, createUser, normalizeForNobody as normalize } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { drainBatch } from './drain-batch';

let database: TestDatabase;
let app: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

async function drainAll(tenant: BuiltDirectory): Promise<void> {
  while (await drainBatch(app, tenant, normalize));
}

/** A directory whose users are published. */
async function publishUsers(count: number): Promise<BuiltDirectory> {
  const directory = await buildDirectory(database.ownerUrl);
  for (let n = 0; n < count; n++) await createUser(app, directory, `user-${n}@acme.test`);
  await drainAll(directory);
  return directory;
}

/** Maps the user name to another name in custom_attributes, as the management API does. */
function mapUserName(directory: BuiltDirectory, name: string): Promise<void> {
  return tenantTransaction(app, directory, async (manager) => {
    await manager.query('UPDATE directories SET attribute_mappings = $3 WHERE environment_id = $1 AND id = $2', [
      directory.environmentId,
      directory.directoryId,
      JSON.stringify([{ key: 'userName', map_to: name }]),
    ]);
    await manager.query('SELECT directory_id FROM start_rules_jobs($1, $2)', [
      directory.environmentId,
      directory.directoryId,
    ]);
  });
}

interface UpdatedEvent {
  sequence: number;
  data: { id: string; custom_attributes: Record<string, string> };
  previous_attributes?: object;
}

async function updatesOf(directory: BuiltDirectory): Promise<UpdatedEvent[]> {
  const rows = await tenantTransaction(app, directory, (manager) =>
    manager.query<{ body: string }[]>(
      `SELECT body FROM events WHERE directory_id = $1 AND type = 'organization.directory.user_updated' ORDER BY sequence`,
      [directory.directoryId],
    ),
  );
  return rows.map(({ body }) => JSON.parse(body) as UpdatedEvent);
}

async function jobOf(directory: BuiltDirectory): Promise<unknown> {
  const [job] = await tenantTransaction(app, { environmentId: directory.environmentId }, (manager) =>
    manager.query<unknown[]>('SELECT state, total, done FROM rules_jobs WHERE directory_id = $1', [
      directory.directoryId,
    ]),
  );
  return job;
}

describe('changed rules', () => {
  it('reach every published user once and in sequence, in slices whose progress is seen', async () => {
    const directory = await publishUsers(1_100);
    await mapUserName(directory, 'login');
    expect(await jobOf(directory)).toEqual({ state: 'pending', total: '1100', done: '0' });
    await drainBatch(app, directory, normalize);
    expect(await jobOf(directory)).toEqual({ state: 'running', total: '1100', done: '500' });
    await drainAll(directory);
    expect(await jobOf(directory)).toEqual({ state: 'finished', total: '1100', done: '1100' });
    const updates = await updatesOf(directory);
    expect(updates.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 1_100 }, (_, n) => 1_101 + n));
    expect(new Set(updates.map(({ data }) => data.id)).size).toBe(1_100);
    expect(updates[7]).toMatchObject({
      data: { custom_attributes: { login: 'user-7@acme.test' } },
      previous_attributes: { custom_attributes: { login: null } },
    });
  });

  it('reach every published user once although the worker is killed in the middle', async () => {
    const directory = await publishUsers(1_100);
    await mapUserName(directory, 'login');
    const program = await bundleProgram(`
      import { createDataSource } from '@rollcall/database';
      import { normalizeChanges } from '@rollcall/events';
      import { drainBatch, findDirectoryTenant } from '@rollcall/pipeline-store';
      import { newId } from '@rollcall/platform';
      const [url, directoryId] = process.argv.slice(2);
      const app = await createDataSource({ url, poolSize: 1 }).initialize();
      let batches = 0;
      const normalize = (work) => {
        const batch = normalizeChanges(work.changes, work.published, {
          ...work.tenant, lastSequence: work.lastSequence, epoch: work.epoch, newEventId: () => newId(), roles: work.rules });
        // The second slice is normalized and not written when the process ends.
        if (++batches === 2) process.kill(process.pid, 'SIGKILL');
        return { batch, deliveries: [] };
      };
      const tenant = await findDirectoryTenant(app, directoryId);
      while (await drainBatch(app, tenant, normalize));
    `);
    const victim = spawn(process.execPath, [program.path, database.appUrl, directory.directoryId], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const signal = await new Promise((resolve) => victim.once('exit', (_, name) => resolve(name)));
    await program.remove();
    expect(signal).toBe('SIGKILL');
    expect(await jobOf(directory)).toEqual({ state: 'running', total: '1100', done: '500' });
    await drainAll(directory);
    const updates = await updatesOf(directory);
    expect(updates.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 1_100 }, (_, n) => 1_101 + n));
    expect(new Set(updates.map(({ data }) => data.id)).size).toBe(1_100);
    expect(await jobOf(directory)).toEqual({ state: 'finished', total: '1100', done: '1100' });
  });

  it('that change again meanwhile start over, and leave nobody with the earlier ones', async () => {
    const directory = await publishUsers(600);
    await mapUserName(directory, 'first');
    await drainBatch(app, directory, normalize);
    await mapUserName(directory, 'second');
    expect(await jobOf(directory)).toEqual({ state: 'pending', total: '600', done: '0' });
    const next = await drainBatch(app, directory, normalize);
    expect(next?.batch.consumedChangeIds.length).toBe(1);
    await drainAll(directory);
    const updates = await updatesOf(directory);
    expect(updates.length).toBe(500 + 600);
    const last = new Map(updates.map(({ data }) => [data.id, Object.keys(data.custom_attributes)]));
    expect([...last.values()].every((names) => names.join() === 'second')).toBe(true);
    expect(await jobOf(directory)).toEqual({ state: 'finished', total: '600', done: '600' });
  });

  it('that change while their users are being passed reach everyone in the end', async () => {
    const directory = await publishUsers(600);
    const drains = [drainAll(directory)];
    for (const name of ['a', 'b', 'c', 'd']) {
      await mapUserName(directory, name);
      drains.push(drainAll(directory));
    }
    await Promise.all(drains);
    await drainAll(directory);
    const updates = await updatesOf(directory);
    const last = new Map(updates.map(({ data }) => [data.id, Object.keys(data.custom_attributes).join()]));
    expect([last.size, new Set(last.values())]).toEqual([600, new Set(['d'])]);
    expect(await jobOf(directory)).toEqual({ state: 'finished', total: '600', done: '600' });
  });

  it('do not hold up a change made after them', async () => {
    const directory = await publishUsers(600);
    await mapUserName(directory, 'login');
    const userId = await createUser(app, directory, 'late@acme.test');
    const first = await drainBatch(app, directory, normalize);
    expect(first?.batch.events.at(-1)).toMatchObject({
      type: 'organization.directory.user_created',
      resourceId: userId,
    });
    await drainAll(directory);
    expect((await updatesOf(directory)).length).toBe(600);
  });

  it('give nothing after the directory was deleted', async () => {
    const directory = await publishUsers(3);
    await mapUserName(directory, 'login');
    await tenantTransaction(app, directory, (manager) =>
      manager.query('UPDATE directories SET deleted_time = now() WHERE environment_id = $1 AND id = $2', [
        directory.environmentId,
        directory.directoryId,
      ]),
    );
    await drainAll(directory);
    expect(await updatesOf(directory)).toEqual([]);
  });
});

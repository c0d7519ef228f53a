import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describeMachine } from '../report/describe-machine';
import { createPool } from '@rollcall/database';
import { startDatabase } from '../systems/start-database';
import { stopPrograms } from '../systems/start-program';
import { startRollcall } from '../systems/start-rollcall';
import type { RollcallSystem } from '../systems/start-rollcall';
import { copyDirectory, countRows } from './copy-directory';
import type { Counts } from './copy-directory';

/** Users who are stored and published by Rollcall itself; the others are copies of them. */
const PATTERN = 10_000;
const LAUNCHER = 'infra/local/launch.js';

/**
 * Stores so many users, each with its event, and times `rollcall backup` and `rollcall restore` of them, each once. The restored database
 * is another one of the same PostgreSQL. Resolves to a sentence for a page. Throws when rows are missing afterwards.
 */
export async function timeBackup(users: number): Promise<string> {
  const server = await startDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-bench-backup-'));
  try {
    const system = await startRollcall(server, { worker: true });
    await publishPattern(system, Math.min(PATTERN, users));
    const { database } = system;
    await copyDirectory(database.admin, Math.ceil(users / PATTERN) - 1);
    const stored = await countRows(database.admin);
    const { rows } = await database.admin.query<{ size: string }>(
      'SELECT pg_database_size(current_database()) AS size',
    );
    const run = (urls: { appUrl: string; ownerUrl: string }, args: string[]) =>
      timed(async () => {
        const env = { DATABASE_URL: urls.appUrl, DATABASE_OWNER_URL: urls.ownerUrl, SECRET_KEY: database.secretKey };
        await promisify(execFile)(process.execPath, [LAUNCHER, 'rollcall', ...args], {
          env: { PATH: process.env.PATH, ...env },
        });
      });
    const backupSeconds = await run(database.urls, ['backup', folder]);
    await system.stop();
    const file = join(folder, (await readdir(folder)).find((name) => name.endsWith('.backup')) ?? '');
    const restored = await server.create('restored');
    const restoreSeconds = await run(restored, ['restore', file]);
    await expectRestored(restored.adminUrl, stored);
    const { size } = await stat(file);
    return `${stored.directory_users} users and ${stored.events} events, ${sizeOf(Number(rows[0]?.size))} in PostgreSQL: \`backup\` ${backupSeconds} s into a file of ${sizeOf(size)}, \`restore\` ${restoreSeconds} s (${describeMachine({ postgresVersion: server.version })}).`;
  } finally {
    await stopPrograms();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Stores users of a directory and lets the worker publish them. */
async function publishPattern(system: RollcallSystem, users: number): Promise<void> {
  const { database } = system;
  await system.seedUsers(await system.createDirectory(), users, 0);
  await database.admin.query(
    `INSERT INTO changes (directory_id, kind, resource_id, resource, users_delta, occurred_at)
     SELECT directory_id, 'user_written', id, resource, 0, now() FROM directory_users`,
  );
  for (let isWaiting = true; isWaiting; await sleep(500)) {
    const { rows } = await database.admin.query('SELECT FROM changes LIMIT 1');
    isWaiting = rows.length > 0;
  }
}

/** Whole seconds. */
async function timed(run: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await run();
  return Math.round((performance.now() - began) / 1_000);
}

async function expectRestored(adminUrl: string, stored: Counts): Promise<void> {
  const admin = createPool({ url: adminUrl, poolSize: 1, onError: () => undefined });
  const found = await countRows(admin).finally(() => admin.end());
  if (JSON.stringify(found) !== JSON.stringify(stored)) {
    throw new Error(`${JSON.stringify(stored)} were backed up, and ${JSON.stringify(found)} restored.`);
  }
}

function sizeOf(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

import { randomBytes } from 'node:crypto';
import { createLogger, readConfig } from '@rollcall/platform';
import { createTestDatabase, startReceiver } from '@rollcall/testing';
import type { Receiver, TestDatabase } from '@rollcall/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { bootstrapDatabase, createDataSource } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, buildEndpoint, createUser } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import type { EndpointKey } from '@rollcall/pipeline-store';
import { startWorker } from './start-worker';
import type { RunningWorker } from './start-worker';
import { migrateAll } from './migrate-all.test-support';

// Nobody hints in these tests: what they show holds by the sweep alone, which is the slower way.
const SECRET_KEY = randomBytes(32);
const logger = createLogger('test', { level: 'error' });

let database: TestDatabase;
let owner: DataSource;
let app: DataSource;
let receiver: Receiver;
let worker: RunningWorker;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateAll });
  owner = await createDataSource({ url: database.ownerUrl, everyTenant: true, poolSize: 1 }).initialize();
  app = await createDataSource({ url: database.appUrl }).initialize();
  await bootstrapDatabase({ ownerUrl: database.ownerUrl, keys: { secretKey: SECRET_KEY } });
});

afterAll(async () => {
  await app?.destroy();
  await owner?.destroy();
  await database?.drop();
});

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(async () => {
  await receiver.stop();
  await worker.stop();
  await owner.query('TRUNCATE changes');
});

async function start(): Promise<void> {
  const config = readConfig({
    DATABASE_URL: database.appUrl,
    SECRET_KEY: SECRET_KEY.toString('base64'),
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
    LOG_LEVEL: 'error',
  });
  worker = await startWorker(config, logger);
}

/** An endpoint whose signing secret the worker can open. */
function addEndpoint(directory: BuiltDirectory, url: string): Promise<EndpointKey> {
  return buildEndpoint(app, directory, { url, secretKey: SECRET_KEY });
}

/** Changes as an import of that many users leaves them. */
async function importUsers({ directoryId }: BuiltDirectory, count: number): Promise<void> {
  await owner.query(
    `INSERT INTO changes (directory_id, kind, resource_id, resource, users_delta, occurred_at)
     SELECT $1, 'user_written', substr($1, 1, 10) || lpad(n::text, 16, '0'),
       jsonb_build_object('userName', 'user' || n || '@example.com', 'active', true), 1, now() FROM generate_series(1, $2::int) n`,
    [directoryId, count],
  );
}

async function changesLeft({ directoryId }: BuiltDirectory): Promise<number> {
  const [row] = await owner.query<{ left: number }[]>(
    'SELECT count(*)::int AS left FROM changes WHERE directory_id = $1',
    [directoryId],
  );
  return row?.left ?? 0;
}

it('gives a small directory its turn while two others import 25,000 users each', async () => {
  const large = [await buildDirectory(database.ownerUrl), await buildDirectory(database.ownerUrl)];
  const small = await buildDirectory(database.ownerUrl);
  await addEndpoint(small, receiver.url);
  for (const directory of large) await importUsers(directory, 25_000);
  await createUser(app, small, 'ann@acme.test');
  await start();
  await receiver.waitFor((requests) => requests.length === 1);
  for (const directory of large) expect(await changesLeft(directory)).toBeGreaterThan(0);
});

it('serves an endpoint while two dozen others with a backlog each do not answer', async () => {
  const silent = await Promise.all(Array.from({ length: 24 }, () => startReceiver()));
  const busy = await buildDirectory(database.ownerUrl);
  for (const away of silent) {
    away.answerWith({ kind: 'hang' });
    await addEndpoint(busy, away.url);
  }
  await importUsers(busy, 500);
  await start();
  // Every one of them has as much under way as it may have.
  for (const away of silent) await away.waitFor((requests) => requests.length >= 10);

  const calm = await buildDirectory(database.ownerUrl);
  await addEndpoint(calm, receiver.url);
  await createUser(app, calm, 'ann@acme.test');
  await receiver.waitFor((requests) => requests.length === 1);
  for (const { requests } of silent) expect(requests.length).toBeLessThan(500);
  await Promise.all(silent.map((away) => away.stop()));
});

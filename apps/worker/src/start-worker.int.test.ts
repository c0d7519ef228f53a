import { randomBytes } from 'node:crypto';
import { createLogger, newId, readConfig } from '@rollcall/platform';
import { createHintQueue } from '@rollcall/queue';
import { createTestDatabase, newSecretKey, startReceiver, startRedis, waitUntil } from '@rollcall/testing';
import type { ReceivedRequest, Receiver, TestDatabase, TestRedis } from '@rollcall/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrapDatabase, createDataSource, createPool } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { asOperator, createReplay, findReplay } from '@rollcall/management';
import { buildDirectory, buildSignedEndpoint, createGroup, createUser } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { startWorker } from './start-worker';
import type { RunningWorker } from './start-worker';
import { migrateAll } from './migrate-all.test-support';

const SECRET_KEY = randomBytes(32);
const logger = createLogger('test', { level: 'error' });

const redis: TestRedis | null = await startRedis();
if (!redis && process.env['CI'] === 'true') throw new Error('redis-server is missing: the suite on Redis did not run');
if (!redis) process.stderr.write('redis-server is missing: "worker on Redis" did not run\n');

afterAll(() => redis?.stop());

const backends = [
  { backend: 'PostgreSQL', redisUrl: undefined },
  ...(redis ? [{ backend: 'Redis', redisUrl: redis.url }] : []),
];

describe.each(backends)('worker on $backend', ({ redisUrl }) => {
  let database: TestDatabase;
  let app: DataSource;
  let receiver: Receiver;
  let worker: RunningWorker;
  let directory: BuiltDirectory;
  let endpointId: string;
  let secret: string;

  const configOf = (changes: NodeJS.ProcessEnv = {}) =>
    readConfig({
      DATABASE_URL: database.appUrl,
      SECRET_KEY: SECRET_KEY.toString('base64'),
      ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
      WEBHOOK_RETRY_SCHEDULE: '0.2,0.2,0.2',
      LOG_LEVEL: 'error',
      ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
      ...changes,
    });

  beforeAll(async () => {
    database = await createTestDatabase({ migrate: migrateAll });
    await bootstrapDatabase({ ownerUrl: database.ownerUrl, keys: { secretKey: SECRET_KEY } });
    app = await createDataSource({ url: database.appUrl }).initialize();
    receiver = await startReceiver();
    directory = await buildDirectory(database.ownerUrl);
    const endpoint = await buildSignedEndpoint(app, directory, { url: receiver.url, secretKey: SECRET_KEY });
    ({ secret } = endpoint);
    ({ endpointId } = endpoint.key);
    worker = await startWorker(configOf(), logger);
  });

  afterAll(async () => {
    await worker.stop();
    await receiver.stop();
    await app.destroy();
    await database.drop();
  });

  it('delivers every change as a signed event, in sequence, without any hint', async () => {
    const users = [
      await createUser(app, directory, 'ann@acme.test'),
      await createUser(app, directory, 'bob@acme.test'),
    ];
    await createGroup(app, directory, 'Admins', users);
    const requests = await receiver.waitFor((all) => all.length === 6);
    const events = requests.map((request) => verify(request, secret));
    expect(events.map((event) => Number(event['sequence'])).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(events.map((event) => event['type']))).toEqual(
      new Set([
        'organization.directory.user_created',
        'organization.directory.group_created',
        'organization.directory.group_members_changed',
        'organization.directory.user_updated',
      ]),
    );
  });

  it('replays events without any hint', async () => {
    receiver.clear();
    const { environmentId, directoryId } = directory;
    const everything = { directoryId, fromSequence: null, toSequence: null, fromTime: null, toTime: null };
    const id = newId();
    await createReplay(
      asOperator(app),
      { environmentId, endpointId },
      { ...everything, id, types: [], failedOnly: false },
      { dryRun: false, retentionSeconds: 86_400 },
    );
    const requests = await receiver.waitFor((all) => all.length === 6);
    expect(new Set(requests.map(({ headers }) => headers['rollcall-replay']))).toEqual(new Set([`rpl_${id}`]));
    requests.forEach((request) => verify(request, secret));
    await waitUntil(async () => {
      const { replay } = await findReplay(app, { environmentId, endpointId, replayId: id });
      return replay.state === 'finished';
    });
  });

  it('wakes at a hint and tries again by the schedule what the receiver refused, with the same id and bytes', async () => {
    receiver.clear();
    receiver.answerOnce({ status: 500 }, { kind: 'reset' });
    const queuePool = createPool({ url: database.appUrl, poolSize: 8, onError: () => undefined });
    const queue = createHintQueue({ ...(redisUrl ? { redisUrl } : { pool: queuePool }), logger });
    await createUser(app, directory, 'cem@acme.test');
    queue.drainDirectory(directory.directoryId);
    const requests = await receiver.waitFor((all) => all.length === 3);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    requests.forEach((request) => verify(request, secret));
    await queue.close(1_000);
    await queuePool.end();
  });

  it('measures what it did', async () => {
    const read = async (name: string, labels: object = {}) =>
      (await worker.operations.series())
        .find((one) => one.name === name)
        ?.values.filter(
          (value) =>
            !('metricName' in value && value.metricName !== `${name}_count`) &&
            Object.entries(labels).every(([label, expected]) => (value.labels as object)[label as never] === expected),
        )
        .reduce((sum, { value }) => sum + value, 0);
    const outcomes = { outcome: 'succeeded', reason: '2xx' };
    // The replay sends six once more. A receiver has a webhook before its answer is counted.
    await expect.poll(() => read('rollcall_delivery_attempts_total', outcomes), { timeout: 15_000 }).toBe(13);
    expect(await read('rollcall_changes_drained_total')).toBe(5);
    expect(await read('rollcall_events_published_total')).toBe(7);
    expect(await read('rollcall_changes_set_aside_total')).toBe(0);
    expect(await read('rollcall_drain_batch_seconds')).toBeGreaterThan(0);
    expect(await read('rollcall_delivery_attempts_total', { outcome: 'retried', reason: '5xx' })).toBe(1);
    expect(await read('rollcall_delivery_attempts_total', { outcome: 'retried', reason: 'reset' })).toBe(1);
    expect(await read('rollcall_delivery_attempt_seconds', { outcome: 'succeeded' })).toBe(13);
    expect(await read('rollcall_delivery_latency_seconds')).toBe(7);
    expect(await read('rollcall_deliveries_due')).toBe(0);
    expect(await read('rollcall_queue_up')).toBe(1);
    expect(await read('rollcall_database_pool_max_connections', { pool: 'work' })).toBe(12);
  });

  it('refuses to start with a key the database was not sealed with', async () => {
    const other = configOf({ SECRET_KEY: randomBytes(32).toString('base64') });
    await expect(startWorker(other, logger)).rejects.toMatchObject({ code: 'secret_key_mismatch' });
  });
});

it('starts with a new key beside the one the database was sealed with, and signs with what that one sealed', async () => {
  const database = await createTestDatabase({ migrate: migrateAll });
  await bootstrapDatabase({ ownerUrl: database.ownerUrl, keys: { secretKey: SECRET_KEY } });
  const app = await createDataSource({ url: database.appUrl, poolSize: 1 }).initialize();
  const receiver = await startReceiver();
  const directory = await buildDirectory(database.ownerUrl);
  const { secret } = await buildSignedEndpoint(app, directory, { url: receiver.url, secretKey: SECRET_KEY });
  const config = readConfig({
    DATABASE_URL: database.appUrl,
    SECRET_KEY: newSecretKey(),
    SECRET_KEY_PREVIOUS: SECRET_KEY.toString('base64'),
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
  });
  const worker = await startWorker(config, logger);
  await createUser(app, directory, 'dan@acme.test');
  const requests = await receiver.waitFor((all) => all.length === 1);
  expect(requests.map((request) => verify(request, secret)['type'])).toEqual(['organization.directory.user_created']);
  await worker.stop();
  await receiver.stop();
  await app.destroy();
  await database.drop();
});

it('warns of tokens that end and forgets old mails although other rows that are old cannot be deleted', async () => {
  const database = await createTestDatabase({ migrate: migrateAll });
  await bootstrapDatabase({ ownerUrl: database.ownerUrl, keys: { secretKey: SECRET_KEY } });
  const admin = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
  const directory = await buildDirectory(database.ownerUrl);
  const { directoryId, environmentId } = directory;
  await admin.query(`UPDATE directory_secrets SET expire_time = now() + interval '1 day' WHERE directory_id = $1`, [
    directoryId,
  ]);
  await admin.query(
    `INSERT INTO mails (environment_id, id, kind, address_hash, state, create_time, expire_time)
     VALUES ($1, $2, 'test', '', 'sent', now() - interval '8 days', now() - interval '7 days')`,
    [environmentId, newId()],
  );
  await admin.query(
    `CREATE OR REPLACE FUNCTION delete_expired_rows(p_days integer, p_after text, p_limit integer, p_directories integer)
     RETURNS TABLE (deleted bigint, next_after text) LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$`,
  );
  const config = readConfig({ DATABASE_URL: database.appUrl, SECRET_KEY: SECRET_KEY.toString('base64') });
  const worker = await startWorker(config, createLogger('test', { level: 'fatal' }));
  const undone = `SELECT 1 FROM mails UNION ALL
    SELECT 1 FROM directory_secrets WHERE expire_time IS NOT NULL AND expiry_warned_days IS NULL`;
  await expect.poll(() => admin.query(undone), { timeout: 30_000 }).toEqual([]);
  await worker.stop();
  await admin.destroy();
  await database.drop();
});

function verify(request: ReceivedRequest, secret: string): Record<string, unknown> {
  return new Webhook(secret).verify(request.body, request.headers as Record<string, string>) as Record<string, unknown>;
}

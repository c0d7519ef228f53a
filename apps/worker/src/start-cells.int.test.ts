import { createLogger, readConfig } from '@rollcall/platform';
import {
  createTestDatabase,
  newSecretKey,
  startFaultProxy,
  startReceiver,
  startRedis,
  waitUntil,
} from '@rollcall/testing';
import type { FaultProxy, Receiver, TestDatabase, TestRedis } from '@rollcall/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrapDatabase, createDataSource } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { copyConfiguration } from '@rollcall/management';
import { buildDirectory, buildSignedEndpoint, createUser } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { startCells } from './start-cells';
import type { RunningWorker } from './start-worker';
import { migrateAll } from './migrate-all.test-support';

const SECRET_KEY = newSecretKey();
const keys = { secretKey: Buffer.from(SECRET_KEY, 'base64') };

const redis: TestRedis | null = await startRedis();
afterAll(() => redis?.stop());

/** One database of the two, and a way to it that can be closed. */
interface Cell {
  database: TestDatabase;
  app: DataSource;
  proxy: FaultProxy;
  /** Leads through the proxy. */
  url: string;
  directory: BuiltDirectory;
}

async function openCell(): Promise<Omit<Cell, 'directory'>> {
  const database = await createTestDatabase({ migrate: migrateAll });
  const app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
  const url = new URL(database.appUrl);
  const proxy = await startFaultProxy({ targetPort: Number(url.port), targetHost: url.hostname });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return { database, app, proxy, url: url.href };
}

const backends = [
  { backend: 'PostgreSQL', redisUrl: undefined },
  ...(redis ? [{ backend: 'Redis', redisUrl: redis.url }] : []),
];

describe.each(backends)('the workers of two cells in one process, woken by $backend', ({ redisUrl }) => {
  let control: Cell;
  let b: Cell;
  let receiver: Receiver;
  let secret: string;
  let running: RunningWorker | undefined;
  const lines: { msg: string; cell?: string }[] = [];
  const logger = createLogger('test', {
    level: 'info',
    destination: { write: (line) => void lines.push(JSON.parse(line) as { msg: string; cell?: string }) },
  });

  const configOf = (changes: NodeJS.ProcessEnv = {}) =>
    readConfig({
      DATABASE_URL: control.url,
      CELLS: `b=${b.url}`,
      SECRET_KEY,
      ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
      WEBHOOK_RETRY_SCHEDULE: '0.2,0.2,0.2',
      ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
      ...changes,
    });

  /** Makes a user in a cell and waits for its event; returns it. */
  async function deliver({ app, directory }: Cell, email: string): Promise<Record<string, unknown>> {
    await createUser(app, directory, email);
    const requests = await receiver.waitFor((all) => all.some(({ body }) => body.includes(email)));
    const request = requests.find(({ body }) => body.includes(email));
    const headers = (request?.headers ?? {}) as Record<string, string>;
    return new Webhook(secret).verify(request?.body ?? '', headers) as Record<string, unknown>;
  }

  const degraded = async () => (await running?.operations.readiness())?.degraded;

  beforeAll(async () => {
    receiver = await startReceiver();
    const [first, second] = [await openCell(), await openCell()];
    const made = await bootstrapDatabase({ ownerUrl: first.database.ownerUrl, keys });
    const environmentId = made?.credentials.environment_id.slice(4) ?? '';
    const endpoint = await buildSignedEndpoint(first.app, { environmentId }, { url: receiver.url, ...keys });
    ({ secret } = endpoint);
    await copyConfiguration(first.app, second.app);
    control = { ...first, directory: await buildDirectory(first.database.ownerUrl, { environmentId }) };
    b = { ...second, directory: await buildDirectory(second.database.ownerUrl, { environmentId }) };
  });

  afterAll(async () => {
    await running?.stop();
    await receiver.stop();
    for (const { app, proxy, database } of [control, b]) {
      await app.destroy();
      await proxy.stop();
      await database.drop();
    }
  });

  it('start without a cell that is down, and begin with it when it is there', async () => {
    await b.proxy.setFault({ kind: 'refuse' });
    running = await startCells(configOf(), logger);
    expect(await deliver(control, 'ann@acme.test')).toMatchObject({ sequence: 1 });
    expect(await running.operations.readiness()).toMatchObject({ status: 'ok' });
    expect(await degraded()).toContain('cell b');
    await waitUntil(() => lines.some(({ msg, cell }) => msg === 'the cell cannot be worked for' && cell === 'b'));
    await b.proxy.setFault({ kind: 'pass' });
    expect(await deliver(b, 'bob@acme.test')).toMatchObject({ sequence: 1 });
    await waitUntil(async () => (await degraded())?.length === 0);
  });

  it('deliver for both, and sign with what was sealed in the control cell', async () => {
    receiver.clear();
    const users = [1, 2, 3].flatMap((n) => [deliver(control, `u${n}@control.test`), deliver(b, `u${n}@b.test`)]);
    const events = await Promise.all(users);
    expect(new Set(events.map(({ environment_id }) => environment_id)).size).toBe(1);
    await waitUntil(() => receiver.requests.length >= 6);
    expect(receiver.requests).toHaveLength(6);
  });

  it('tell their work by cell', async () => {
    const published = (await running?.operations.series())?.filter(
      ({ name }) => name === 'rollcall_events_published_total',
    );
    const cells = published?.flatMap(({ values }) => values.map(({ labels }) => (labels as { cell?: string }).cell));
    expect(cells?.toSorted()).toEqual(['b', 'control']);
  });

  it('go on in one cell while the other is stopped, whichever it is, and take up what came meanwhile', async () => {
    for (const [stopped, other] of [
      [b, control],
      [control, b],
    ] as const) {
      await stopped.proxy.setFault({ kind: 'refuse' });
      receiver.clear();
      const late = `late@${stopped.database.name}.test`;
      await createUser(stopped.app, stopped.directory, late);
      await deliver(other, `other@${stopped.database.name}.test`);
      expect(receiver.requests.some(({ body }) => body.includes(late))).toBe(false);
      expect(await running?.operations.readiness()).toMatchObject({ status: 'ok' });
      await stopped.proxy.setFault({ kind: 'pass' });
      await receiver.waitFor((all) => all.some(({ body }) => body.includes(late)));
      await waitUntil(async () => (await degraded())?.length === 0);
    }
  });

  it('are one alone with CELL, which needs no other cell', async () => {
    await running?.stop();
    await control.proxy.setFault({ kind: 'refuse' });
    running = await startCells(configOf({ CELL: 'b' }), logger);
    await deliver(b, 'alone@acme.test');
    expect(await running.operations.readiness()).toEqual({ status: 'ok', degraded: [] });
  });

  it('do not start when no cell lets them', async () => {
    await b.proxy.setFault({ kind: 'refuse' });
    await expect(startCells(configOf(), logger)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, createGroup, createUser, normalizeForNobody as normalize } from '@rollcall/test-builders';
import { drainBatch } from './drain-batch';

let database: TestDatabase;
let app: DataSource;
let relay: Awaited<ReturnType<typeof startRelay>>;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  const url = new URL(database.appUrl);
  relay = await startRelay(Number(url.port));
  url.port = String(relay.port);
  app = await createDataSource({ url: url.href, poolSize: 1 }).initialize();
});

afterAll(async () => {
  await app.destroy();
  relay.stop();
  await database.drop();
});

/** How often something was sent after something had come back. */
async function tripsOf(work: () => Promise<unknown>): Promise<number> {
  const before = relay.trips();
  await work();
  return relay.trips() - before;
}

it('asks and writes a batch in six round trips, one more for its groups, and looks in three whether there is more', async () => {
  const directory = await buildDirectory(database.ownerUrl);
  const userId = await createUser(app, directory, 'first@acme.test');
  expect(await tripsOf(() => drainBatch(app, directory, normalize))).toBe(6);
  expect(await tripsOf(() => drainBatch(app, directory, normalize))).toBe(3);
  await createGroup(app, directory, 'Admins', [userId]);
  expect(await tripsOf(() => drainBatch(app, directory, normalize))).toBe(7);
});

/** Passes everything on, and counts the round trips of the clients. */
async function startRelay(targetPort: number): Promise<{ port: number; trips: () => number; stop: () => void }> {
  let trips = 0;
  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    let isAnswered = true;
    client.on('data', (chunk) => {
      if (isAnswered) trips += 1;
      isAnswered = false;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      isAnswered = true;
      client.write(chunk);
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.on('error', () => undefined).on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, trips: () => trips, stop: () => server.close() };
}

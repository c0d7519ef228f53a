import { createMetrics } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, createUser } from '@rollcall/test-builders';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { watchDrainLag } from './watch-drain-lag';

let database: TestDatabase;
let app: DataSource;
let owner: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 2 }).initialize();
  owner = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
});

afterAll(async () => {
  await Promise.all([app.destroy(), owner.destroy()]);
  await database.drop();
});

const look = () => watchDrainLag(app, createMetrics('test'));

/** Makes every change of the database as old as that. */
async function age(seconds: number): Promise<void> {
  await owner.query(`UPDATE changes SET occurred_at = now() - $1 * interval '1 second'`, [seconds]);
}

it('is how long the oldest change of any directory has waited, and late after more than a minute', async () => {
  await owner.query('DELETE FROM changes');
  expect(await look().seconds()).toBe(0);
  expect(await look().isLate()).toBe(false);
  const [first, second] = [await buildDirectory(database.ownerUrl), await buildDirectory(database.ownerUrl)];
  await createUser(app, first, 'ada@acme.test');
  await createUser(app, second, 'grace@acme.test');
  await age(50);
  expect(await look().isLate()).toBe(false);
  await owner.query(`UPDATE changes SET occurred_at = now() - interval '90 seconds' WHERE directory_id = $1`, [
    second.directoryId,
  ]);
  expect(await look().seconds()).toBeGreaterThanOrEqual(90);
  expect(await look().isLate()).toBe(true);
});

it('does not count what was set aside, which is looked at again by itself', async () => {
  await age(90);
  expect(await look().isLate()).toBe(true);
  await owner.query('UPDATE changes SET set_aside_time = now()');
  expect(await look().isLate()).toBe(false);
});

it('is a metric, and is asked for seldom however often it is wanted', async () => {
  const metrics = createMetrics('test');
  const lag = watchDrainLag(app, metrics);
  await owner.query('UPDATE changes SET set_aside_time = NULL');
  await age(120);
  const read = async () =>
    (await metrics.series()).find(({ name }) => name === 'rollcall_drain_lag_seconds')?.values[0]?.value;
  const first = await read();
  expect(first).toBeGreaterThanOrEqual(120);
  await age(0);
  expect(await Promise.all([read(), lag.seconds()])).toEqual([first, first]);
});

it('is known to nobody while the database does not answer', async () => {
  const gone = createDataSource({ url: database.appUrl, poolSize: 1 });
  const lag = watchDrainLag(gone, createMetrics('test'));
  expect(await lag.seconds()).toBeNull();
  expect(await lag.isLate()).toBe(false);
});

import { createTestDatabase, startFaultProxy } from '@rollcall/testing';
import type { FaultProxy, TestDatabase } from '@rollcall/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openProbe } from './open-probe';

let database: TestDatabase;
let proxy: FaultProxy;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startFaultProxy({ targetPort: Number(new URL(database.appUrl).port) });
});

afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

it('says no while the server takes no writes, or has come to the end of something, and yes again afterwards', async () => {
  const admin = new Client(database.adminUrl);
  await admin.connect();
  const probe = openProbe({ url: database.appUrl, statementMs: 8_000 });
  expect(await probe.answers()).toBe(true);
  await admin.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await expect.poll(() => probe.answers()).toBe(false);
  await admin.query(`SET default_transaction_read_only = off`);
  await admin.query(`ALTER DATABASE ${database.name} RESET default_transaction_read_only`);
  await expect.poll(() => probe.answers()).toBe(true);
  probe.tell(Object.assign(new Error('could not extend file'), { code: '53100' }));
  expect(await probe.answers()).toBe(false);
  await expect.poll(() => probe.answers(), { timeout: 60_000 }).toBe(true);
  probe.tell(new Error('something else'));
  expect(await probe.answers()).toBe(true);
  await Promise.all([probe.end(), admin.end()]);
});

it('says whether the database answers, in silence too, and asks again once it is over', async () => {
  const url = Object.assign(new URL(database.appUrl), { hostname: '127.0.0.1', port: String(proxy.port) }).href;
  const probe = openProbe({ url, statementMs: 8_000 });
  expect(await probe.answers()).toBe(true);
  await proxy.setFault({ kind: 'silent' });
  expect(await Promise.all([probe.answers(), probe.answers()])).toEqual([false, false]);
  await proxy.setFault({ kind: 'pass' });
  await expect.poll(() => probe.answers()).toBe(true);
  await proxy.setFault({ kind: 'refuse' });
  expect(await probe.answers()).toBe(false);
  await probe.end();
});

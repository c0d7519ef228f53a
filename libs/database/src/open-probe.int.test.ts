import { createTestDatabase, startFaultProxy } from '@rollcall/testing';
import type { FaultProxy, TestDatabase } from '@rollcall/testing';
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

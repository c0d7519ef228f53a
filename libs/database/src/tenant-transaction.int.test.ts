import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { migrateDatabase } from './migrate-database';
import { runStatement } from './run-statement';
import { inPipeline, sqlState, tenantTransaction } from './tenant-transaction';

let database: TestDatabase;
let app: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 1 }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

const tenant = { environmentId: 'acme' };

it('runs what was sent together in its order, as the tenant', async () => {
  const seen = await tenantTransaction(app, tenant, (manager) =>
    inPipeline(
      manager.query<unknown[]>(`SELECT current_setting('rollcall.environment_id') AS value`),
      manager.query(`SELECT set_config('rollcall.try', 'set', true) AS value`),
      manager.query<unknown[]>(`SELECT current_setting('rollcall.try') AS value`),
    ),
  );
  expect(seen).toEqual([[{ value: 'acme' }], [{ value: 'set' }], [{ value: 'set' }]]);
});

it('throws what failed first, when all that was sent has ended, and nothing of it stays', async () => {
  let ended = 0;
  const sent = (work: Promise<unknown>) => work.finally(() => (ended += 1));
  const failing = tenantTransaction(app, tenant, (manager) =>
    inPipeline(
      sent(manager.query('SELECT 1/0')),
      sent(manager.query('SELECT 2')),
      sent(manager.query('SELECT no_such_column')),
    ),
  );
  // 22012: division by zero. The second says only that the transaction was aborted.
  await expect(failing.catch((error: unknown) => [sqlState(error), ended])).resolves.toEqual(['22012', 3]);
  expect(await app.query('SELECT 3 AS next')).toEqual([{ next: 3 }]);
});

it('throws what failed, not that others failed for it', async () => {
  const failing = tenantTransaction(app, tenant, async (manager) => {
    const later = async () => {
      await manager.query('SELECT 1');
      await manager.query('SELECT 2');
    };
    await inPipeline(later(), manager.query('SELECT 1/0'));
  });
  await expect(failing.catch(sqlState)).resolves.toBe('22012');
});

it('sets the tenant before the first statement, also one that is sent through the query runner', async () => {
  const environmentOf = `SELECT current_setting('rollcall.environment_id') AS environment`;
  const first = await tenantTransaction(app, tenant, (manager) => runStatement(manager, environmentOf));
  expect(first.rows).toEqual([{ environment: 'acme' }]);
});

it('tells why the tenant was not entered, and runs none of the work outside the transaction', async () => {
  const states: unknown[] = [];
  const refused = tenantTransaction(app, { environmentId: 'acme', statementTimeoutMs: -5 }, async (manager) => {
    for (let statement = 0; statement < 3; statement++) {
      await manager.query('SELECT 1').catch((error: unknown) => states.push(sqlState(error)));
    }
  });
  await expect(refused.catch(sqlState)).resolves.toBe('22023');
  // 25P02: in a transaction that was aborted.
  expect(states).toEqual(['25P02', '25P02', '25P02']);
});

import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { migrateDatabase } from './migrate-database';
import { readFunctions } from './read-functions';

let database: TestDatabase;
let admin: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  admin = await createDataSource({ url: database.adminUrl, poolSize: 1 }).initialize();
});

afterAll(async () => {
  await admin.destroy();
  await database.drop();
});

it('PostgreSQL takes every function with its body checked against the tables and functions that there are', async () => {
  await admin.query('BEGIN; SET LOCAL check_function_bodies = on');
  for (const { name, text } of readFunctions().values()) await expect(admin.query(text), name).resolves.toBeDefined();
  await admin.query('ROLLBACK');
});

// Extra warnings are of variables that are never read: an assignment sets the tenant, which costs less than a statement.
it('plpgsql_check finds nothing in any function', async (context) => {
  const available = await admin.query<unknown[]>(`SELECT FROM pg_available_extensions WHERE name = 'plpgsql_check'`);
  // infra/build/test.js says when no server of the machine has it.
  if (available.length === 0) return context.skip('this server has no plpgsql_check');
  await admin.query('CREATE EXTENSION plpgsql_check');
  const [checked] = await admin.query<{ count: number }[]>(`SELECT count(*)::integer AS count ${PLPGSQL}`);
  expect(checked?.count).toBeGreaterThan(30);
  expect(
    await admin.query(`SELECT p.proname, c.lineno, c.level, c.message, c.detail, c.hint
      ${PLPGSQL.replace('FROM pg_proc p', 'FROM pg_proc p, LATERAL plpgsql_check_function_tb(p.oid, fatal_errors := false, extra_warnings := false) c')}`),
  ).toEqual([]);
});

const PLPGSQL = `FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
  AND p.prolang = (SELECT l.oid FROM pg_language l WHERE l.lanname = 'plpgsql')`;

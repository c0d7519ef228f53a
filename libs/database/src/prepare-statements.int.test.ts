import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataSource } from './connect-database';
import type { DataSource } from './connect-database';
import { prepared } from './prepare-statements';

let database: TestDatabase;
let app: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createDataSource({ url: database.appUrl, poolSize: 1 }).initialize();
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

const TWICE = prepared('SELECT 2 * $1::integer AS twice');

const namedStatements = () =>
  app.query<{ statement: string }[]>(
    `SELECT statement FROM pg_prepared_statements WHERE from_sql IS FALSE AND name <> '' AND statement LIKE 'SELECT % * %'`,
  );

it('parses a prepared statement once for a connection, also when it is sent again before the first answer', async () => {
  const answers = await app.transaction((manager) =>
    Promise.all([1, 2, 3].map((n) => manager.query<{ twice: number }[]>(TWICE, [n]))),
  );
  expect(answers).toEqual([[{ twice: 2 }], [{ twice: 4 }], [{ twice: 6 }]]);
  expect(await namedStatements()).toEqual([{ statement: TWICE }]);
});

it('leaves a connection nothing of any other statement', async () => {
  expect(await app.query('SELECT 3 * $1::integer AS thrice', [2])).toEqual([{ thrice: 6 }]);
  expect(await namedStatements()).toEqual([{ statement: TWICE }]);
});

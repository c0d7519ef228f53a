import { expect, it } from 'vitest';
import { prepared } from './prepare-statements';
import { useConnection } from './use-connection.test-support';

const connection = useConnection();

const TWICE = prepared('SELECT 2 * $1::integer AS twice');

const namedStatements = () =>
  connection.app.query<{ statement: string }[]>(
    `SELECT statement FROM pg_prepared_statements WHERE from_sql IS FALSE AND name <> '' AND statement LIKE 'SELECT % * %'`,
  );

it('parses a prepared statement once for a connection, also when it is sent again before the first answer', async () => {
  const answers = await connection.app.transaction((manager) =>
    Promise.all([1, 2, 3].map((n) => manager.query<{ twice: number }[]>(TWICE, [n]))),
  );
  expect(answers).toEqual([[{ twice: 2 }], [{ twice: 4 }], [{ twice: 6 }]]);
  expect(await namedStatements()).toEqual([{ statement: TWICE }]);
});

it('leaves a connection nothing of any other statement', async () => {
  expect(await connection.app.query('SELECT 3 * $1::integer AS thrice', [2])).toEqual([{ thrice: 6 }]);
  expect(await namedStatements()).toEqual([{ statement: TWICE }]);
});

import { types } from 'pg';
import type { Pool, QueryResultRow } from 'pg';
import { longTransaction } from './long-transaction';
import { retrySerialization } from './tenant-transaction';

type TypeId = Parameters<typeof types.getTypeParser>[0];

/** JSON columns stay text: most are sent on as they are, and the rest are parsed by who needs them. */
export const textualJson = {
  getTypeParser: (oid: TypeId): ((value: string) => unknown) =>
    oid === types.builtins.JSONB ? (value) => value : types.getTypeParser(oid, 'text'),
};

/** Calls SQL functions, several in one statement where it can (`createCallGatherer`). */
export interface CallGatherer {
  call<Row extends QueryResultRow>(name: string, values: readonly unknown[]): Promise<Row[]>;
}

/** Where a function may be called: in a statement of its own, or in one with others. */
export type FunctionCaller = Pool | CallGatherer;

/**
 * Calls one SQL function as a named prepared statement (parsed once per connection) in one round trip, again when PostgreSQL
 * asks for it. Returns its rows.
 */
export async function callFunction<Row extends QueryResultRow>(
  functions: FunctionCaller,
  name: string,
  values: readonly unknown[],
): Promise<Row[]> {
  if ('call' in functions) return functions.call(name, values);
  return retrySerialization(() => queryFunction<Row>(functions, name, values));
}

/** Calls functions whose statements may take longer than those of the pool's sessions; each in a transaction of its own. */
export function createLongCaller(pool: Pool, statementMs: number): CallGatherer {
  return {
    call: <Row extends QueryResultRow>(name: string, values: readonly unknown[]) =>
      retrySerialization(() =>
        longTransaction(pool, { statementMs }, (client) => queryFunction<Row>(client, name, values)),
      ),
  };
}

async function queryFunction<Row extends QueryResultRow>(
  connection: Pick<Pool, 'query'>,
  name: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const text = `SELECT * FROM ${name}(${values.map((_, index) => `$${index + 1}`).join(', ')})`;
  const { rows } = await connection.query<Row>({ name, text, values: [...values], types: textualJson });
  return rows;
}

/** The one row of a function that always returns one. */
export async function callForRow<Row extends QueryResultRow>(
  functions: FunctionCaller,
  name: string,
  values: readonly unknown[],
): Promise<Row> {
  const [row] = await callFunction<Row>(functions, name, values);
  if (!row) throw new Error(`${name} returned no row`);
  return row;
}

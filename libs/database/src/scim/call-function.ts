import { types } from 'pg';
import type { Pool, QueryResultRow } from 'pg';
import { retrySerialization, sqlState } from '../tenant-transaction';

/** A bearer token whose hash was verified: which of its directory's secrets it is. */
export interface ScimCaller {
  directoryId: string;
  secretId: string;
  secretVersion: number;
}

/** Whether the token may act now, read together with the operation. */
export type CallerState = 'ok' | 'unknown' | 'revoked' | 'expired' | 'disabled' | 'feature_off';

/** What every call tells beside its result. With a state other than 'ok' nothing was read or written. */
export interface Admission {
  state: CallerState;
  /** The secret's last use should be recorded (`touchSecrets`), not awaited. */
  touch: boolean;
}

/** Strict mode: these member values name neither a user nor a group of the directory (the first five). */
export class UnresolvedMembersError extends Error {
  override readonly name = 'UnresolvedMembersError';

  constructor(readonly values: readonly string[]) {
    super('member values without a user or group');
  }
}

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
  const text = `SELECT * FROM ${name}(${values.map((_, index) => `$${index + 1}`).join(', ')})`;
  try {
    const { rows } = await retrySerialization(() =>
      functions.query<Row>({ name, text, values: [...values], types: textualJson }),
    );
    return rows;
  } catch (error) {
    if (sqlState(error) !== 'RC400') throw error;
    const { detail } = error as { detail?: string };
    throw new UnresolvedMembersError(detail?.split(', ') ?? []);
  }
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

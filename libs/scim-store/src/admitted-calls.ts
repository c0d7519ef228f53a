import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { callFunction, createLongCaller } from '@rollcall/database';
import type { FunctionCaller } from '@rollcall/database';
import type { Admission, CallerState, ScimCaller } from './caller';

/** A verified token may not act now: nothing was read or written for it. */
export class NotAdmitted extends Error {
  override readonly name = 'NotAdmitted';

  constructor(readonly state: Exclude<CallerState, 'ok'>) {
    super(`the caller is not admitted: ${state}`);
  }
}

/** What calls are made with. */
export interface CallConnection {
  functions: FunctionCaller;
  /** For transactions of several statements. */
  pool: () => Pool;
  /** Takes in that a secret was used. */
  recordUse: (caller: ScimCaller) => void;
}

/**
 * The calls of one caller. Each reads in the same round trip whether the caller may act, and gives rows only then; so
 * the stores, which take nothing else, have no row for a caller who is not admitted. The fields are private: an object
 * that only looks like this one does not pass the compiler.
 */
export class AdmittedCalls {
  readonly #caller: ScimCaller;
  readonly #connection: CallConnection;
  #wasAdmitted = false;

  constructor(caller: ScimCaller, connection: CallConnection) {
    this.#caller = caller;
    this.#connection = connection;
  }

  /** The directory that the caller acts in. */
  get directoryId(): string {
    return this.#caller.directoryId;
  }

  /**
   * The rows of a SCIM function; `values` are its arguments behind those that name the caller. `statementMs`: what it may take
   * when that is more than a statement may otherwise.
   * @throws NotAdmitted unless the caller may act.
   */
  async call<Row extends QueryResultRow>(
    name: string,
    values: readonly unknown[],
    statementMs?: number,
  ): Promise<[Row, ...Row[]]> {
    const { functions: ordinary, pool } = this.#connection;
    const functions = statementMs === undefined ? ordinary : createLongCaller(pool(), statementMs);
    const parameters = [...callerValues(this.#caller), ...values];
    const [row, ...rows] = await callFunction<Row & Admission>(functions, name, parameters);
    if (!row) throw new Error(`${name} returned no row`);
    this.#admit(row);
    return [row, ...rows];
  }

  /** The one row of a function that always returns one; see `call`. */
  async callForRow<Row extends QueryResultRow>(
    name: string,
    values: readonly unknown[],
    statementMs?: number,
  ): Promise<Row> {
    const [row] = await this.call<Row>(name, values, statementMs);
    return row;
  }

  /**
   * Runs statements in one read-only transaction, each for at most `timeoutMs` (then SQLSTATE 57014).
   * @throws NotAdmitted unless the caller may act; nothing runs then.
   */
  async read<Result>(timeoutMs: number, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.#connection.pool().connect();
    let failure: Error | undefined;
    try {
      await client.query('BEGIN READ ONLY');
      const { rows } = await client.query<Admission>({
        name: 'scim_enter_search',
        text: `SELECT e.state, e.touch, set_config('statement_timeout', $4, true) FROM scim_enter($1, $2, $3) e`,
        values: [...callerValues(this.#caller), String(timeoutMs)],
      });
      const [admission] = rows;
      if (!admission) throw new Error('scim_enter returned no row');
      this.#admit(admission);
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      failure = error as Error;
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      // A connection whose rollback may have failed is not used again.
      const isSound = failure === undefined || failure instanceof NotAdmitted || 'code' in failure;
      client.release(isSound ? undefined : failure);
    }
  }

  /**
   * For what touches no resource, and for an error that was found before anything was asked for: a caller who may not act
   * learns nothing else. Asks only when no call has been admitted before.
   * @throws NotAdmitted unless the caller may act.
   */
  async confirm(): Promise<void> {
    if (!this.#wasAdmitted) await this.call('scim_enter', []);
  }

  #admit({ state, touch }: Admission): void {
    if (state !== 'ok') throw new NotAdmitted(state);
    this.#wasAdmitted = true;
    if (touch) this.#connection.recordUse(this.#caller);
  }
}

/** A caller as the first arguments of the SCIM functions. */
function callerValues({ directoryId, secretId, secretVersion }: ScimCaller): [string, string, number] {
  return [directoryId, secretId, secretVersion];
}

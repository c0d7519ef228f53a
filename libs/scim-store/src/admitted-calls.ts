import type { PoolClient, QueryResultRow } from 'pg';
import { callFunction } from '@rollcall/database';
import type { FunctionCaller } from '@rollcall/database';
import { isBareId, runInSlices, tracedId } from '@rollcall/platform';
import type { Span } from '@rollcall/platform';
import type { Admission, CallerState, ScimCaller } from './caller';
import type { ResourceTable } from './resource-table';
import type { SharedPool } from './share-pool';

/** A verified token may not act now: nothing was read or written for it. */
export class NotAdmitted extends Error {
  override readonly name = 'NotAdmitted';

  constructor(readonly state: Exclude<CallerState, 'ok'>) {
    super(`the caller is not admitted: ${state}`);
  }
}

/** The request that calls are made for. */
export interface CallRequest {
  /** Bare: by what changes and events are found again in the request log. */
  id: string;
  /** Where traces are made. */
  span?: Span;
  /** Of a caller who may name resources by ids of another service: what they are here. */
  ownIdOf?: (foreignId: string) => string;
}

/** What calls are made with. */
export interface CallConnection {
  functions: FunctionCaller;
  /** For searches that an index serves, as for calls that take long, and for those that look at every resource. */
  searches: { indexed: SharedPool; scanning: SharedPool };
  /** What a directory's searches may cost that look into every resource. */
  scans: ScanBudget;
  /** Takes in that a secret was used. */
  recordUse: (caller: ScimCaller) => void;
}

/** How much of its searches' work a directory may ask for. */
export interface ScanBudget {
  /** Throws when the directory has used up what it may. */
  admit(directoryId: string): void;
  charge(directoryId: string, milliseconds: number): void;
}

/**
 * The calls of one caller. Each reads in the same round trip whether the caller may act, and gives rows only then; so
 * the stores, which take nothing else, have no row for a caller who is not admitted. The fields are private: an object
 * that only looks like this one does not pass the compiler.
 */
export class AdmittedCalls {
  readonly #caller: ScimCaller;
  readonly #connection: CallConnection;
  readonly #request: CallRequest;
  #wasAdmitted = false;
  #hasChanged = false;

  constructor(caller: ScimCaller, connection: CallConnection, request: CallRequest) {
    this.#caller = caller;
    this.#connection = connection;
    this.#request = request;
  }

  /** The directory that the caller acts in. */
  get directoryId(): string {
    return this.#caller.directoryId;
  }

  /** The bare id of the token that the caller came with. */
  get secretId(): string {
    return this.#caller.secretId;
  }

  /** The bare id in the request log of the request that the calls are made for. */
  get requestId(): string {
    return this.#request.id;
  }

  /** Whether the caller has changed anything. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /** The id here of a resource that the caller names by an id. */
  ownIdOf(id: string): string {
    return isBareId(id) ? id : (this.#request.ownIdOf?.(id) ?? id);
  }

  /** The same of many, in which others come between. */
  async ownIdsOf(ids: readonly string[]): Promise<readonly string[]> {
    return this.#request.ownIdOf ? runInSlices(this.#translate(ids)) : ids;
  }

  *#translate(ids: readonly string[]): Generator<void, string[]> {
    const own: string[] = [];
    for (const id of ids) {
      own.push(this.ownIdOf(id));
      yield;
    }
    return own;
  }

  /** Takes in that something was changed. */
  noteChange(): void {
    this.#hasChanged = true;
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
    const { functions: ordinary, searches } = this.#connection;
    const functions = statementMs === undefined ? ordinary : searches.indexed.longCaller(statementMs);
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

  /** The one row of a function that writes, whose changes carry the request's id: its first argument behind those of the caller. */
  async callToWrite<Row extends QueryResultRow>(
    name: string,
    values: readonly unknown[],
    statementMs?: number,
  ): Promise<Row> {
    const { id, span } = this.#request;
    const write = span?.child(name, { kind: 'client', attributes: { 'db.system.name': 'postgresql' } });
    try {
      return await this.callForRow<Row>(name, [tracedId(id, write?.traceparent), ...values], statementMs);
    } catch (error) {
      write?.fail(error instanceof Error ? error.name : 'unknown');
      throw error;
    } finally {
      write?.end();
    }
  }

  /** What searches that look into every resource may cost the caller's directory. */
  get scans(): { admit(): void; charge(milliseconds: number): void } {
    const { scans } = this.#connection;
    return {
      admit: () => scans.admit(this.directoryId),
      charge: (milliseconds) => scans.charge(this.directoryId, milliseconds),
    };
  }

  /**
   * Runs statements in one read-only transaction, on one snapshot, each for at most `timeoutMs` (then SQLSTATE 57014). `work` is
   * told how many users and groups the directory has.
   * @throws NotAdmitted unless the caller may act; nothing runs then.
   */
  async search<Result>(
    kind: keyof CallConnection['searches'],
    timeoutMs: number,
    work: (client: PoolClient, totals: DirectoryTotals) => Promise<Result>,
  ): Promise<Result> {
    return this.#connection.searches[kind].read(this.directoryId, async (client) => {
      const { rows } = await client.query<Admission & { [Total in keyof DirectoryTotals]: string | null }>({
        name: 'scim_enter_search',
        text: `SELECT e.state, e.touch, c.total_users, c.total_groups, set_config('statement_timeout', $4, true)
          FROM scim_enter($1, $2, $3) e
          LEFT JOIN LATERAL count_directory_resources(CASE e.state WHEN 'ok' THEN $1 END) c ON true`,
        values: [...callerValues(this.#caller), String(timeoutMs)],
      });
      const [entered] = rows;
      if (!entered) throw new Error('scim_enter returned no row');
      this.#admit(entered);
      return work(client, {
        total_users: Number(entered.total_users ?? 0),
        total_groups: Number(entered.total_groups ?? 0),
      });
    });
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

/** How many resources of each type a directory has. */
export type DirectoryTotals = Record<ResourceTable['total'], number>;

/** A caller as the first arguments of the SCIM functions. */
function callerValues({ directoryId, secretId, secretVersion }: ScimCaller): [string, string, number] {
  return [directoryId, secretId, secretVersion];
}

import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { ClientBase } from 'pg';
import { ConfigError } from '@rollcall/platform';
import { LOGIN_DEFAULTS } from './login-defaults';
import { sqlState } from './tenant-transaction';

/** How long nothing may arrive on a connection before it is looked at. */
const LOOK_EVERY_MS = 5_000;
/** The server gives a statement up at its time-out and says so; a server that says nothing for so much longer is not there. */
const MARGIN_MS = 2_000;
/** From this number of looks on a connection in use counts as dead when another one of the process has been found dead. */
const SUSPECT_LOOKS = 2;

/** What a session must be. */
export interface SessionTerms {
  /** The role it must act as; any when absent. */
  role?: string;
  /** What a statement may take; any time when absent, as for the owner's migrations. */
  statementMs?: number;
  /** A pooler in transaction mode is on the way: see `ConnectOptions`. */
  isPooled?: boolean;
}

/** Settings that a session of ours was opened with: it is the last of them, so that who finds it has them all. */
export const SESSION_MARK = { name: 'rollcall.session', value: 'complete' } as const;

/**
 * Takes charge of a connection that has just been opened, before anybody gets it: see `SessionGuard`, and refuses a session that
 * does not act as its role or lacks its settings. Throws ConfigError then; a pooler on the way is the reason.
 */
export async function guardSession(client: ClientBase, { role, statementMs, isPooled }: SessionTerms): Promise<void> {
  // A pool is given the errors of idle connections only. One that is lost in use fails whoever waits for its statement, and
  // then emits 'error' as well, which ends the process unless it is heard.
  client.on('error', () => undefined);
  leaveReadOnlyServer(client as GuardedClient);
  if (statementMs !== undefined) guards.set(client, new SessionGuard(client as GuardedClient, statementMs));
  if (isPooled) return checkPooled(client as GuardedClient, role);
  const { rows } = await client.query<{ role: string; mark: string | null }>(CHECK);
  const [session] = rows;
  if (session?.mark !== SESSION_MARK.value || (role !== undefined && session.role !== role)) {
    throw new ConfigError(
      'DATABASE_URL',
      `leads to sessions that act as "${session?.role}"${role ? ` and not as "${role}"` : ''}, without our settings: a pooler on the way drops the start-up options. Connect to PostgreSQL itself, or name it in DATABASE_DIRECT_URL as well.`,
    );
  }
}

/** SQLSTATE read_only_sql_transaction. */
const READ_ONLY = '25006';

/**
 * Gives up a connection whose server takes no writes, such as a primary that has become a standby: the next one may be led to the
 * server that does. A transaction that may only read makes no such error, for it does not write.
 */
function leaveReadOnlyServer({ connection }: GuardedClient): void {
  connection.on('errorMessage', ({ code }: { code?: string }) => {
    if (code === READ_ONLY) connection.stream.destroy();
  });
}

/** Servers on other platforms cannot find out during a statement that their client has gone, and refuse the setting. */
const CHECK = `SELECT current_user::text AS role, current_setting('${SESSION_MARK.name}', true) AS mark,
  CASE WHEN version() ~ '(linux|darwin|bsd)' THEN set_config('client_connection_check_interval', '5s', false) END`;

/**
 * What a session behind a pooler in transaction mode must be: the login's defaults are those we need, and a prepared statement is
 * there whichever server connection comes next, which a pooler sees to under names of its own.
 */
async function checkPooled(client: GuardedClient, role: string | undefined): Promise<void> {
  const found = await askPooler(client);
  if (!found || (found.pid !== client.processID && found.statement === POOLED_CHECK.name)) {
    throw new ConfigError(
      'DATABASE_URL',
      'leads through a pooler that does not keep prepared statements: use PgBouncer 1.21 or newer with pool_mode = transaction and max_prepared_statements = 200, or connect to PostgreSQL itself.',
    );
  }
  const lacking = [...found.lacking, ...(role !== undefined && found.role !== role ? [`role ${role}`] : [])];
  if (lacking.length === 0) return;
  throw new ConfigError(
    'DATABASE_URL',
    `leads through a pooler to sessions without our settings (${lacking.join(', ')}): run "npm run rollcall -- migrate", which gives them to the login, then have the pooler connect anew (RECONNECT).`,
  );
}

interface PooledSession {
  role: string;
  pid: number;
  statement: string;
  lacking: string[];
}

/** Null when the server does not know a statement that has just been prepared, or knows it from somebody else. */
async function askPooler(client: ClientBase): Promise<PooledSession | null> {
  try {
    const { rows } = await client.query<PooledSession>(POOLED_CHECK);
    return rows[0] ?? null;
  } catch (error) {
    if (/^(26000|42P05)$/.test(sqlState(error) ?? '')) return null;
    throw error;
  }
}

const POOLED_CHECK = {
  name: 'rollcall session',
  text: `SELECT current_user::text AS role, pg_backend_pid() AS pid,
    (SELECT p.name FROM pg_prepared_statements p WHERE p.statement LIKE '%a session of ours%' LIMIT 1) AS statement,
    ARRAY(SELECT format('%s = %s', w.name, w.value) FROM (VALUES ${Object.entries(LOGIN_DEFAULTS)
      .map(([name, value]) => `('${name}', '${value}')`)
      .join(', ')}) AS w (name, value) WHERE current_setting(w.name) <> w.value) AS lacking`,
  values: [],
};

/** Lets the statements of a connection take longer, until the returned function is called. */
export function allowStatements(client: object, statementMs: number): () => void {
  return guards.get(client)?.allow(statementMs) ?? (() => undefined);
}

const guards = new WeakMap<object, SessionGuard>();
/** The guarded connections of this process that are open. */
const open = new Set<SessionGuard>();
/** When a connection to a server was found dead last. */
const foundDeadAt = new Map<string, number>();

/** What pg has and its types do not tell. */
interface GuardedClient extends ClientBase {
  readonly connection: EventEmitter & { readonly stream: Socket };
  readonly readyForQuery: boolean;
  /** As the server, or the pooler in front of it, gave it. */
  readonly processID: number;
  readonly host: string;
  readonly port: number;
  getTransactionStatus(): 'I' | 'T' | 'E' | null;
}

/**
 * Ends a connection whose other side has gone without a word, as after a silent network: whoever waits for its statement fails as
 * for a database that is away, and its pool drops it. (`query_timeout` of pg only stops waiting, and leaves the connection to the
 * next one.) A connection on which nothing arrives while no statement is on its way is asked for a sign of life, one that LISTENs
 * too. Within a transaction that is for the server to end (`idle_in_transaction_session_timeout`).
 * Costs nothing for each statement: the socket's timer is moved by Node.js at each packet, and fires in silence alone.
 */
class SessionGuard {
  private readonly stream: Socket;
  private readonly server: string;
  private silenceMs: number;
  /** How often nothing had arrived or left since the look before. */
  private looks = 0;
  private lastSeen = '';
  private isAsking = false;

  constructor(
    private readonly client: GuardedClient,
    private readonly statementMs: number,
  ) {
    this.stream = client.connection.stream;
    this.server = `${client.host}:${client.port}`;
    this.silenceMs = statementMs + MARGIN_MS;
    open.add(this);
    this.stream.once('close', () => open.delete(this));
    this.stream.on('timeout', () => this.onSilence());
    this.stream.setTimeout(LOOK_EVERY_MS);
  }

  allow(statementMs: number): () => void {
    this.silenceMs = statementMs + MARGIN_MS;
    return () => (this.silenceMs = this.statementMs + MARGIN_MS);
  }

  private onSilence(): void {
    const before = this.traffic();
    // A process that stood still has timers that fired before what has arrived meanwhile is read: that is done by then.
    setImmediate(() => {
      if (this.stream.destroyed) return;
      this.stream.setTimeout(LOOK_EVERY_MS);
      if (before === this.traffic()) this.look(before);
    });
  }

  private look(traffic: string): void {
    this.looks = traffic === this.lastSeen ? this.looks + 1 : 1;
    this.lastSeen = traffic;
    if (!this.client.readyForQuery) {
      const isLate = this.isAsking || this.looks * LOOK_EVERY_MS >= this.silenceMs;
      if (isLate || this.isSuspect()) this.giveUp();
    } else if (this.client.getTransactionStatus() === 'I') {
      this.ask();
    }
  }

  /** Whether a statement is waited for, and another connection to the server was found dead since nothing arrives on this one. */
  private isSuspect(): boolean {
    if (this.client.readyForQuery || this.looks < SUSPECT_LOOKS) return false;
    return (foundDeadAt.get(this.server) ?? 0) > performance.now() - this.looks * LOOK_EVERY_MS;
  }

  private ask(): void {
    this.isAsking = true;
    const answered = () => {
      this.isAsking = false;
    };
    this.client.query('SELECT 1').then(answered, answered);
    this.lastSeen = this.traffic();
    this.looks = 0;
  }

  /** Whoever else has waited long for the same server waits for nothing: his answers take the same way. */
  private giveUp(): void {
    this.destroy();
    foundDeadAt.set(this.server, performance.now());
    for (const other of open) if (other.server === this.server && other.isSuspect()) other.destroy();
  }

  private destroy(): void {
    this.stream.destroy(Object.assign(new Error('PostgreSQL does not answer any more.'), { code: 'ETIMEDOUT' }));
  }

  private traffic(): string {
    return `${this.stream.bytesRead} ${this.stream.bytesWritten}`;
  }
}

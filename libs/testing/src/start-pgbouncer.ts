import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@rollcall/embedded-postgres';
import { waitUntil } from './wait-until';

export interface TestPgBouncer {
  /** The given URL, through the pooler. */
  readonly url: string;
  /** SIGKILL. */
  kill9(): Promise<void>;
  /** Starts it again on the same port after kill9(). */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The first version that keeps prepared statements in transaction mode. */
const FIRST_WITH_STATEMENTS = [1, 21] as const;
/** Debian 12 has an older one under the first name; .ci/run installs a newer one under the second. */
const PROGRAMS = ['pgbouncer', 'pgbouncer-prepared'];

/** Whether a PgBouncer is installed that keeps prepared statements (1.21 or newer), or one that does not. */
export function hasPgBouncer({ keepsStatements }: { keepsStatements: boolean }): boolean {
  return findProgram(keepsStatements) !== undefined;
}

function findProgram(keepsStatements: boolean): string | undefined {
  return PROGRAMS.find((name) => keepsStatementsOf(name) === keepsStatements);
}

/**
 * Starts a real PgBouncer in transaction mode in front of the server of `url`. Rejects where there is no such one (`hasPgBouncer`): the caller says by name what it then does not test.
 */
export async function startPgBouncer(
  url: string,
  { keepsStatements, settings = {} }: { keepsStatements: boolean; settings?: Readonly<Record<string, string>> },
): Promise<TestPgBouncer> {
  const program = findProgram(keepsStatements);
  if (!program) throw new Error('there is no such PgBouncer');
  const target = new URL(url);
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-pgbouncer-'));
  // It serves nobody as root.
  await chmod(folder, 0o755);
  const users = join(folder, 'users.txt');
  await writeFile(users, `"${target.username}" "${decodeURIComponent(target.password)}"\n`);
  const lines = {
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'trust',
    auth_file: users,
    pool_mode: 'transaction',
    max_client_conn: '500',
    ...(keepsStatements && { max_prepared_statements: '200' }),
    ...settings,
  };
  const config = join(folder, 'pgbouncer.ini');
  await writeFile(
    config,
    `[databases]\n* = host=${target.hostname} port=${target.port}\n[pgbouncer]\n${Object.entries(lines)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join('')}`,
  );
  const asRoot = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  let kill9 = async () => {};
  const start = async () => {
    const child = spawn(program, ['-q', ...asRoot, config], { stdio: 'ignore' });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    kill9 = () => {
      child.kill('SIGKILL');
      return ended;
    };
    await waitUntil(() => listens(port), { what: 'PgBouncer listening' });
  };
  await start();
  return {
    url: Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href,
    kill9: () => kill9(),
    start,
    stop: async () => {
      await kill9();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Null when there is no such program. */
function keepsStatementsOf(program: string): boolean | null {
  try {
    const [, major = '', minor = ''] =
      /PgBouncer (\d+)\.(\d+)/.exec(execFileSync(program, ['--version']).toString()) ?? [];
    const [firstMajor, firstMinor] = FIRST_WITH_STATEMENTS;
    return Number(major) > firstMajor || (Number(major) === firstMajor && Number(minor) >= firstMinor);
  } catch {
    return null;
  }
}

async function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import { type Bootstrap, freePort, newSecretKey, type RunningRole, startRole, waitUntil } from '@rollcall/testing';
import { Pool } from 'pg';
import type { ReadyDirectory } from '../../support/create-directory';
import { type LauncherStart, runLauncher, startLauncher } from '../../support/run-launcher';

/** The names of the cells; the first one is the control cell. */
export const CELLS = ['control', 'b'] as const;
export type CellName = (typeof CELLS)[number];

/** Short waits, and so many that no fault of a test exhausts them. */
const RETRY_SCHEDULE = ['0.2', '0.3', '0.5', ...Array<string>(40).fill('1')].join(',');

/** A built ingress and a built worker over two PostgreSQL servers. */
export interface CellsSystem {
  readonly baseUrl: string;
  readonly bootstrap: Bootstrap;
  /** SIGKILL to the process, and another one in its place. */
  replaceIngress(): Promise<void>;
  replaceWorker(): Promise<void>;
  /** Where the organization of a directory lives. */
  cellOf(directory: ReadyDirectory): Promise<CellName>;
  /** Lets the leases that a killed worker had end now instead of after their 30 s. */
  endLeases(): Promise<void>;
  /** Runs "move-organization" to its end; throws when it fails. Resolves to what it printed. */
  move(directory: ReadyDirectory, to: CellName): Promise<string>;
  startMove(directory: ReadyDirectory, to: CellName): LauncherStart;
  /** Begins a transaction in a cell, which a move waits for. Resolves to what ends it. */
  holdTransaction(name: CellName): Promise<() => Promise<void>>;
  /** Shuts the server of a cell down, which cuts every connection. */
  stopCell(name: CellName): Promise<void>;
  startCell(name: CellName): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both, with the first environment. */
export async function startCellsSystem(): Promise<CellsSystem> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-cells-'));
  chmodSync(dataDir, 0o711);
  const start = (name: CellName) => startEmbeddedPostgres({ dataDir: join(dataDir, name) });
  const servers = { control: await start('control'), b: await start('b') };
  const port = await freePort();
  const env = environmentOf(dataDir, port, servers);
  const bootstrap = await setUp(dataDir, env);
  const pools = { control: openDatabase(servers.control), b: openDatabase(servers.b) };
  let ingress = await startRole('ingress', env.processes);
  await waitUntil(() => servesEveryCell(port), { what: 'both cells being served' });
  let worker = await startRole('worker', env.processes);
  const moveArguments = ({ organizationId }: ReadyDirectory, to: CellName) => [
    'rollcall',
    'move-organization',
    organizationId,
    '--to',
    to,
  ];
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    bootstrap,
    replaceIngress: async () => {
      ingress = await replace('ingress', ingress, env.processes);
    },
    replaceWorker: async () => {
      worker = await replace('worker', worker, env.processes);
    },
    ...lookInto(pools),
    move: async (directory, to) => {
      const { code, stdout, stderr } = await runLauncher(moveArguments(directory, to), env.commands);
      if (code !== 0) throw new Error(`The organization was not moved.\n${stdout}\n${stderr}`);
      return stdout;
    },
    startMove: (directory, to) => startLauncher(moveArguments(directory, to), env.commands),
    stopCell: async (name) => {
      await servers[name].stop();
    },
    startCell: async (name) => {
      servers[name] = await start(name);
    },
    stop: async () => {
      await Promise.all([ingress.kill9(), worker.kill9()]);
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
      await Promise.all(Object.values(servers).map((server) => server.stop()));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a test does in the databases themselves. */
function lookInto(
  pools: Readonly<Record<CellName, Pool>>,
): Pick<CellsSystem, 'cellOf' | 'endLeases' | 'holdTransaction'> {
  return {
    cellOf: async ({ organizationId }) => {
      const { rows } = await pools.control.query<{ cell: CellName }>(
        'SELECT cell FROM placements WHERE organization_id = $1',
        [organizationId.replace('org_', '')],
      );
      if (!rows[0]) throw new Error(`nobody knows where ${organizationId} lives`);
      return rows[0].cell;
    },
    endLeases: async () => {
      for (const pool of Object.values(pools))
        await pool.query('UPDATE deliveries SET claimed_until = now() WHERE claimed_until > now()');
    },
    holdTransaction: async (name) => {
      const client = await pools[name].connect();
      await client.query('BEGIN');
      return async () => {
        await client.query('COMMIT');
        client.release();
      };
    },
  };
}

/** The ingress is ready with the control cell alone. */
async function servesEveryCell(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  return answer.ok && !(await answer.text()).includes('cell b');
}

async function replace(role: 'ingress' | 'worker', running: RunningRole, env: NodeJS.ProcessEnv): Promise<RunningRole> {
  await running.kill9();
  return startRole(role, env);
}

interface Environments {
  readonly processes: NodeJS.ProcessEnv;
  /** With the owners' logins. */
  readonly commands: NodeJS.ProcessEnv;
}

function environmentOf(dataDir: string, port: number, servers: Record<CellName, EmbeddedPostgres>): Environments {
  const processes = {
    DATA_DIR: dataDir,
    PORT: String(port),
    DATABASE_URL: servers.control.appUrl,
    CELLS: `b=${servers.b.appUrl}`,
    SECRET_KEY: newSecretKey(),
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
    WEBHOOK_RETRY_SCHEDULE: RETRY_SCHEDULE,
  };
  const owners = { DATABASE_OWNER_URL: servers.control.ownerUrl, CELLS_OWNER: `b=${servers.b.ownerUrl}` };
  return { processes, commands: { ...processes, ...owners } };
}

/** Migrates both empty databases and makes the first environment. */
async function setUp(dataDir: string, { commands }: Environments): Promise<Bootstrap> {
  const { code, stderr } = await runLauncher(['rollcall', 'bootstrap'], commands);
  if (code !== 0) throw new Error(`The databases could not be set up.\n${stderr}`);
  return JSON.parse(readFileSync(join(dataDir, 'bootstrap.json'), 'utf8')) as Bootstrap;
}

function openDatabase(postgres: EmbeddedPostgres): Pool {
  const pool = new Pool({ connectionString: postgres.adminUrl.replace(/postgres$/, 'rollcall'), max: 2 });
  // Connections are lost when the server is stopped; the next query opens a new one.
  pool.on('error', () => undefined);
  return pool;
}

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import {
  type Bootstrap,
  type FaultProxy,
  freePort,
  newSecretKey,
  RECEIVER_CERTIFICATE,
  type RunningRole,
  startFaultProxy,
  startPgBouncer,
  startRole,
  type TestPgBouncer,
  type TestRedis,
} from '@rollcall/testing';
import { Pool } from 'pg';
import { runLauncher } from '../../support/run-launcher';
import { startReplicatedPostgres } from './start-replicated-postgres';

/** Short waits, and so many that no fault of a test exhausts them. */
const RETRY_SCHEDULE = ['0.2', '0.3', '0.5', ...Array<string>(40).fill('1')].join(',');

/** A built ingress on a PostgreSQL of its own, and workers that come to PostgreSQL and Redis through fault proxies. */
export interface FaultSystem {
  readonly baseUrl: string;
  readonly bootstrap: Bootstrap;
  /** The superuser on the system's database: for looking at what is stored, and for moving due times. */
  readonly database: Pool;
  /** Of the workers alone, unless the ingress was asked to come this way as well. */
  readonly wayToPostgres: FaultProxy;
  readonly wayToRedis: FaultProxy | null;
  /** `direct`: not through the proxies, which cost time. */
  startWorker(options?: { direct: boolean }): Promise<RunningRole>;
  /** Shuts PostgreSQL down, which cuts every connection, and starts it again on the same port. */
  restartPostgres(): Promise<void>;
  /** The ingress itself. */
  readonly ingress: RunningRole;
  /** What a further process of the system is started with; the owner's login is for commands alone. */
  readonly environment: NodeJS.ProcessEnv;
  readonly ownerUrl: string;
  /** Has PostgreSQL crash and its standby take its place, to which the proxy leads then. */
  failOver(): Promise<void>;
  stop(): Promise<void>;
}

interface FaultSystemOptions {
  /** `direct`: not through the proxies; `throughPgBouncer`: it and all direct workers come by that. */
  readonly ingress: 'direct' | 'throughProxies' | 'throughPgBouncer';
  /** PostgreSQL has one, in step with it; `database` is of no use after failOver(). */
  readonly hasStandby?: boolean;
  /** The folder of an earlier version, of which everything that is started here is. */
  readonly release?: string;
  /** What is done, as the superuser on the maintenance database, before anything is stored. */
  readonly prepare?: (admin: Pool) => Promise<unknown>;
}

/** Starts a system without a worker. Its queue is on that Redis, or on PostgreSQL when there is none. */
export async function startFaultSystem(
  redis: TestRedis | null,
  options: FaultSystemOptions = { ingress: 'direct' },
): Promise<FaultSystem> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-faults-'));
  chmodSync(dataDir, 0o711);
  const replicated = options.hasStandby ? await startReplicatedPostgres(dataDir) : null;
  let postgres = replicated?.primary ?? (await startEmbeddedPostgres({ dataDir }));
  if (options.prepare) await prepareServer(postgres, options.prepare);
  const wayToPostgres = await startFaultProxy({ targetPort: postgres.port });
  const wayToRedis = redis && (await startFaultProxy({ targetPort: redis.port }));
  const port = await freePort();
  const direct = environmentOf(dataDir, port, postgres, redis);
  const pooler = options.ingress === 'throughPgBouncer' ? await putPooler(postgres, direct) : null;
  const env = { ...direct, ...pooler?.environment };
  const bootstrap = await setUp(dataDir, { ...env, DATABASE_OWNER_URL: postgres.ownerUrl }, options.release);
  const throughProxies = {
    ...env,
    DATABASE_URL: withPort(postgres.appUrl, wayToPostgres.port),
    ...(wayToRedis && { REDIS_URL: `redis://127.0.0.1:${wayToRedis.port}` }),
  };
  const wayOfIngress = options.ingress === 'throughProxies' ? throughProxies : env;
  const ingress = await startRole('ingress', wayOfIngress, options.release);
  const database = openDatabase(postgres);
  const workers: RunningRole[] = [];
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    bootstrap,
    ingress,
    environment: env,
    ownerUrl: postgres.ownerUrl,
    database,
    wayToPostgres,
    wayToRedis,
    startWorker: async ({ direct } = { direct: false }) => {
      const worker = await startRole('worker', direct ? env : throughProxies, options.release);
      workers.push(worker);
      return worker;
    },
    restartPostgres: async () => {
      await postgres.stop();
      postgres = await startEmbeddedPostgres({ dataDir });
    },
    failOver: async () => {
      if (!replicated) throw new Error('PostgreSQL has no standby.');
      wayToPostgres.leadTo(await replicated.failOver());
    },
    stop: async () => {
      await Promise.all([ingress, ...workers].map((role) => role.kill9()));
      await Promise.all([wayToPostgres.stop(), wayToRedis?.stop(), database.end(), pooler?.stop()]);
      await (replicated ?? postgres).stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function environmentOf(
  dataDir: string,
  port: number,
  postgres: EmbeddedPostgres,
  redis: TestRedis | null,
): NodeJS.ProcessEnv {
  const certificates = join(dataDir, 'trusted.pem');
  writeFileSync(certificates, RECEIVER_CERTIFICATE.cert);
  return {
    DATA_DIR: dataDir,
    PORT: String(port),
    DATABASE_URL: postgres.appUrl,
    ...(redis && { REDIS_URL: redis.url }),
    SECRET_KEY: newSecretKey(),
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
    WEBHOOK_RETRY_SCHEDULE: RETRY_SCHEDULE,
    NODE_EXTRA_CA_CERTS: certificates,
  };
}

/** PgBouncer in front of PostgreSQL, what a system needs to come by it, and the defaults that its login needs. */
async function putPooler(
  postgres: EmbeddedPostgres,
  env: NodeJS.ProcessEnv,
): Promise<TestPgBouncer & { environment: NodeJS.ProcessEnv }> {
  const pooler = await startPgBouncer(postgres.appUrl, { keepsStatements: true });
  const environment = { DATABASE_URL: pooler.url, DATABASE_DIRECT_URL: postgres.appUrl };
  await giveLoginDefaults(postgres, { ...env, ...environment });
  return { ...pooler, environment };
}

/** As an administrator, what "migrate" says that one has to run: the owner of an embedded database may change no login. */
async function giveLoginDefaults(postgres: EmbeddedPostgres, env: NodeJS.ProcessEnv): Promise<void> {
  const { stderr } = await runLauncher(['rollcall', 'migrate'], { ...env, DATABASE_OWNER_URL: postgres.ownerUrl });
  const admin = openDatabase(postgres);
  await admin.query(stderr.slice(stderr.indexOf('ALTER ROLE')));
  await admin.end();
}

async function prepareServer(postgres: EmbeddedPostgres, prepare: (admin: Pool) => Promise<unknown>): Promise<void> {
  const admin = new Pool({ connectionString: postgres.adminUrl, max: 1 });
  await prepare(admin);
  await admin.end();
}

/** Migrates the empty database and makes its first environment. */
async function setUp(dataDir: string, env: NodeJS.ProcessEnv, release?: string): Promise<Bootstrap> {
  const { code, stderr } = await runLauncher(['rollcall', 'bootstrap'], env, release);
  if (code !== 0) throw new Error(`The database could not be set up.\n${stderr}`);
  return JSON.parse(readFileSync(join(dataDir, 'bootstrap.json'), 'utf8')) as Bootstrap;
}

function openDatabase(postgres: EmbeddedPostgres): Pool {
  const pool = new Pool({ connectionString: postgres.adminUrl.replace(/postgres$/, 'rollcall'), max: 4 });
  // Connections are lost when PostgreSQL restarts; the next query opens a new one.
  pool.on('error', () => undefined);
  return pool;
}

function withPort(url: string, port: number): string {
  return Object.assign(new URL(url), { port: String(port) }).href;
}

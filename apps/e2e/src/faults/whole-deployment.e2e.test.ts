import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Bootstrap,
  type FaultProxy,
  freePort,
  hasHaproxy,
  hasPgBouncer,
  newSecretKey,
  type Receiver,
  type RunningRole,
  startFaultProxy,
  startHaproxy,
  startPgBouncer,
  startReceiver,
  startRedis,
  startRedisCluster,
  startRedisSentinel,
  startRole,
  type TestHaproxy,
  type TestPgBouncer,
  type TestRedisGroup,
  waitUntil,
} from '@rollcall/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory, type ReadyDirectory } from '../support/create-directory';
import { provisionSteadily, type SteadyLoad } from '../support/provision-steadily';
import { runLauncher } from '../support/run-launcher';
import { THOROUGH } from './support/choose-faults';
import { expectNumbered } from './support/expect-all-delivered';
import { CAN_REPLICATE, type ReplicatedPostgres, startReplicatedPostgres } from './support/start-replicated-postgres';
import { secondsSince, tell } from './support/tell';

/** The ingresses' own addresses of this machine, as containers have theirs: they listen on the same port. */
const INGRESSES = ['127.0.0.2', '127.0.0.3'] as const;
/** Writes that have to be acknowledged after each fault. */
const WRITES = 300;

const probe = await startRedis();
await probe?.stop();
// Elsewhere a machine has but one address of 127.0.0.0/8.
const isComplete =
  probe !== null &&
  hasHaproxy() &&
  hasPgBouncer({ keepsStatements: true }) &&
  CAN_REPLICATE &&
  process.platform === 'linux';

const QUEUES = [
  { name: 'Redis Sentinel', startQueue: startRedisSentinel },
  { name: 'Redis Cluster', startQueue: startRedisCluster },
];

/**
 * Everything that a large installation has, at once: two ingresses behind HAProxy and two workers, which come by PgBouncer to a
 * PostgreSQL with a synchronous standby, and several Redis servers. Each part is killed while an identity provider writes. `npm test`
 * kills ingresses, workers, Redis and PostgreSQL in smaller arrangements: those of deployment, stores-fail and failover.
 */
describe.runIf(isComplete && THOROUGH).each(QUEUES)('the whole deployment with $name', ({ name, startQueue }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-whole-'));
  const ingresses = new Map<string, RunningRole>();
  const workers: RunningRole[] = [];
  let postgres: ReplicatedPostgres;
  let wayToPostgres: FaultProxy;
  let pooler: TestPgBouncer;
  let queue: TestRedisGroup;
  let haproxy: TestHaproxy;
  let receiver: Receiver;
  let env: NodeJS.ProcessEnv;
  let ports: { ingress: number; public: number };
  let directory: ReadyDirectory;
  let load: SteadyLoad;

  beforeAll(async () => {
    chmodSync(dataDir, 0o711);
    [postgres, queue, receiver] = await Promise.all([startReplicatedPostgres(dataDir), startQueue(), startReceiver()]);
    const { primary } = postgres;
    ports = { ingress: await freePort(), public: await freePort() };
    // An address that stays when the standby takes over, as a virtual one or the service of an operator does.
    wayToPostgres = await startFaultProxy({ targetPort: primary.port });
    const through = (url: string) => Object.assign(new URL(url), { port: String(wayToPostgres.port) }).href;
    pooler = await startPgBouncer(through(primary.appUrl), {
      keepsStatements: true,
      // By default it waits for 15 s before it looks for PostgreSQL again.
      settings: { server_login_retry: '1' },
    });
    env = {
      DATA_DIR: dataDir,
      PORT: String(ports.ingress),
      PUBLIC_URL: `http://127.0.0.1:${ports.public}`,
      DATABASE_URL: pooler.url,
      DATABASE_DIRECT_URL: through(primary.appUrl),
      REDIS_URL: queue.url,
      SECRET_KEY: newSecretKey(),
      TRUSTED_PROXIES: '127.0.0.1',
      ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
    };
    const asOwner = { ...env, DATABASE_OWNER_URL: primary.ownerUrl };
    // Says what an administrator has to give the login that comes by a pooler.
    const { stderr } = await runLauncher(['rollcall', 'migrate'], asOwner);
    await onPrimary(stderr.slice(stderr.indexOf('ALTER ROLE')));
    const setup = await runLauncher(['rollcall', 'bootstrap'], asOwner);
    expect(setup.code, setup.stderr).toBe(0);
    await Promise.all([...INGRESSES.map(startIngress), startWorker(), startWorker()]);
    haproxy = await startHaproxy({ addresses: INGRESSES, port: ports.ingress }, { port: ports.public });
    const bootstrap = JSON.parse(readFileSync(join(dataDir, 'bootstrap.json'), 'utf8')) as Bootstrap;
    directory = await createDirectory({ baseUrl: haproxy.baseUrl, bootstrap });
    await expectNumbered(directory, 1);
    await directory.api('POST', '/webhook_endpoints', { url: receiver.url });
    load = provisionSteadily(directory);
    await goesOn();
  });

  afterAll(async () => {
    await load?.end().catch(() => undefined);
    await Promise.all([...ingresses.values(), ...workers].map((role) => role.kill9()));
    await Promise.all([haproxy?.stop(), receiver?.stop(), pooler?.stop(), queue?.stop(), wayToPostgres?.stop()]);
    await postgres?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function startIngress(host: string): Promise<void> {
    ingresses.set(host, await startRole('ingress', { ...env, HOST: host }));
  }

  async function startWorker(): Promise<void> {
    workers.push(await startRole('worker', env));
  }

  /** As the superuser, on whichever server takes writes. */
  async function onPrimary(statement: string, values?: unknown[]): Promise<void> {
    const url = new URL(postgres.primary.adminUrl);
    const at = Object.assign(url, { port: String(wayToPostgres.port), pathname: '/rollcall' });
    const admin = new Client({ connectionString: at.href });
    await admin.connect();
    await admin.query(statement, values);
    await admin.end();
  }

  /** Waits until so many more writes have been acknowledged. */
  async function goesOn(writes = WRITES): Promise<void> {
    const before = load.created.size;
    await waitUntil(() => load.created.size >= before + writes, { what: 'writes being acknowledged' });
  }

  /** Kills a part, and says how long no write was acknowledged, and when one was delivered again. */
  async function expectRecovery(part: string, kill: () => Promise<unknown>): Promise<void> {
    const sentAgain = load.repeated.length;
    const killed = performance.now();
    await kill();
    const [before, received] = [load.created.size, receiver.requests.length];
    await waitUntil(() => load.created.size > before, { what: `a write being acknowledged without ${part}` });
    const writes = secondsSince(killed);
    await waitUntil(() => receiver.requests.length > received, { what: `an event being delivered without ${part}` });
    const requests = load.repeated.length - sentAgain;
    tell(
      `${name}, ${part} killed: a write ${writes} s later, a delivery ${secondsSince(killed)} s later, ${requests} requests sent again`,
    );
    await goesOn();
  }

  it('goes on when a worker is killed', async () => {
    await expectRecovery('a worker', () => (workers[0] as RunningRole).kill9());
    await startWorker();
  });

  it('goes on when an ingress is killed', async () => {
    await expectRecovery('an ingress', () => (ingresses.get(INGRESSES[0]) as RunningRole).kill9());
    await startIngress(INGRESSES[0]);
  });

  it('goes on when the Redis that holds the queue is killed, with its replica', async () => {
    await expectRecovery('Redis', () => queue.killPrimary());
    const isReady = async () => {
      const answer = await fetch(`${haproxy.baseUrl}/readyz`);
      return JSON.stringify(await answer.json()) === '{"status":"ok","degraded":[]}';
    };
    await waitUntil(isReady, { what: 'wake-ups arriving again' });
    expect((await runLauncher(['rollcall', 'doctor'], env)).stdout).toMatch(/It is on Redis [\d.]+/);
    await queue.revive();
  });

  it('goes on when PgBouncer is killed and started again', async () => {
    await expectRecovery('PgBouncer', async () => {
      await pooler.kill9();
      await pooler.start();
    });
  });

  it('goes on when HAProxy is killed and started again', async () => {
    await expectRecovery('HAProxy', async () => {
      await haproxy.kill9();
      haproxy = await startHaproxy({ addresses: INGRESSES, port: ports.ingress }, { port: ports.public });
    });
  });

  it('goes on when PostgreSQL is killed and its standby promoted', async () => {
    await expectRecovery('PostgreSQL', async () => {
      wayToPostgres.leadTo(await postgres.failOver());
    });
  });

  it('has every acknowledged write once, as an event once, and delivered, after all of that', async () => {
    await load.end();
    // What the dead worker had begun is another's after 30 s.
    await onPrimary('UPDATE deliveries SET claimed_until = now() WHERE claimed_until > now() + $1::interval', ['10 s']);
    const { created, deactivated } = load;
    const events = await expectNumbered(directory, 1 + created.size + deactivated.size);
    tell(
      `${name}: ${created.size + deactivated.size} writes, ${load.repeated.length} sent again, ${events.length} events`,
    );
    const countOf = (id: string, type: string) =>
      events.filter((event) => event.data.id === `diruser_${id}` && event.type.endsWith(type)).length;
    for (const id of created.keys()) {
      expect(countOf(id, 'user_created')).toBe(1);
      expect(countOf(id, 'user_updated')).toBe(deactivated.has(id) ? 1 : 0);
    }
    const due = events.slice(1).map(({ id }) => id);
    await receiver.waitFor((requests) => {
      const delivered = new Set(requests.map(({ headers }) => headers['webhook-id']));
      return due.every((id) => delivered.has(id));
    });
  });
});

it.runIf(!isComplete)(
  'the whole deployment was NOT tested: that takes Linux, haproxy, redis-server, PgBouncer and a PostgreSQL',
  () => {
    expect(process.env.CI, 'they have to be installed where CI=true').not.toBe('true');
  },
);

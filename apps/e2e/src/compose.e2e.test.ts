import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import {
  type Bootstrap,
  checkHaproxyConfiguration,
  freePort,
  hasHaproxy,
  newSecretKey,
  startRedis,
  type TestRedis,
  waitUntil,
} from '@rollcall/testing';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FEW_ARENAS } from '@rollcall/platform';

/** docker-compose.yml is read here as Compose reads it, and its commands are run without containers. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly networks?: readonly string[];
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly deploy?: { readonly replicas?: number; readonly resources: { readonly limits: Record<string, string> } };
}

const compose = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
};
const { services } = compose;
const dockerfile = readFileSync(join(ROOT, 'infra/docker/Dockerfile'), 'utf8');

/** As Compose fills in what the operator did not set. */
function withDefaults(value: string): string {
  const replaced = value.replaceAll(/\$\{\w+:-([^${}]*)\}/g, '$1');
  return replaced === value ? value : withDefaults(replaced);
}

/** The Compose Specification's own schema, which this package brings. */
function composeSchema(): object {
  const manifest = createRequire(import.meta.url).resolve('dclint/package.json');
  const schema = JSON.parse(readFileSync(join(manifest, '../schemas/compose.schema.json'), 'utf8')) as object;
  // Draft 7, under the address by which Ajv knows it.
  return { ...schema, $schema: 'http://json-schema.org/draft-07/schema#' };
}

function loginOf(url: string | undefined): string | undefined {
  return /^postgresql:\/\/(\w+):/.exec(url ?? '')?.[1];
}

describe('docker-compose.yml', () => {
  it('is what the Compose Specification allows', () => {
    const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(composeSchema());
    expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...compose, services: { ingress: { imagee: 'rollcall' } } })).toBe(false);
  });

  it('runs PostgreSQL 18 with its data where that image keeps it, and a Redis that never drops keys', () => {
    expect(services.postgres?.image).toBe('postgres:18');
    expect(services.postgres?.volumes).toEqual(['postgres:/var/lib/postgresql']);
    expect(services.redis?.command?.join(' ')).toContain('--maxmemory-policy noeviction');
  });

  it('starts the applications after the database is up to date', () => {
    expect(services.setup?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    for (const name of ['ingress', 'worker']) {
      expect(services[name]?.depends_on?.setup).toEqual({ condition: 'service_completed_successfully' });
    }
  });

  it('holds no secret: all are demanded from the environment', () => {
    expect(services.ingress?.environment?.SECRET_KEY).toMatch(/^\$\{SECRET_KEY:\?/);
    expect(services.ingress?.environment?.DATABASE_URL).toContain('${ROLLCALL_APP_PASSWORD:?');
    expect(services.postgres?.environment?.POSTGRES_PASSWORD).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
    expect(services.ingress?.environment?.REDIS_URL).toContain('${REDIS_PASSWORD:?');
  });

  it('confines every container, and binds the port to this machine alone', () => {
    for (const [name, service] of Object.entries(services)) {
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
    expect(services.redis?.command?.join(' ')).toContain('--requirepass "$$REDISCLI_AUTH"');
  });

  it('bounds what a container takes, starts it again when it ends, and gives a process longer than it needs to end', () => {
    for (const [name, { deploy, restart }] of Object.entries(services)) {
      expect(deploy?.resources.limits, name).toEqual({ cpus: expect.any(String), memory: expect.any(String) });
      expect(restart, name).toBe(name === 'setup' ? 'no' : 'unless-stopped');
    }
    for (const name of ['ingress', 'worker']) {
      expect(services[name]?.deploy?.replicas).toBe(2);
      expect(Number.parseInt(services[name]?.stop_grace_period ?? '', 10)).toBeGreaterThanOrEqual(12);
    }
  });

  it('keeps the data stores in a network that leads nowhere, and publishes HAProxy alone', () => {
    expect(compose.networks.data).toEqual({ internal: true });
    for (const name of ['postgres', 'redis', 'setup']) expect(services[name]?.networks, name).toEqual(['data']);
    expect(services.haproxy?.networks).toEqual(['proxy']);
    expect(services.ingress?.networks).toEqual(['proxy', 'data']);
    const published = Object.entries(services).filter(([, { ports }]) => ports);
    expect(published.map(([name]) => name)).toEqual(['haproxy']);
  });

  it('has the ingress believe what HAProxy says of the client, and nobody else', () => {
    const { networks } = compose as unknown as { networks: { proxy: { ipam: { config: [{ subnet: string }] } } } };
    const subnet = withDefaults(networks.proxy.ipam.config[0].subnet);
    expect(withDefaults(services.ingress?.environment?.TRUSTED_PROXIES ?? '')).toBe(subnet);
  });

  it('gives the login of the owner, which PostgreSQL makes a superuser, to setup alone', () => {
    const { POSTGRES_USER: owner } = services.postgres?.environment ?? {};
    for (const [name, { environment = {} }] of Object.entries(services)) {
      if (['postgres', 'redis', 'haproxy'].includes(name)) continue;
      expect(loginOf(environment.DATABASE_URL), name).toBe('rollcall_app');
      expect(loginOf(environment.DATABASE_OWNER_URL), name).toBe(name === 'setup' ? owner : undefined);
      expect(JSON.stringify(environment).includes('POSTGRES_PASSWORD'), name).toBe(name === 'setup');
    }
  });
});

describe('the image', () => {
  it('is built in stages, runs as an ordinary user and starts what the commands name', () => {
    expect(dockerfile.match(/^FROM /gm)).toHaveLength(3);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(new RegExp(` MALLOC_ARENA_MAX=${FEW_ARENAS.MALLOC_ARENA_MAX}$`, 'm'));
    expect(dockerfile).toContain('ENTRYPOINT ["node", "infra/local/launch.js"]');
  });

  it('asks by its health check the role that it runs', () => {
    expect(dockerfile).toMatch(/^HEALTHCHECK .* CMD \["node", "infra\/local\/check-health\.js"\]$/m);
    expect(dockerfile).toMatch(/^COPY infra\/local\/check-health\.js infra\/local\/check-health\.js$/m);
  });
});

describe.runIf(hasHaproxy())('the configuration of HAProxy', () => {
  it('is taken by HAProxy without a warning', () => {
    expect(checkHaproxyConfiguration()).toBe('');
  });
});

describe('the commands of docker-compose.yml', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-compose-'));
  const processes: ChildProcess[] = [];
  const secretKey = newSecretKey();
  let redis: TestRedis | null;
  let postgres: EmbeddedPostgres;
  let port: number;

  beforeAll(async () => {
    chmodSync(dataDir, 0o711);
    [redis, postgres, port] = await Promise.all([startRedis(), startEmbeddedPostgres({ dataDir }), freePort()]);
  });

  afterAll(async () => {
    for (const child of processes) child.kill('SIGKILL');
    await Promise.all([postgres.stop(), redis?.stop()]);
    rmSync(dataDir, { recursive: true, force: true });
  });

  function run(service: string, operationsPort = '0'): ChildProcess {
    const { command = [], environment = {} } = services[service] ?? {};
    // As the container sees them: its own host names, and what the operator has to set.
    const ownerUrl = postgres.adminUrl.replace(/postgres$/, 'rollcall');
    const appUrl = Object.assign(new URL(ownerUrl), {
      username: loginOf(environment.DATABASE_URL),
      password: 'of-the-app',
    });
    const values: NodeJS.ProcessEnv = {
      ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, withDefaults(value)])),
      DATABASE_URL: appUrl.href,
      ...(environment.DATABASE_OWNER_URL && { DATABASE_OWNER_URL: ownerUrl }),
      REDIS_URL: redis?.url ?? '',
      SECRET_KEY: secretKey,
      PUBLIC_URL: `http://localhost:${port}`,
    };
    const ports = { PORT: String(port), OPERATIONS_PORT: operationsPort };
    const image = { PATH: process.env.PATH, DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...ports };
    const child = spawn(process.execPath, [join(ROOT, 'infra/local/launch.js'), ...command], {
      env: { ...image, ...values },
      stdio: 'inherit',
    });
    processes.push(child);
    return child;
  }

  it('set the database up, serve, and end cleanly', async () => {
    expect(Object.keys(services['setup']?.environment ?? {})).toContain('DATABASE_URL');
    expect(await exitCode(run('setup'))).toBe(0);
    const { client_id, client_secret } = JSON.parse(readFileSync(join(dataDir, 'bootstrap.json'), 'utf8')) as Bootstrap;
    const operations = { ingress: String(await freePort()), worker: String(await freePort()) };
    const [ingress, worker] = [run('ingress', operations.ingress), run('worker', operations.worker)];
    await waitUntil(
      () =>
        fetch(`http://127.0.0.1:${port}/readyz`).then(
          (answer) => answer.ok,
          () => false,
        ),
      {
        what: 'the ingress becoming ready',
      },
    );
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
    expect((await fetch(`http://127.0.0.1:${port}/oauth/token`, { method: 'POST', body })).status).toBe(200);
    for (const operationsPort of Object.values(operations)) {
      await waitUntil(async () => (await checkHealth(operationsPort)) === 0, { what: 'the health check passing' });
    }
    expect(worker.exitCode).toBeNull();
    for (const child of [ingress, worker]) child.kill('SIGTERM');
    expect(await Promise.all([exitCode(ingress), exitCode(worker)])).toEqual([0, 0]);
    expect(await checkHealth(operations.ingress)).toBe(1);
  });
});

/** As Docker runs the image's health check in the container. */
async function checkHealth(operationsPort: string): Promise<number | null> {
  const env = { PATH: process.env.PATH, OPERATIONS_PORT: operationsPort };
  return exitCode(spawn(process.execPath, [join(ROOT, 'infra/local/check-health.js')], { env, stdio: 'inherit' }));
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  return new Promise((resolve) => child.once('exit', resolve));
}

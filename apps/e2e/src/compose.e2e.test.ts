import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import { type Bootstrap, freePort, newSecretKey, startRedis, type TestRedis, waitUntil } from '@rollcall/testing';
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
}

const { services } = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
};
const dockerfile = readFileSync(join(ROOT, 'infra/docker/Dockerfile'), 'utf8');

/** As Compose fills in what the operator did not set. */
function withDefaults(value: string): string {
  return value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
}

function loginOf(url: string | undefined): string | undefined {
  return /^postgresql:\/\/(\w+):/.exec(url ?? '')?.[1];
}

describe('docker-compose.yml', () => {
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

  it('gives the login of the owner, which PostgreSQL makes a superuser, to setup alone', () => {
    const { POSTGRES_USER: owner } = services.postgres?.environment ?? {};
    for (const [name, { environment = {} }] of Object.entries(services)) {
      if (name === 'postgres' || name === 'redis') continue;
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

  function run(service: string): ChildProcess {
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
    const image = { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn' };
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
    const [ingress, worker] = [run('ingress'), run('worker')];
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
    expect(worker.exitCode).toBeNull();
    for (const child of [ingress, worker]) child.kill('SIGTERM');
    expect(await Promise.all([exitCode(ingress), exitCode(worker)])).toEqual([0, 0]);
  });
});

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  return new Promise((resolve) => child.once('exit', resolve));
}

import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type RunningRollcall, startRollcall, waitUntil } from '@rollcall/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runLauncher } from './support/run-launcher';

const folders: string[] = [];
const running = new Set<RunningRollcall>();

afterEach(async () => {
  await Promise.all([...running].map((server) => server.stop()));
  running.clear();
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-life-'));
  await chmod(folder, 0o711);
  folders.push(folder);
  return folder;
}

async function start(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<RunningRollcall> {
  const server = await startRollcall({ dataDir, env });
  running.add(server);
  return server;
}

async function processNames(server: RunningRollcall): Promise<string[]> {
  return (await server.processes()).map(({ name }) => name).toSorted();
}

async function answers(server: RunningRollcall): Promise<boolean> {
  return fetch(`${server.baseUrl}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}

describe('a first start', () => {
  it('shows and keeps the credentials of one environment, and a later one does neither again', async () => {
    const dataDir = await newFolder();
    const first = await start(dataDir);
    const file = join(dataDir, 'bootstrap.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'secret-key')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      environment_id: expect.stringMatching(/^env_[0-9a-z]{26}$/),
      client_id: expect.any(String),
      client_secret: expect.any(String),
      dashboard_url: null,
      dashboard_setup_url: null,
    });
    expect(first.output()).toContain(first.bootstrap.client_secret);
    await expect(first.accessToken()).resolves.toBeTruthy();
    expect(await processNames(first)).toEqual(['ingress', 'postgres', 'supervisor', 'worker']);
    await first.stop();
    running.delete(first);

    const kept = readFileSync(file, 'utf8');
    const second = await start(dataDir);
    expect(readFileSync(file, 'utf8')).toBe(kept);
    expect(second.output()).not.toContain(first.bootstrap.client_secret);
    await expect(second.accessToken()).resolves.toBeTruthy();
  });

  it('makes the credentials that it is told to', async () => {
    const server = await start(await newFolder(), {
      BOOTSTRAP_CLIENT_ID: 'acme',
      BOOTSTRAP_CLIENT_SECRET: 's3cret-s3cret',
    });
    expect(server.bootstrap).toMatchObject({ client_id: 'acme', client_secret: 's3cret-s3cret' });
    await expect(server.accessToken()).resolves.toBeTruthy();
  });
});

describe('a data directory', () => {
  it('has one owner: a second start refuses with one sentence', async () => {
    const dataDir = await newFolder();
    const server = await start(dataDir);
    const second = await runLauncher(['start'], { DATA_DIR: dataDir, PORT: String(await freePort()) });
    expect(second).toEqual({
      code: 1,
      stdout: '',
      stderr: `Another Rollcall is running on ${dataDir}: stop it or choose another DATA_DIR.\n`,
    });
    expect(await answers(server)).toBe(true);
  });
});

describe('SIGTERM', () => {
  it('ends every process within 10 s with exit code 0, and a second one changes nothing', async () => {
    const server = await startRollcall({ dataDir: await newFolder() });
    const before = await server.processes();
    const started = performance.now();
    const stopped = server.stop();
    await sleep(20);
    process.kill(server.pid, 'SIGTERM');
    expect(await stopped).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(before).toHaveLength(4);
    expect(await server.processes()).toEqual([]);
  });
});

describe('kill -9', () => {
  it('of the start alone ends the applications by themselves; the next start takes the database over', async () => {
    const dataDir = await newFolder();
    const server = await startRollcall({ dataDir });
    const { pid } = (await server.processes()).find(({ name }) => name === 'postgres') ?? {};
    await server.kill9Only('supervisor');
    await waitUntil(async () => !(await answers(server)), { timeoutMs: 10_000, what: 'the applications ending' });
    const next = await start(dataDir, { PORT: new URL(server.baseUrl).port });
    expect((await next.processes()).find(({ name }) => name === 'postgres')?.pid).toBe(pid);
    await expect(next.accessToken()).resolves.toBeTruthy();
  });

  it('of everything keeps what was acknowledged, and needs no cleaning up', async () => {
    const dataDir = await newFolder();
    const server = await startRollcall({ dataDir });
    const token = await server.accessToken();
    const created = await fetch(`${server.baseUrl}/api/v1/organizations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ display_name: 'Kept' }),
    });
    expect(created.status).toBe(201);
    const { organization } = (await created.json()) as { organization: { id: string } };
    await server.kill9();
    const next = await start(dataDir);
    const found = await fetch(`${next.baseUrl}/api/v1/organizations/${organization.id}`, {
      headers: { authorization: `Bearer ${await next.accessToken()}` },
    });
    expect(found.status).toBe(200);
  });

  it.each(['ingress', 'worker', 'postgres'] as const)('of the %s alone is mended within seconds', async (name) => {
    const server = await start(await newFolder());
    const before = (await server.processes()).find((found) => found.name === name)?.pid;
    await server.kill9Only(name);
    await waitUntil(
      async () => {
        const after = (await server.processes()).find((found) => found.name === name)?.pid;
        return after !== undefined && after !== before && (await answers(server));
      },
      { timeoutMs: 20_000, what: `the ${name} coming back` },
    );
    await expect(server.accessToken()).resolves.toBeTruthy();
  });
});

describe('a start that cannot work says why in one sentence', () => {
  it('about a port that is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const port = String((squatter.address() as { port: number }).port);
    const run = await runLauncher(['start'], { DATA_DIR: await newFolder(), PORT: port });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toBe(`Another program listens on 127.0.0.1:${port}: stop it or choose another PORT.\n`);
    squatter.close();
  });

  it('about a secret key other than the one the database was sealed with', async () => {
    const dataDir = await newFolder();
    const server = await startRollcall({ dataDir });
    await server.stop();
    writeFileSync(join(dataDir, 'secret-key'), Buffer.alloc(32).toString('base64'));
    const run = await runLauncher(['start'], { DATA_DIR: dataDir, PORT: String(await freePort()) });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^SECRET_KEY is not the key this database was sealed with.*\n$/);
  });

  it.each([
    [{ PORT: 'many' }, /^PORT must be a whole number.*\n$/],
    [{ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' }, /^SECRET_KEY is required with DATABASE_URL.*\n$/],
    [
      { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x', SECRET_KEY: Buffer.alloc(32).toString('base64') },
      /^The database that DATABASE_URL names cannot be reached \(ECONNREFUSED\)\.\n$/,
    ],
  ])('about %j', async (env, sentence) => {
    const run = await runLauncher(['start'], { DATA_DIR: await newFolder(), PORT: String(await freePort()), ...env });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(sentence);
  });

  it.each(['ingress', 'worker'])('about the %s without DATABASE_URL', async (role) => {
    const run = await runLauncher([role], {});
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(new RegExp(`^DATABASE_URL is required to run the ${role} by itself.*\\n$`));
  });
});

describe('npm run rollcall', () => {
  let server: RunningRollcall;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    server = await startRollcall({ dataDir: await newFolder() });
    env = { DATA_DIR: server.dataDir };
    return async () => void (await server.stop());
  });

  it('makes an environment whose printed credentials work, beside a running server', async () => {
    const run = await runLauncher(['rollcall', 'create-environment', '--name', 'Second', '--json'], env);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const made = JSON.parse(run.stdout) as { environment_id: string; client_id: string; client_secret: string };
    expect(made.environment_id).not.toBe(server.bootstrap.environment_id);
    const token = await fetch(`${server.baseUrl}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: made.client_id,
        client_secret: made.client_secret,
      }),
    });
    expect(token.status).toBe(200);
  });

  it('migrates, and says so when there is nothing to do', async () => {
    expect(await runLauncher(['rollcall', 'migrate'], env)).toEqual({
      code: 0,
      stdout: 'The database is up to date.\n',
      stderr: '',
    });
  });

  it.each([[['--help']], [['create-environment', '--help']], [['migrate', '--help']]])(
    'explains itself: %j',
    async (args) => {
      const run = await runLauncher(['rollcall', ...args], env);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout).toMatch(/^Usage: npm run rollcall -- /);
    },
  );

  it.each([[['create-environment']], [['drop-everything']], [['migrate', '--force']]])('refuses %j', async (args) => {
    const run = await runLauncher(['rollcall', ...args], env);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });
});

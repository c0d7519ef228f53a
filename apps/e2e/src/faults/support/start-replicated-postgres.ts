import { execFile, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import { freePort, waitUntil } from '@rollcall/testing';
import { Client } from 'pg';

/** Of a whole PostgreSQL: the packaged one has no pg_basebackup. */
const BIN = process.env.TEST_POSTGRES_BIN || '/usr/lib/postgresql/15/bin';

/** Whether a PostgreSQL is installed from which a standby can be made. */
export const CAN_REPLICATE = existsSync(join(BIN, 'pg_basebackup'));

export interface ReplicatedPostgres {
  readonly primary: EmbeddedPostgres;
  /** Has the primary crash and its standby promoted; resolves to the port of the new primary when it takes writes. */
  failOver(): Promise<number>;
  stop(): Promise<void>;
}

const REPLICATION = { wal_level: 'replica', max_wal_senders: '4', hot_standby: 'on' };

/** Starts a primary, and a standby of it without which it acknowledges no commit. */
export async function startReplicatedPostgres(dataDir: string): Promise<ReplicatedPostgres> {
  const primary = await startEmbeddedPostgres({ dataDir, binDir: BIN, settings: REPLICATION });
  const folder = join(dataDir, 'standby');
  const { uid, gid } = statSync(join(dataDir, 'postgres'));
  const port = await freePort();
  // A folder of its own user is made by a process of that user: the one around it is root's.
  await promisify(execFile)('install', ['-d', '-m', '0700', '-o', String(uid), '-g', String(gid), folder]);
  const url = new URL(primary.adminUrl);
  await promisify(execFile)(
    join(BIN, 'pg_basebackup'),
    ['-h', url.hostname, '-p', url.port, '-U', url.username, '-D', folder, '-R', '-X', 'stream', '-c', 'fast'],
    { uid, gid, cwd: '/', env: { PATH: process.env.PATH, PGPASSWORD: decodeURIComponent(url.password) } },
  );
  const place = ['-c', `port=${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const standby = spawn(join(BIN, 'postgres'), ['-D', folder, ...place], { uid, gid, cwd: '/', stdio: 'ignore' });
  const ended = new Promise((resolve) => standby.once('exit', resolve));
  await asAdmin(primary.adminUrl, async (admin) => {
    await admin.query(`ALTER SYSTEM SET synchronous_standby_names = '*'`);
    await admin.query('SELECT pg_reload_conf()');
    const isInStep = async () => {
      const { rows } = await admin.query(`SELECT FROM pg_stat_replication WHERE sync_state = 'sync'`);
      return rows.length > 0;
    };
    await waitUntil(isInStep, { what: 'the standby being in step' });
  });
  return {
    primary,
    failOver: async () => {
      process.kill(primary.pid, 'SIGQUIT');
      await primary.lost;
      await asAdmin(Object.assign(new URL(primary.adminUrl), { port }).href, (admin) =>
        admin.query('SELECT pg_promote(true, 300)'),
      );
      return port;
    },
    stop: async () => {
      standby.kill('SIGQUIT');
      await ended;
      await primary.stop();
    },
  };
}

async function asAdmin<T>(url: string, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client(url);
  admin.on('error', () => undefined);
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

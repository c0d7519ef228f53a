import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool } from '@rollcall/database';
import { APP_ROLE, OWNER_ROLE, startEmbeddedPostgres } from '@rollcall/embedded-postgres';

/** The one PostgreSQL of a benchmark run: durable commits, the settings of `npm start`. */
export interface BenchDatabase {
  postmasterPid: number;
  /** `server_version`. */
  version: string;
  /** Makes an empty database for a system; its URLs by login. */
  create(system: string): Promise<DatabaseUrls>;
  /** Removes the database of a system that has stopped. */
  drop(system: string): Promise<void>;
  stop(): Promise<void>;
}

export interface DatabaseUrls {
  adminUrl: string;
  ownerUrl: string;
  appUrl: string;
}

/** Starts it in a folder of its own, which goes with it. */
export async function startDatabase(): Promise<BenchDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rollcall-bench-'));
  // The server may run as another user, who has to get through.
  await chmod(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir, settings: { max_connections: '200' } }).catch(
    async (error: unknown) => {
      await rm(dataDir, { recursive: true, force: true });
      throw error;
    },
  );
  const admin = createPool({ url: server.adminUrl, poolSize: 1, onError: () => undefined });
  const stop = async () => {
    await admin.end();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  const version = await readVersion(admin).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    postmasterPid: server.pid,
    version,
    create: async (system) => {
      const name = nameOf(system);
      await admin.query(`CREATE DATABASE ${name} OWNER ${OWNER_ROLE}`);
      await admin.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO ${APP_ROLE}`);
      const on = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
      return { adminUrl: on(server.adminUrl), ownerUrl: on(server.ownerUrl), appUrl: on(server.appUrl) };
    },
    drop: async (system) => {
      await admin.query(`DROP DATABASE ${nameOf(system)} WITH (FORCE)`);
    },
    stop,
  };
}

async function readVersion(admin: ReturnType<typeof createPool>): Promise<string> {
  const { rows } = await admin.query<{ server_version: string }>('SHOW server_version');
  return rows[0]?.server_version ?? '';
}

function nameOf(system: string): string {
  return `bench_${system.replaceAll(/\W+/g, '_')}`;
}

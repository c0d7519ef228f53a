import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import type { TestServer } from './create-test-database';

/** A server of a suite's own, with one empty database. */
export interface OwnPostgres extends TestServer {
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Starts a new PostgreSQL, which has given out next to no transaction ids, without the waits that make commits durable. */
export async function startPostgres(): Promise<OwnPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rollcall-postgres-'));
  // The server may run as another user, who has to get through.
  await chmod(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off', synchronous_commit: 'off' } });
  const { ownerUrl, appUrl } = server;
  const { pathname } = new URL(ownerUrl);
  return {
    adminUrl: Object.assign(new URL(server.adminUrl), { pathname }).href,
    ownerUrl,
    appUrl,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

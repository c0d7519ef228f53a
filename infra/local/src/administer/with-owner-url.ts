import { findEmbeddedPostgres, startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import type { Config } from '@rollcall/platform';

/**
 * Works on the database as its owner: the one of DATABASE_URL, the embedded one that a running `npm start` has, or the
 * embedded one started for as long as the work takes.
 */
export async function withOwnerUrl(config: Config, work: (ownerUrl: string) => Promise<void>): Promise<void> {
  if (config.databaseUrl) return work(config.databaseUrl);
  const running = await findEmbeddedPostgres(config.dataDir);
  if (running) return work(running.ownerUrl);
  const server = await startEmbeddedPostgres({ dataDir: config.dataDir });
  try {
    await work(server.ownerUrl);
  } finally {
    await server.stop();
  }
}

import { findEmbeddedPostgres, startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import { type Config, ConfigError } from '@rollcall/platform';

/**
 * Works on the database as its owner: the one of DATABASE_OWNER_URL, the embedded one that a running `npm start` has, or the
 * embedded one started for as long as the work takes. Throws a ConfigError for a database elsewhere without the owner's login.
 */
export async function withOwnerUrl(config: Config, work: (ownerUrl: string) => Promise<void>): Promise<void> {
  if (config.databaseOwnerUrl) return work(config.databaseOwnerUrl);
  if (config.databaseUrl) {
    throw new ConfigError(
      'DATABASE_OWNER_URL',
      "is required for this command: the login of the database's owner; DATABASE_URL is the application's.",
    );
  }
  const running = await findEmbeddedPostgres(config.dataDir);
  if (running) return work(running.ownerUrl);
  const server = await startEmbeddedPostgres({ dataDir: config.dataDir });
  try {
    await work(server.ownerUrl);
  } finally {
    await server.stop();
  }
}

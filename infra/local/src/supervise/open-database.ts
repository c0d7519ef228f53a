import { ensureAppLogin } from '@rollcall/database';
import type { Config } from '@rollcall/platform';
import { loginsOf } from './prepare-database';
import { holdDataDir } from './hold-data-dir';
import { type DatabaseEvents, keepEmbeddedPostgres, type OpenDatabase } from './keep-embedded-postgres';

/**
 * The database of this server: the one DATABASE_URL names, or an embedded one that is started, watched and stopped.
 * Either way this process owns the data directory until close(). Throws a StartError while another one does.
 */
export async function openDatabase(config: Config, events: DatabaseEvents): Promise<OpenDatabase> {
  const { databaseUrl, databaseDirectUrl, databaseOwnerUrl: ownerUrl, dataDir } = config;
  if (!databaseUrl) return keepEmbeddedPostgres(dataDir, events);
  // The hold is the application's connection: the owner's login is for the start alone.
  if (ownerUrl) await ensureAppLogin(loginsOf(ownerUrl, config));
  const hold = await holdDataDir(databaseDirectUrl ?? databaseUrl, dataDir, events.onTakenOver);
  return { ownerUrl, appUrl: databaseUrl, close: () => hold.release() };
}

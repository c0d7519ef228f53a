import type { Config } from '@rollcall/platform';
import { holdDataDir } from './hold-data-dir';
import { type DatabaseEvents, keepEmbeddedPostgres, type OpenDatabase } from './keep-embedded-postgres';

/**
 * The database of this server: the one DATABASE_URL names, or an embedded one that is started, watched and stopped.
 * Either way this process owns the data directory until close(). Throws a StartError while another one does.
 */
export async function openDatabase(config: Config, events: DatabaseEvents): Promise<OpenDatabase> {
  const { databaseUrl, dataDir } = config;
  if (!databaseUrl) return keepEmbeddedPostgres(dataDir, events);
  const hold = await holdDataDir(databaseUrl, dataDir, events.onTakenOver);
  return { ownerUrl: databaseUrl, appUrl: databaseUrl, close: () => hold.release() };
}

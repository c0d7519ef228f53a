import { join, resolve } from 'node:path';
import { findPostmaster } from './find-postmaster';
import { DATABASE, OWNER_ROLE } from './prepare-database';
import { readServerSecrets } from './server-secrets';

/** The embedded server that runs on a data directory now, whoever owns it, or undefined. Starts nothing. */
export async function findEmbeddedPostgres(dataDir: string): Promise<{ ownerUrl: string } | undefined> {
  const clusterDir = join(resolve(dataDir), 'postgres');
  const postmaster = await findPostmaster(clusterDir);
  if (!postmaster) return undefined;
  const { ownerPassword } = await readServerSecrets(clusterDir);
  return { ownerUrl: `postgresql://${OWNER_ROLE}:${ownerPassword}@127.0.0.1:${postmaster.port}/${DATABASE}` };
}

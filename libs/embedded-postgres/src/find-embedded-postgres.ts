import { join, resolve } from 'node:path';
import { findPostmaster } from './find-postmaster';
import { APP_ROLE, DATABASE, OWNER_ROLE } from './prepare-database';
import { readServerSecrets } from './server-secrets';

/** The embedded server that runs on a data directory now, whoever owns it, or undefined. Starts nothing. */
export async function findEmbeddedPostgres(dataDir: string): Promise<{ ownerUrl: string; appUrl: string } | undefined> {
  const clusterDir = join(resolve(dataDir), 'postgres');
  const postmaster = await findPostmaster(clusterDir);
  if (!postmaster) return undefined;
  const { ownerPassword, appPassword } = await readServerSecrets(clusterDir);
  const url = (role: string, password: string) =>
    `postgresql://${role}:${password}@127.0.0.1:${postmaster.port}/${DATABASE}`;
  return { ownerUrl: url(OWNER_ROLE, ownerPassword), appUrl: url(APP_ROLE, appPassword) };
}

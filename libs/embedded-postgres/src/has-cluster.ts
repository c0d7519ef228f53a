import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Whether a data directory has a database, so that there was a start on it before. Starts nothing. */
export function hasCluster(dataDir: string): Promise<boolean> {
  return access(join(resolve(dataDir), 'postgres')).then(
    () => true,
    () => false,
  );
}

import { execFile } from 'node:child_process';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What `npm start` and its relatives run. */
export const LAUNCHER = fileURLToPath(new URL('../../../infra/local/launch.js', import.meta.url));

/** The environment variable that names a data directory with a migrated database, for suites. */
export const MIGRATED_DATA_DIR = 'TEST_MIGRATED_DATA_DIR';

/** A new data directory: empty, or with a migrated database that has nothing in it where the test run has made one. */
export async function newDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rollcall-data-'));
  // The embedded database may run as another user, who has to get through, and whose the files are.
  await chmod(dataDir, 0o711);
  const migrated = process.env[MIGRATED_DATA_DIR];
  if (migrated) await promisify(execFile)('cp', ['-a', join(migrated, 'postgres'), dataDir]);
  return dataDir;
}

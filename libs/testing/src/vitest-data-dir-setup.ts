import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LAUNCHER, MIGRATED_DATA_DIR, newDataDir } from './new-data-dir';

/**
 * Vitest's global setup of the end-to-end suites: a data directory whose database is migrated and has nothing in it. To make one anew for
 * each server that starts is a tenth of what the suites cost; those that look at a first start make their own.
 */
// oxlint-disable-next-line import/no-default-export -- Vitest demands a default export of a global setup.
export default async function setup(): Promise<() => void> {
  const dataDir = await newDataDir();
  await promisify(execFile)(process.execPath, [LAUNCHER, 'rollcall', 'migrate'], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir },
  });
  rmSync(join(dataDir, 'postgres.log'), { force: true });
  process.env[MIGRATED_DATA_DIR] = dataDir;
  return () => {
    delete process.env[MIGRATED_DATA_DIR];
    rmSync(dataDir, { recursive: true, force: true });
  };
}

import { createWriteStream } from 'node:fs';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { type BackupReport, writeBackup } from '@rollcall/database';
import { StartError } from '@rollcall/embedded-postgres';
import type { Config } from '@rollcall/platform';
import { tellProgress } from './tell-progress';

export interface BackUpRequest {
  readonly config: Pick<Config, 'databaseUrl' | 'secretKey' | 'dataDir'>;
  readonly ownerUrl: string;
  /** The file to write, or the folder to write one into. */
  readonly target: string | undefined;
  readonly json: boolean;
  readonly say: (text: string) => void;
}

/**
 * Writes a backup into a file that its owner alone can read. It appears under its name when it is whole and on the disk. Throws a
 * StartError for a place that cannot be written, and what writeBackup throws.
 */
export async function backUp({ config, ownerUrl, target, json, say }: BackUpRequest): Promise<void> {
  const file = await chooseFile(target);
  const report = await writeAside(file, (output) =>
    writeBackup({ ownerUrl, output, onProgress: json ? undefined : tellProgress(say) }),
  );
  const { size } = await stat(file);
  const key = describeKeyPlace(config);
  if (json) return say(JSON.stringify({ file, bytes: size, ...describeReport(report), secret_key: key }));
  say(`Backed up ${report.rows} rows of ${report.tables} tables, as of ${report.time}, into ${file} (${size} bytes).`);
  say(
    `The secret key is not in it, and nothing that it sealed can be read without it: keep ${key} too, in another place.`,
  );
}

/** What a program is told of a backup. */
export function describeReport({ time, version, tables, rows }: BackupReport) {
  return { time, database_version: version, tables, rows };
}

async function chooseFile(target: string | undefined): Promise<string> {
  if (!target) throw new StartError('Say where to: backup <file>, or backup <folder> for a file named after the time.');
  const path = resolve(target);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory())
    return join(path, `rollcall-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}.backup`);
  if (found) throw new StartError(`${path} is there already: name a file that is not, or a folder.`);
  if (target.endsWith(sep) || !(await stat(dirname(path)).catch(() => undefined))?.isDirectory()) {
    throw new StartError(`The folder of ${path} is not there: make it first.`);
  }
  return path;
}

/** The name of a file that exists is never one of half a backup, whenever this process is killed. */
async function writeAside<Result>(
  file: string,
  write: (output: ReturnType<typeof createWriteStream>) => Promise<Result>,
): Promise<Result> {
  const partial = `${file}.${process.pid}.partial`;
  const handle = await open(partial, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST'
      ? new StartError(`${partial} is there already: another backup is writing it, or one was killed; then remove it.`)
      : new StartError(`${partial} cannot be written (${error.code}).`);
  });
  try {
    const result = await write(createWriteStream(partial, { fd: handle.fd, autoClose: false }));
    await handle.sync();
    await handle.close();
    await giveName(partial, file);
    await syncFolder(dirname(file));
    return result;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(partial, { force: true });
    throw isFull(error) ? new StartError(`There is no room for the backup in ${dirname(file)}.`) : error;
  }
}

/** Two backups may have chosen the same name: unlike a renaming, a link replaces nothing. */
async function giveName(partial: string, file: string): Promise<void> {
  try {
    await link(partial, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new StartError(`${file} was made meanwhile, and stays as it is: back up once more.`);
    if (!WITHOUT_LINKS.has(String(code))) throw error;
    return rename(partial, file);
  }
  await rm(partial);
}

/** How file systems answer that have no links, as many network drives. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);

/** The new name is in the folder, which is written by itself. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(String((error as NodeJS.ErrnoException | undefined)?.code));
}

/** Where the key is that what is sealed in the database needs. */
export function describeKeyPlace({ secretKey, dataDir }: BackUpRequest['config']): string {
  return secretKey ? 'SECRET_KEY' : join(dataDir, 'secret-key');
}

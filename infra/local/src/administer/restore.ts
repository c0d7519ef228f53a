import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { asOwner, checkDatabase, readBackup, restoreBackup, settleRestore } from '@rollcall/database';
import type { RestoreReport } from '@rollcall/database';
import { StartError } from '@rollcall/embedded-postgres';
import { AppError } from '@rollcall/platform';
import type { Config } from '@rollcall/platform';
import { describeFailure } from '../describe-failure';
import { loginsOf } from '../supervise/prepare-database';
import { findSecretKey } from '../supervise/resolve-secret-key';
import { migrateQueue } from '../supervise/migrate-queue';
import { describeKeyPlace, describeReport } from './back-up';
import { tellProgress } from './tell-progress';
import { withOwnerUrl } from './with-owner-url';

export interface RestoreRequest {
  readonly config: Config;
  readonly file: string | undefined;
  readonly json: boolean;
  readonly say: (text: string) => void;
}

/**
 * Fills the empty database with a backup, all its rows or nothing, and says what is left to do. Makes and opens no database before the file is
 * known to be whole. Throws a StartError for a file that cannot be read and for a failure behind the rows, and what readBackup and restoreBackup throw.
 */
export async function restore({ config, file, json, say }: RestoreRequest): Promise<void> {
  const path = await findFile(file);
  const backup = await readBackup(() => createReadStream(path));
  await withOwnerUrl(config, async (ownerUrl) => {
    const onProgress = json ? undefined : tellProgress(say);
    const report = await fill({ ...loginsOf(ownerUrl, config), backup, onProgress });
    const key = await describeKey(config, ownerUrl);
    const answer = { ...describeReport(report), migrated: report.migrated, secret_key: key.state };
    if (json) return say(JSON.stringify(answer));
    say(`Restored ${report.rows} rows of ${report.tables} tables, as of ${report.time}.`);
    if (report.migrated.length > 0) say(`Brought up to date by ${report.migrated.length} migrations.`);
    say(key.sentence);
  });
}

/** The rows, and what has to follow them before the database is served. */
async function fill(request: Parameters<typeof restoreBackup>[0]): Promise<RestoreReport> {
  let isFilled = false;
  try {
    const report = await restoreBackup({ ...request, onFilled: () => (isFilled = true) });
    await migrateQueue(request.ownerUrl);
    await settle(request.ownerUrl);
    return report;
  } catch (error) {
    throw isFilled ? unfinished(error) : error;
  }
}

function unfinished(cause: unknown): StartError {
  return new StartError(
    `The rows are restored; what has to follow failed: ${describeFailure(cause)}\nBefore any process starts, run "npm run rollcall -- after-restore", which does the rest, or throw this database away and begin anew with an empty one.`,
    { cause },
  );
}

/** Until then readers of its events may miss some without a word. A backup of before the first start has no readers. */
async function settle(ownerUrl: string): Promise<void> {
  try {
    await settleRestore({ ownerUrl });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'not_bootstrapped')) throw error;
  }
}

async function findFile(file: string | undefined): Promise<string> {
  if (!file) throw new StartError('Name the backup: restore <file>.');
  const path = resolve(file);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new StartError(`There is no backup file ${path}.`);
  await access(path, constants.R_OK).catch(() => {
    throw new StartError(`The backup ${path} cannot be read: run this as a user who may.`);
  });
  return path;
}

type KeyState = 'fits' | 'missing' | 'another';

/** Whether the key that the next start would take is the one that the restored database was sealed with. */
async function describeKey(config: Config, ownerUrl: string): Promise<{ state: KeyState; sentence: string }> {
  const place = describeKeyPlace(config);
  const state = await tryKey(config, ownerUrl);
  const sentences = {
    fits: `The secret key in ${place} is that of the backup.`,
    missing: `Put the secret key of the server that was backed up into SECRET_KEY or ${place} (readable by its owner alone) before the first start, which would make another.`,
    another: `The secret key in ${place} is not that of the backup, and the server will not start with it: put the right one there.`,
  };
  return { state, sentence: sentences[state] };
}

async function tryKey(config: Config, ownerUrl: string): Promise<KeyState> {
  const secretKey = config.secretKey ?? (await findSecretKey(config.dataDir));
  if (!secretKey) return 'missing';
  try {
    await asOwner(ownerUrl, (owner) => checkDatabase(owner, { ...config, secretKey }));
    return 'fits';
  } catch (error) {
    if (error instanceof AppError && error.code === 'secret_key_mismatch') return 'another';
    // A database that was backed up before its first start is bound to no key yet.
    if (error instanceof AppError && error.code === 'not_bootstrapped') return 'fits';
    throw error;
  }
}

import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '@rollcall/embedded-postgres';

const FILE = 'secret-key';

/**
 * The key that `dataDir` keeps, generated the first time: 32 bytes, as base64, readable by its owner alone. A file of
 * another content is refused with a StartError and left alone, because what it sealed can be read with it only.
 */
export async function resolveSecretKey(dataDir: string): Promise<Buffer> {
  return (await findSecretKey(dataDir)) ?? (await generate(join(dataDir, FILE)));
}

/** The key that `dataDir` keeps, if there is one; see resolveSecretKey. */
export async function findSecretKey(dataDir: string): Promise<Buffer | undefined> {
  return read(join(dataDir, FILE));
}

async function read(file: string): Promise<Buffer | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StartError(`The secret key in ${file} cannot be read (${error.code}).`);
  });
  if (text === undefined) return undefined;
  const key = Buffer.from(text, 'base64');
  if (key.length === 32) return key;
  throw new StartError(
    `The secret key in ${file} is damaged (32 bytes in base64 are expected): restore it from a backup.`,
  );
}

/** Written aside and linked into place, so that a killed process leaves no half a key. */
async function generate(file: string): Promise<Buffer> {
  const key = randomBytes(32);
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${key.toString('base64')}\n`, { mode: 0o600, flush: true });
  await link(fresh, file);
  await rm(fresh);
  return key;
}

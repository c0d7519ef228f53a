import { randomBytes } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { Sealer } from '@rollcall/platform';

/** The one row that has a pepper, as the sealed text is bound to it. */
const INSTALLATION = 'true';

/**
 * The key of generated secrets' hashes (`createSecretHasher`), 32 random bytes. It is stored sealed by SECRET_KEY, so that a new
 * SECRET_KEY only seals it anew and every hash stays good. The first process that has the key makes it, on whatever login.
 * Throws AppError `unsealable` when it was sealed with another key.
 */
export async function openSecretPepper(source: DataSource | EntityManager, sealer: Sealer): Promise<Buffer> {
  const [installation] = await source.query<{ sealed: string | null }[]>(
    'SELECT sealed_pepper AS sealed FROM installation',
  );
  const sealed = installation?.sealed ?? (await keepFresh(source, sealer));
  return Buffer.from(sealer.open(sealed, 'secretPepper', INSTALLATION), 'base64');
}

/** Of several that make one at the same time, all get the first. */
async function keepFresh(source: DataSource | EntityManager, sealer: Sealer): Promise<string> {
  const fresh = sealer.seal(randomBytes(32).toString('base64'), 'secretPepper', INSTALLATION);
  const [row] = await source.query<{ sealed: string }[]>('SELECT sealed FROM keep_sealed_pepper($1)', [fresh]);
  if (!row) throw new Error('a database is bound to its secret key before its pepper is opened');
  return row.sealed;
}

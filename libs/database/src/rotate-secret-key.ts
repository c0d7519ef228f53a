import type { DataSource, EntityManager } from 'typeorm';
import { AppError, createSealer, publicId, SEALED_COLUMNS, sealedPrefix } from '@rollcall/platform';
import type { SealedColumn, Sealer, SecretKeys } from '@rollcall/platform';
import { OPERATOR, writeAuditEntries } from './audit/write-audit-entries';
import { asOwner, checkSecretKey, secretKeyCheck } from './bootstrap-database';
import { runStatement } from './run-statement';
import { retrySerialization } from './tenant-transaction';

/** What a change of the secret key did. */
export interface KeyRotation {
  /** The id of the newest key, with which everything is sealed now. */
  keyId: string;
  /** Whether the database was bound to another key before. */
  rebound: boolean;
  /** How many values were sealed anew, by what they are. */
  resealed: Record<SealedColumn, number>;
}

export interface KeyRotationOptions {
  ownerUrl: string;
  keys: SecretKeys;
  /** Values in one transaction. */
  batchSize?: number;
}

/**
 * Seals everything that was sealed with a previous key with the newest one, a batch in each transaction, and then binds the
 * database to it. What is done stays done: a run that was cut off is run again. Throws AppError `secret_key_mismatch` when the
 * database is bound to none of the keys, `unsealable` when a value opens with none of them; all others are sealed anew then.
 */
export async function rotateSecretKey({ ownerUrl, keys, batchSize = 500 }: KeyRotationOptions): Promise<KeyRotation> {
  const sealer = createSealer(keys);
  return asOwner(ownerUrl, async (dataSource) => {
    await checkSecretKey(dataSource, keys);
    const resealed = {} as Record<SealedColumn, number>;
    const unopened: string[] = [];
    for (const column of Object.keys(SEALED_COLUMNS) as SealedColumn[]) {
      resealed[column] = await resealColumn(dataSource, { column, sealer, batchSize, unopened });
    }
    if (unopened.length > 0) throw cannotOpen(unopened);
    const done = Object.values(resealed).reduce((sum, count) => sum + count, 0);
    return { keyId: sealer.keyId, rebound: await bindToKey(dataSource, keys, done), resealed };
  });
}

interface Resealing {
  column: SealedColumn;
  sealer: Sealer;
  batchSize: number;
  /** Where values stand that open with none of the keys; added to. */
  unopened: string[];
}

async function resealColumn(dataSource: DataSource, work: Resealing): Promise<number> {
  let [done, after]: [number, string[] | null] = [0, []];
  while (after) {
    const last: string[] = after;
    const batch = await retrySerialization(() =>
      dataSource.transaction(async (manager) => resealBatch(manager, last, work)),
    );
    done += batch.resealed;
    work.unopened.push(...batch.unopened);
    after = batch.last;
  }
  return done;
}

interface SealedRow {
  key: string[];
  owner: string;
  sealed: string;
}

/** The rows after a key. `last` is null when there are no more. */
async function resealBatch(
  manager: EntityManager,
  after: readonly string[],
  { column, sealer, batchSize }: Resealing,
): Promise<{ resealed: number; unopened: string[]; last: string[] | null }> {
  const place = SEALED_COLUMNS[column];
  const key = place.key.map((name) => `t.${name}`).join(', ');
  const isAfter = after.length > 0 ? `AND (${key}) > (${after.map((_, index) => `$${index + 3}`).join(', ')})` : '';
  const { rows } = await runStatement<SealedRow>(
    manager,
    `SELECT jsonb_build_array(${key}) AS key, t.${place.owner.column}::text AS owner, t.${place.column} AS sealed
     FROM ${place.table} t WHERE NOT starts_with(t.${place.column}, $1) ${isAfter} ORDER BY ${key} LIMIT $2 FOR UPDATE`,
    [sealedPrefix(sealer.keyId), batchSize, ...after],
  );
  const unopened: string[] = [];
  const fresh: { key: string[]; sealed: string }[] = [];
  for (const row of rows) {
    const plain = tryOpen(sealer, column, row);
    if (plain === null) unopened.push(`${place.table} (${row.key.join(', ')})`);
    else fresh.push({ key: row.key, sealed: sealer.seal(plain, column, row.owner) });
  }
  await runStatement(
    manager,
    `UPDATE ${place.table} t SET ${place.column} = fresh.value ->> 'sealed' FROM jsonb_array_elements($1::jsonb) AS fresh (value)
     WHERE ${place.key.map((name, index) => `t.${name}::text = fresh.value -> 'key' ->> ${index}`).join(' AND ')}`,
    [JSON.stringify(fresh)],
  );
  return { resealed: fresh.length, unopened, last: rows.length < batchSize ? null : (rows.at(-1)?.key ?? null) };
}

function tryOpen(sealer: Sealer, column: SealedColumn, { sealed, owner }: SealedRow): string | null {
  try {
    return sealer.open(sealed, column, owner);
  } catch (error) {
    if (error instanceof AppError && error.code === 'unsealable') return null;
    throw error;
  }
}

/** The last step. Every environment is told: its secrets are among what was sealed anew. */
async function bindToKey(dataSource: DataSource, keys: SecretKeys, resealed: number): Promise<boolean> {
  return dataSource.transaction(async (manager) => {
    const { affected } = await runStatement(
      manager,
      'UPDATE installation SET secret_key_check = $1 WHERE secret_key_check <> $1',
      [secretKeyCheck(keys.secretKey)],
    );
    if (affected > 0 || resealed > 0) await recordRotation(manager, createSealer(keys).keyId);
    return affected > 0;
  });
}

async function recordRotation(manager: EntityManager, keyId: string): Promise<void> {
  const environments = await manager.query<{ id: string; name: string }[]>('SELECT id, name FROM environments');
  for (const { id, name } of environments) {
    const target = { type: 'environment', id: publicId('env', id), name } as const;
    const changes = { key_id: { from: null, to: keyId } };
    await writeAuditEntries(manager, id, OPERATOR, [{ action: 'key.rotated', target, organizationId: null, changes }]);
  }
}

const SHOWN_PLACES = 10;

function cannotOpen(places: readonly string[]): AppError {
  const shown = places.slice(0, SHOWN_PLACES).join(', ');
  return new AppError({
    kind: 'internal',
    code: 'unsealable',
    message: `${places.length} sealed values open with none of the keys and were left as they are: ${shown}${places.length > SHOWN_PLACES ? ', …' : ''}. Name the key that sealed them in SECRET_KEY_PREVIOUS, or remove them, and run this again.`,
  });
}

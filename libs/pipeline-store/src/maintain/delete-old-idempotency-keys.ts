import type { DataSource } from 'typeorm';

const BATCH = 10_000;

/** How old idempotency keys become, and how many of each environment stay. */
export interface IdempotencyBounds {
  hours: number;
  kept: number;
}

/** Deletes idempotency keys that are too old or too many; of these the oldest. Returns how many. */
export async function deleteOldIdempotencyKeys(
  dataSource: DataSource,
  { hours, kept }: IdempotencyBounds,
  signal?: AbortSignal,
): Promise<number> {
  let deleted = 0;
  while (!signal?.aborted) {
    const [row] = await dataSource.query<{ deleted: string }[]>(
      'SELECT delete_old_idempotency_keys($1, $2, $3) AS deleted',
      [hours, kept, BATCH],
    );
    const count = Number(row?.deleted ?? 0);
    deleted += count;
    if (count < BATCH) break;
  }
  return deleted;
}

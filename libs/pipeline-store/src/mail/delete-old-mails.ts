import type { DataSource } from 'typeorm';

const BATCH = 1_000;

/** Deletes mails that were written more than so many days ago, sent or not. Returns how many. */
export async function deleteOldMails(dataSource: DataSource, days: number, signal?: AbortSignal): Promise<number> {
  let deleted = 0;
  while (!signal?.aborted) {
    const [row] = await dataSource.query<{ deleted: string }[]>('SELECT delete_old_mails($1, $2) AS deleted', [
      days,
      BATCH,
    ]);
    const count = Number(row?.deleted ?? 0);
    deleted += count;
    if (count < BATCH) break;
  }
  return deleted;
}

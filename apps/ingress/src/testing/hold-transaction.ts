import { createDataSource } from '@rollcall/database';
import { waitUntil } from '@rollcall/testing';
import { runAsAdmin } from './seed-directory';

/** Runs statements past row-level security as one transaction, which stays open until it is told to commit. */
export async function holdTransaction(
  adminUrl: string,
  ...statements: [text: string, ...values: unknown[]][]
): Promise<() => Promise<void>> {
  const dataSource = await createDataSource({ url: adminUrl, poolSize: 1 }).initialize();
  const runner = dataSource.createQueryRunner();
  await runner.startTransaction();
  for (const [text, ...values] of statements) await runner.query(text, values);
  return async () => {
    await runner.commitTransaction();
    await dataSource.destroy();
  };
}

/** How many statements of this database wait for a lock. */
export async function countWaiting(adminUrl: string): Promise<number> {
  const [row] = await runAsAdmin<{ waiting: string }>(adminUrl, [
    [
      `SELECT count(*) AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      [],
    ],
  ]);
  return Number(row?.waiting);
}

/** Waits until so many statements of this database wait for a lock. */
export async function untilWaiting(adminUrl: string, count: number): Promise<void> {
  await waitUntil(async () => (await countWaiting(adminUrl)) >= count, { what: 'a lock' });
}

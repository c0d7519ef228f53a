import type { DataSource } from 'typeorm';

/** A database that takes longer than this to answer `SELECT 1` serves nobody. */
const PROBE_TIMEOUT_MS = 2_000;

/** Whether the database answers soon enough to be of use. */
export async function databaseAnswers(dataSource: DataSource): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PROBE_TIMEOUT_MS);
  });
  const probe = dataSource.query('SELECT 1').then(
    () => true,
    () => false,
  );
  return Promise.race([probe, timeout]).finally(() => clearTimeout(timer));
}

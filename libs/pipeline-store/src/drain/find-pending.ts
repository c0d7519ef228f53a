import type { DataSource } from 'typeorm';
import { SET_ASIDE_MS } from '@rollcall/events';

/** Bare ids of up to `limit` directories after `after` ('' = from the start) that have changes to drain. */
export async function findDirectoriesWithChanges(
  dataSource: DataSource,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await dataSource.query<{ directory_id: string }[]>(
    "SELECT directory_id FROM find_directories_with_changes($1, $2, $3 * interval '1 millisecond')",
    [after, limit, SET_ASIDE_MS],
  );
  return rows.map((row) => row.directory_id);
}

/** Deleted directories whose resources are still stored. */
export async function findDirectoriesToPurge(
  dataSource: DataSource,
  limit: number,
): Promise<{ environmentId: string; directoryId: string }[]> {
  const rows = await dataSource.query<{ environment_id: string; directory_id: string }[]>(
    'SELECT environment_id, directory_id FROM find_directories_to_purge($1)',
    [limit],
  );
  return rows.map((row) => ({ environmentId: row.environment_id, directoryId: row.directory_id }));
}

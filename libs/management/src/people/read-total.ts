import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import { KINDS_OF_OWNERS } from '@rollcall/events';
import type { DirectoryScope } from '../directories/find-directory';

/** How many users or groups a directory has, from its maintained counts. */
export async function readTotal(
  manager: EntityManager,
  { environmentId, directoryId }: DirectoryScope,
  of: 'users' | 'groups',
): Promise<number> {
  const { rows } = await runStatement<{ total_users: string; total_groups: string }>(
    manager,
    'SELECT total_users, total_groups FROM read_directory_totals($1, ARRAY[$2], $3)',
    [environmentId, directoryId, KINDS_OF_OWNERS],
  );
  return Number((of === 'users' ? rows[0]?.total_users : rows[0]?.total_groups) ?? 0);
}

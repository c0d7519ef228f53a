import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';

/** How many users of directories of one environment are inactive, as their identity providers sent them; by the directories' ids. */
export async function countInactiveUsers(
  manager: EntityManager,
  environmentId: string,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await runStatement<{ id: string; inactive: string }>(
    manager,
    'SELECT d.id, count_inactive_users($1, d.id) AS inactive FROM unnest($2::text[]) AS d (id)',
    [environmentId, ids],
  );
  return new Map(rows.map(({ id, inactive }) => [id, Number(inactive)]));
}

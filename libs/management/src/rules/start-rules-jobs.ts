import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';

/**
 * Makes the worker apply the rules, which the same transaction changes, to the published users of one directory, or of all
 * directories of the environment. A job that runs is superseded. Returns the bare ids of the directories, for their drains.
 */
export async function startRulesJobs(
  manager: EntityManager,
  environmentId: string,
  directoryId: string | null = null,
): Promise<string[]> {
  const { rows } = await runStatement<{ directory_id: string }>(
    manager,
    'SELECT directory_id FROM start_rules_jobs($1, $2)',
    [environmentId, directoryId],
  );
  return rows.map((row) => row.directory_id);
}

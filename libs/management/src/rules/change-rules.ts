import type { DataSource, EntityManager } from 'typeorm';
import type { AssignmentRules } from '@rollcall/events';
import { AppError } from '@rollcall/platform';
import { jsonEquals } from '@rollcall/scim';
import { RulesJob, tenantTransaction, runStatement } from '@rollcall/database';
import { lockDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { checkAssignments } from './check-assignments';
import { startRulesJobs } from './start-rules-jobs';

/** New rules of a directory in place of its present ones; what is absent stays. Group ids are bare. */
export type RulesChange = Partial<Pick<AssignmentRules, 'assignments' | 'attributeMappings'>>;

/**
 * Stores the rules of a directory and starts the job that applies them to its users, which is returned; rules that are so
 * already start nothing, and the last job is returned. Throws AppError `directory_not_found` and those of
 * {@link checkRulesChange}.
 */
export async function changeRules(
  dataSource: DataSource,
  scope: DirectoryScope,
  change: RulesChange,
): Promise<{ job: RulesJob | null; started: boolean }> {
  return tenantTransaction(dataSource, scope, async (manager) => {
    const { environmentId, directoryId } = scope;
    const directory = await lockDirectory(manager, scope);
    await checkRulesChange(manager, scope, change);
    const { assignments = directory.roleAssignments, attributeMappings = directory.attributeMappings } = change;
    const started =
      !jsonEquals(assignments, directory.roleAssignments) ||
      !jsonEquals(attributeMappings, directory.attributeMappings);
    if (started) {
      await runStatement(
        manager,
        `UPDATE directories SET role_assignments = $3, attribute_mappings = $4, update_time = $5
         WHERE environment_id = $1 AND id = $2`,
        [environmentId, directoryId, JSON.stringify(assignments), JSON.stringify(attributeMappings), new Date()],
      );
      await startRulesJobs(manager, environmentId, directoryId);
    }
    return { job: await manager.findOneBy(RulesJob, { environmentId, directoryId }), started };
  });
}

/** Throws AppError 422 for what cannot be: `unknown_group`, `unknown_role`, `duplicate_assignment`, `duplicate_mapping`. */
export async function checkRulesChange(
  manager: EntityManager,
  scope: DirectoryScope,
  { assignments, attributeMappings = [] }: RulesChange,
): Promise<void> {
  if (assignments) await checkAssignments(manager, scope, assignments);
  const names = attributeMappings.map(({ map_to }) => map_to);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  throw new AppError({
    kind: 'refused',
    code: 'duplicate_mapping',
    message: `"${repeated}" is the map_to of two mappings. Use fallback_keys to read one name from several paths.`,
  });
}

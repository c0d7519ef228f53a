import type { DataSource } from 'typeorm';
import { changeRules } from '@rollcall/directory';
import type { RulesChange } from '@rollcall/directory';
import { RulesJob, tenantTransaction, runStatement } from '@rollcall/database';
import { lockDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { checkRulesChange } from './check-rules-change';
import { startRulesJobs } from './start-rules-jobs';
import type { Waking } from '../wake/to-wake';

/**
 * Stores the rules of a directory and starts the job that applies them to its users, which is returned; rules that are so
 * already start nothing, and the last job is returned. Throws AppError `directory_not_found` and those of
 * {@link checkRulesChange}.
 */
export async function changeDirectoryRules(
  dataSource: DataSource,
  scope: DirectoryScope,
  change: RulesChange,
): Promise<Waking<RulesJob | null>> {
  return tenantTransaction(dataSource, scope, async (manager) => {
    const { environmentId, directoryId } = scope;
    const { roleAssignments: assignments, attributeMappings } = await lockDirectory(manager, scope);
    await checkRulesChange(manager, scope, change);
    const next = changeRules({ assignments, attributeMappings }, change);
    if (next) {
      await runStatement(
        manager,
        `UPDATE directories SET role_assignments = $3, attribute_mappings = $4, update_time = $5
         WHERE environment_id = $1 AND id = $2`,
        [
          environmentId,
          directoryId,
          JSON.stringify(next.assignments),
          JSON.stringify(next.attributeMappings),
          new Date(),
        ],
      );
      await startRulesJobs(manager, environmentId, directoryId);
    }
    return {
      result: await manager.findOneBy(RulesJob, { environmentId, directoryId }),
      wake: next ? { directoryIds: [directoryId] } : {},
    };
  });
}

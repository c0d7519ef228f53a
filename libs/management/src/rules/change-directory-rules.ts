import { changeRules } from '@rollcall/directory';
import type { RulesChange } from '@rollcall/directory';
import { RulesJob, runStatement } from '@rollcall/database';
import type { AuditEntry, Directory } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { directoryTarget } from '../audit/audit-target';
import { findChanges, isChanged } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Recorded, Writer } from '../audit/record-change';
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
  writer: Writer,
  scope: DirectoryScope,
  change: RulesChange,
): Promise<Waking<RulesJob | null>> {
  return recordChange(writer, scope, async (manager): Promise<Recorded<Waking<RulesJob | null>>> => {
    const { environmentId, directoryId } = scope;
    const directory = await lockDirectory(manager, scope);
    const { roleAssignments: assignments, attributeMappings } = directory;
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
    const job = await manager.findOneBy(RulesJob, { environmentId, directoryId });
    return next
      ? { answer: { result: job, wake: { directoryIds: [directoryId] } }, entries: describe(directory, next) }
      : { answer: { result: job, wake: {} }, entries: [] };
  });
}

/** Rules by their whole old and new list: the order counts. */
function describe(directory: Directory, next: Required<RulesChange>): AuditEntry[] {
  const about = { target: directoryTarget(directory), organizationId: directory.organizationId };
  const entries: AuditEntry[] = [
    {
      action: 'role_assignments.updated',
      ...about,
      changes: findChanges(
        { assignments: directory.roleAssignments.map(nameGroup) },
        { assignments: next.assignments.map(nameGroup) },
      ),
    },
    {
      action: 'attribute_mappings.updated',
      ...about,
      changes: findChanges({ attributes: directory.attributeMappings }, { attributes: next.attributeMappings }),
    },
  ];
  return entries.filter(({ changes = {} }) => isChanged(changes));
}

function nameGroup({ group_id, role_name }: NonNullable<RulesChange['assignments']>[number]) {
  return { group_id: publicId('dirgroup', group_id), role_name };
}

import type { EntityManager } from 'typeorm';
import { Environment, runStatement } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { recordChange } from '../audit/record-change';
import type { Recorded, Writer } from '../audit/record-change';
import { requireRoles } from '../rules/check-rules-change';
import { startRulesJobs } from '../rules/start-rules-jobs';
import type { Waking } from '../wake/to-wake';

/**
 * Sets the role of users whom no group or attribute gives one and returns it; null: they have none, undefined: it stays. Throws AppError `unknown_role`.
 */
export async function setDefaultRole(
  writer: Writer,
  environmentId: string,
  roleName: string | null | undefined,
): Promise<Waking<string | null>> {
  return recordChange(writer, { environmentId }, async (manager): Promise<Recorded<Waking<string | null>>> => {
    const environment = await manager.findOneByOrFail(Environment, { id: environmentId });
    const before = environment.defaultMemberRole;
    if (roleName === undefined) return { answer: { result: before, wake: {} }, entries: [] };
    if (roleName !== null) await requireRoles(manager, environmentId, [roleName]);
    const { affected } = await runStatement(
      manager,
      'UPDATE environments SET default_member_role = $2 WHERE id = $1 AND default_member_role IS DISTINCT FROM $2',
      [environmentId, roleName],
    );
    if (affected === 0) return { answer: { result: roleName, wake: {} }, entries: [] };
    const directoryIds = await startRulesJobs(manager, environmentId);
    const target = { type: 'environment' as const, id: publicId('env', environmentId), name: environment.name };
    const changes = { default_member_role: { from: before, to: roleName } };
    return {
      answer: { result: roleName, wake: { directoryIds } },
      entries: [{ action: 'default_role.updated', target, organizationId: null, changes }],
    };
  });
}

/** The name of that role, or null. */
export async function readDefaultRole(manager: EntityManager, environmentId: string): Promise<string | null> {
  const environment = await manager.findOneBy(Environment, { id: environmentId });
  return environment?.defaultMemberRole ?? null;
}

import type { EntityManager } from 'typeorm';
import { lockCounter } from '@rollcall/pipeline-store';
import { AppError, publicId } from '@rollcall/platform';
import { Erasure, notFound, runStatement } from '@rollcall/database';
import type { AuditEntry } from '@rollcall/database';
import { recordChange } from '../audit/record-change';
import type { Recorded, Writer } from '../audit/record-change';
import { applyToSome } from '../deprovisioning/decide-deprovisioning';
import type { DirectoryScope } from '../directories/find-directory';
import type { Waking } from '../wake/to-wake';
import { insertErasure } from './insert-erasure';
import type { ErasureSubject } from './insert-erasure';

/**
 * Has everything erased that is still kept of a user whom the identity provider has deleted, by the id that events carry; also of one
 * of a deleted directory. A deletion that the deprovision guard holds is released, so that receivers hear of it first. Answers the
 * job, which is the receipt once it is finished; the same one when asked again. Throws AppError `directory_not_found`,
 * `user_not_found` when nothing of the user is kept, `user_not_deleted` (409).
 */
export async function startPersonErasure(
  writer: Writer,
  scope: DirectoryScope,
  { id, userId }: { id: string; userId: string },
): Promise<Waking<Erasure>> {
  return recordChange(writer, scope, async (manager): Promise<Recorded<Waking<Erasure>>> => {
    const { directoryId, organizationId } = scope;
    await refuseLiving(manager, scope, userId);
    const key = { id, environmentId: scope.environmentId, organizationId, directoryId, userId };
    const known = await findKnown(manager, key);
    if (known) return { answer: { result: known, wake: {} }, entries: [] };
    if (!(await isKept(manager, directoryId, userId))) throw notFound('user');
    const { deprovisioning } = await lockCounter(manager, directoryId);
    const decision = { action: 'release', userIds: [userId] } as const;
    const isReleased = await applyToSome(manager, scope, deprovisioning, decision);
    const { erasure, isNew } = await insertErasure(manager, key);
    const target = { type: 'person', id: publicId('diruser', userId) } as const;
    const entries: AuditEntry[] = isReleased ? [{ action: 'deprovisioning.released', target, organizationId }] : [];
    if (isNew) entries.push({ action: 'person.erased', target, organizationId });
    return { answer: { result: erasure, wake: { directoryIds: [directoryId] } }, entries };
  });
}

/** What the identity provider still has it sends again: it is removed there, or at least from the directory. */
async function refuseLiving(
  manager: EntityManager,
  { environmentId, organizationId, directoryId }: DirectoryScope,
  userId: string,
): Promise<void> {
  const { rows } = await runStatement<{ is_living: boolean }>(
    manager,
    `SELECT d.deleted_time IS NULL AND EXISTS (
       SELECT 1 FROM directory_users u WHERE u.directory_id = $3 AND u.id = $4) AS is_living
     FROM directories d WHERE d.environment_id = $1 AND d.organization_id = $2 AND d.id = $3`,
    [environmentId, organizationId, directoryId, userId],
  );
  if (!rows[0]) throw notFound('directory');
  if (!rows[0].is_living) return;
  throw new AppError({
    kind: 'conflict',
    code: 'user_not_deleted',
    message:
      'The user is still in the directory: remove it in the identity provider first (it then sends DELETE), and erase what is left afterwards.',
  });
}

async function findKnown(manager: EntityManager, key: ErasureSubject) {
  const { environmentId, organizationId, directoryId, userId } = key;
  return manager.findOneBy(Erasure, { environmentId, organizationId, directoryId, userId });
}

/** In the order of what is likely; the changes that wait have no index by user and are few. */
const PLACES = [
  'SELECT 1 FROM events WHERE directory_id = $1 AND resource_id = $2 LIMIT 1',
  'SELECT 1 FROM published_users WHERE directory_id = $1 AND id = $2',
  'SELECT 1 FROM held_users WHERE directory_id = $1 AND user_id = $2',
  'SELECT 1 FROM changes WHERE directory_id = $1 AND resource_id = $2 LIMIT 1',
  'SELECT 1 FROM deliveries WHERE directory_id = $1 AND resource_id = $2 AND body IS NOT NULL AND sequence IS NOT NULL LIMIT 1',
];

async function isKept(manager: EntityManager, directoryId: string, userId: string): Promise<boolean> {
  for (const place of PLACES) {
    const { rows } = await runStatement(manager, place, [directoryId, userId]);
    if (rows.length > 0) return true;
  }
  return false;
}

import { AppError, publicId } from '@rollcall/platform';
import { Organization, notFound } from '@rollcall/database';
import type { Erasure } from '@rollcall/database';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import type { OrganizationScope } from '../directories/find-directory';
import type { Waking } from '../wake/to-wake';
import { insertErasure } from './insert-erasure';

/**
 * Has everything erased that is still kept of a deleted organization: events, deliveries and their attempts, names, and the values
 * that the audit log has of it. What has not been delivered by then is not delivered any more. Answers the job, which is the receipt
 * once it is finished; the same one when asked again. Throws AppError `organization_not_found`, `organization_not_deleted` (409).
 */
export async function startOrganizationErasure(
  writer: Writer,
  { environmentId, organizationId }: OrganizationScope,
  id: string,
): Promise<Waking<Erasure>> {
  return recordChange(writer, { environmentId }, async (manager) => {
    const organization = await manager.findOneBy(Organization, { environmentId, id: organizationId });
    if (!organization) throw notFound('organization');
    if (!organization.deletedTime) throw notDeleted();
    const subject = { environmentId, id, organizationId, directoryId: '', userId: '' };
    const { erasure, isNew } = await insertErasure(manager, subject);
    const target = { type: 'organization', id: publicId('org', organizationId) } as const;
    return {
      answer: { result: erasure, wake: {} },
      entries: isNew ? [{ action: 'organization.erased', target, organizationId }] : [],
    };
  });
}

function notDeleted(): AppError {
  return new AppError({
    kind: 'conflict',
    code: 'organization_not_deleted',
    message: 'The organization is not deleted: delete it first, wait until its receivers know, and erase what is left.',
  });
}

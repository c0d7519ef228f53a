import { IsNull } from 'typeorm';
import {
  Contact,
  Directory,
  Mail,
  Organization,
  PortalLink,
  PortalSession,
  UnsubscribedAddress,
} from '@rollcall/database';
import type { AuditEntry } from '@rollcall/database';
import { revokeClientsOf } from '../api-clients/revoke-api-client';
import { directoryTarget, organizationTarget } from '../audit/audit-target';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { removeDirectory } from '../directories/delete-directory';
import type { Waking } from '../wake/to-wake';
import { LONG_EXPIRED } from '../portal/long-expired';
import { lockOrganization } from './find-organization';

/**
 * Deletes an organization with its directories and portal links in one transaction, and revokes the API clients that are for it
 * alone. It stays as a tombstone by which its portal sessions are refused, and its events stay readable. Throws AppError
 * `organization_not_found`.
 */
export async function deleteOrganization(
  writer: Writer,
  scope: { environmentId: string; organizationId: string },
): Promise<Waking<void>> {
  const { environmentId, organizationId } = scope;
  return recordChange(writer, { environmentId }, async (manager) => {
    const organization = await lockOrganization(manager, scope);
    const directories = await manager.find(Directory, {
      where: { environmentId, organizationId, deletedTime: IsNull() },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    for (const directory of directories) await removeDirectory(manager, directory);
    await manager.delete(PortalLink, { environmentId, organizationId });
    await manager.delete(Contact, { environmentId, organizationId });
    await manager.delete(UnsubscribedAddress, { environmentId, organizationId });
    await manager.update(
      Mail,
      { environmentId, organizationId, state: 'pending' },
      { state: 'failed', failure: 'organization deleted', sealedMessage: null, finishTime: () => 'now()' },
    );
    await manager.update(
      PortalSession,
      { environmentId, organizationId },
      { expireTime: () => `least(expire_time, ${LONG_EXPIRED})` },
    );
    await manager.update(Organization, { environmentId, id: organizationId }, { deletedTime: () => 'now()' });
    const entries: AuditEntry[] = [
      ...(await revokeClientsOf(manager, scope)),
      { action: 'organization.deleted', target: organizationTarget(organization), organizationId },
      ...directories.map((directory): AuditEntry => ({
        action: 'directory.deleted',
        target: directoryTarget(directory),
        organizationId,
      })),
    ];
    return { answer: { result: undefined, wake: { directoryIds: directories.map(({ id }) => id) } }, entries };
  });
}

import type { EntityManager } from 'typeorm';
import { refuseWhileFeatureOff } from '@rollcall/directory';
import { Organization, PortalSession } from '@rollcall/database';
import type { Clock } from '@rollcall/platform';
import { refuseOver } from './find-portal-session';
import type { PortalSessionView } from './open-portal-session';

/**
 * What a portal session needs in order to change something, for the transaction of the change: that it is still open and Directory
 * Sync still on. Both stay so until the transaction ends, so that nothing is done any more once Leave, a revocation or a
 * switch-off was answered, however long the request had waited before. The organization is locked before everything else, as
 * everywhere; exclusively, because a use case may go on to lock it for an update.
 * @returns throws AppError 401 as requirePortalSession does, and `feature_disabled`
 */
export function admitPortalSession(
  { environmentId, id, organization: { id: organizationId } }: PortalSessionView,
  clock: Clock,
): (manager: EntityManager) => Promise<void> {
  return async (manager) => {
    const organization = await manager.findOneOrFail(Organization, {
      where: { environmentId, id: organizationId },
      lock: { mode: 'for_no_key_update' },
    });
    const session = await manager.findOne(PortalSession, {
      where: { environmentId, id },
      lock: { mode: 'pessimistic_read' },
    });
    refuseOver(session, organization, clock());
    refuseWhileFeatureOff(organization);
  };
}

import type { EntityManager } from 'typeorm';
import type { DeprovisioningHeldData } from '@rollcall/contract';
import type { DeprovisioningWrites } from '@rollcall/events';
import { publicId } from '@rollcall/platform';
import { Directory } from '@rollcall/database';
import { writeOperationalEvent } from '../deliver/write-operational-event';
import type { LockedCounter } from './lock-counter';
import type { BatchTenant } from './write-batch';

/**
 * Writes `directory.deprovisioning_held` if a hold began in this batch, one for each hold. Returns the endpoints that have it
 * to deliver.
 */
export async function announceHold(
  manager: EntityManager,
  { environmentId, organizationId, directoryId }: BatchTenant,
  { guard, totalUsers }: LockedCounter,
  writes: DeprovisioningWrites | null,
): Promise<string[]> {
  if (!writes?.started || !writes.hold || !guard) return [];
  const directory = await manager.findOneByOrFail(Directory, { environmentId, id: directoryId });
  const data: DeprovisioningHeldData = {
    id: publicId('dir', directoryId),
    organization_id: publicId('org', organizationId),
    name: directory.name,
    directory_type: directory.directoryType,
    directory_provider: directory.directoryProvider,
    provider: directory.directoryProvider,
    enabled: directory.enabled,
    total_users: totalUsers,
    held_users: writes.counts.held,
    held_since: writes.hold.since.toISOString(),
    deprovision_guard: {
      max_users: guard.maxUsers,
      max_percent: guard.maxPercent,
      window_seconds: guard.windowSeconds,
    },
  };
  return writeOperationalEvent(manager, {
    environmentId,
    organizationId,
    directoryId,
    type: 'directory.deprovisioning_held',
    subjectId: directoryId,
    occurredAt: writes.hold.since,
    data,
  });
}

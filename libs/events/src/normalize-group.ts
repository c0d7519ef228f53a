import type { GroupData } from '@rollcall/contract';
import { publicId } from '@rollcall/platform';
import type { CanonicalResource, TenantIds } from './change';
import { omitAttributes } from './omit-attributes';
import { readText } from './read-values';

/**
 * Normalizes a stored SCIM group (RFC 7643 §4.2) to the `data` of its events.
 * @param resource the canonical resource, members left out
 * @param totalUsers how many published users the group has
 */
export function normalizeGroup(
  resource: CanonicalResource,
  { groupId, totalUsers }: { groupId: string; totalUsers: number },
  tenant: TenantIds,
): GroupData {
  const externalId = readText(resource['externalId']);
  return {
    id: publicId('dirgroup', groupId),
    organization_id: publicId('org', tenant.organizationId),
    directory_id: publicId('dir', tenant.directoryId),
    dp_id: externalId,
    external_id: externalId,
    display_name: readText(resource['displayName']),
    total_users: totalUsers,
    raw_attributes: omitAttributes(resource, ['id', 'meta', 'members']),
  };
}

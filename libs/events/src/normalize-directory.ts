import type { DirectoryData } from '@rollcall/contract';
import { publicId } from '@rollcall/platform';
import type { DirectoryFacts, TenantIds } from './change';

/** The `data` of a directory's lifecycle events. */
export function normalizeDirectory(facts: DirectoryFacts, tenant: TenantIds): DirectoryData {
  return {
    id: publicId('dir', tenant.directoryId),
    organization_id: publicId('org', tenant.organizationId),
    name: facts.name,
    directory_type: facts.directoryType,
    directory_provider: facts.directoryProvider,
    provider: facts.directoryProvider,
    enabled: facts.enabled,
    status: facts.status,
    updated_at: facts.updatedAt.toISOString(),
    ...(facts.externalIds && { external_ids: facts.externalIds }),
  };
}

import type { DataSource } from 'typeorm';
import { mergeMetadata } from '@rollcall/directory';
import { Organization, tenantTransaction } from '@rollcall/database';
import { refuseTakenExternalId } from './create-organization';
import { lockOrganization } from './find-organization';

/** What changes; an absent key stays. In `metadata` each key counts by itself and null removes it; `metadata: null` removes all. */
export interface OrganizationPatch {
  displayName?: string;
  externalId?: string | null;
  metadata?: Record<string, unknown> | null;
  dirSyncEnabled?: boolean;
}

/** Merges a patch into an organization and returns it. Throws AppError `organization_not_found`, `external_id_taken`. */
export async function updateOrganization(
  dataSource: DataSource,
  scope: { environmentId: string; organizationId: string },
  { metadata, ...patch }: OrganizationPatch,
): Promise<Organization> {
  return tenantTransaction(dataSource, { environmentId: scope.environmentId }, async (manager) => {
    const organization = await lockOrganization(manager, scope);
    Object.assign(organization, withoutUndefined(patch), { updateTime: new Date() });
    if (metadata !== undefined) organization.metadata = mergeMetadata(organization.metadata, metadata);
    await manager.save(organization).catch(refuseTakenExternalId);
    return organization;
  });
}

function withoutUndefined(patch: object): object {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

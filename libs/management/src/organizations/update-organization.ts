import { mergeMetadata } from '@rollcall/directory';
import { readNow } from '@rollcall/database';
import type { AuditEntry, Organization } from '@rollcall/database';
import { organizationTarget } from '../audit/audit-target';
import { findChanges, isChanged } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { keepImportedIds } from '../imports/keep-imported-ids';
import { refuseTakenExternalId } from './create-organization';
import { lockOrganization } from './find-organization';
import { organizationFields, settingsFields } from './organization-fields';

/** What changes; an absent key stays. In `metadata` each key counts by itself and null removes it; `metadata: null` removes all. */
export interface OrganizationPatch {
  displayName?: string;
  externalId?: string | null;
  metadata?: Record<string, unknown> | null;
  slug?: string | null;
  logoUrl?: string | null;
  regionCode?: string | null;
  dirSyncEnabled?: boolean;
  /** All its ids at services that it was imported from. */
  externalIds?: Record<string, string>;
}

/** Merges a patch into an organization and returns it. Throws AppError `organization_not_found`, `external_id_taken`. */
export async function updateOrganization(
  writer: Writer,
  scope: { environmentId: string; organizationId: string },
  { metadata, ...patch }: OrganizationPatch,
): Promise<Organization> {
  return recordChange(writer, { environmentId: scope.environmentId }, async (manager) => {
    const organization = await lockOrganization(manager, scope);
    const before = structuredClone(organization);
    Object.assign(organization, withoutUndefined(patch), { updateTime: new Date() });
    if (organization.dirSyncEnabled !== before.dirSyncEnabled) organization.dirSyncChangedTime = await readNow(manager);
    if (metadata !== undefined) organization.metadata = mergeMetadata(organization.metadata, metadata);
    await manager.save(organization).catch(refuseTakenExternalId);
    const { environmentId, id } = organization;
    await keepImportedIds(manager, { environmentId, kind: 'org', id }, before.externalIds, organization.externalIds);
    return { answer: organization, entries: describe(before, organization) };
  });
}

/** Settings and the rest are told apart: the one says what customers may do, the other what they are called. */
function describe(before: Organization, after: Organization): AuditEntry[] {
  const about = { target: organizationTarget(after), organizationId: after.id };
  const entries: AuditEntry[] = [
    {
      action: 'organization.updated',
      ...about,
      changes: findChanges(organizationFields(before), organizationFields(after)),
    },
    {
      action: 'organization_settings.updated',
      ...about,
      changes: findChanges(settingsFields(before), settingsFields(after)),
    },
  ];
  return entries.filter(({ changes = {} }) => isChanged(changes));
}

function withoutUndefined(patch: object): object {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

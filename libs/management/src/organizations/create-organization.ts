import { AppError } from '@rollcall/platform';
import { Organization, sqlState, violatedConstraint, runStatement } from '@rollcall/database';
import { organizationTarget } from '../audit/audit-target';
import { findChanges } from '../audit/find-changes';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { keepImportedIds } from '../imports/keep-imported-ids';
import { organizationFields, settingsFields } from './organization-fields';

export interface NewOrganization {
  id: string;
  displayName: string;
  externalId: string | null;
  metadata: Record<string, unknown>;
  /** These three are the application's own. */
  slug?: string | null;
  logoUrl?: string | null;
  regionCode?: string | null;
  /** Whether Directory Sync is on; absent: off. */
  dirSyncEnabled?: boolean;
  /** Its ids at services that it was imported from. */
  externalIds?: Record<string, string>;
}

/** Stores a new organization. Throws AppError `external_id_taken`. */
export async function createOrganization(
  writer: Writer,
  environmentId: string,
  organization: NewOrganization,
): Promise<Organization> {
  return recordChange(writer, { environmentId }, async (manager) => {
    const { id, displayName, externalId, metadata, dirSyncEnabled = false, externalIds = {} } = organization;
    const { slug = null, logoUrl = null, regionCode = null } = organization;
    await runStatement(
      manager,
      `INSERT INTO organizations
         (environment_id, id, display_name, external_id, metadata, dir_sync_enabled, external_ids, slug, logo_url, region_code)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        environmentId,
        id,
        displayName,
        externalId,
        JSON.stringify(metadata),
        dirSyncEnabled,
        JSON.stringify(externalIds),
        slug,
        logoUrl,
        regionCode,
      ],
    ).catch(refuseTakenExternalId);
    await keepImportedIds(manager, { environmentId, kind: 'org', id }, {}, externalIds);
    const created = await manager.findOneByOrFail(Organization, { environmentId, id });
    const features = dirSyncEnabled ? settingsFields(created) : {};
    const changes = findChanges({}, { ...organizationFields(created), ...features });
    const target = organizationTarget(created);
    return { answer: created, entries: [{ action: 'organization.created', target, organizationId: id, changes }] };
  });
}

/** Rethrows what a write of an organization broke, the one breach that a caller can cause as an AppError. */
export function refuseTakenExternalId(error: unknown): never {
  if (sqlState(error) !== '23505' || violatedConstraint(error) !== 'organizations_external_id') throw error;
  throw externalIdTaken(error);
}

/** 409: what an organization is called by the owner is unique in an environment. */
export function externalIdTaken(cause?: unknown): AppError {
  return new AppError({
    kind: 'conflict',
    code: 'external_id_taken',
    message: 'Another organization of this environment already has this external id.',
    cause,
  });
}

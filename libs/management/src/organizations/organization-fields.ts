import type { Organization } from '@rollcall/database';
import type { Fields } from '../audit/find-changes';

/** What the audit log tells of an organization; each key of its metadata, and each service that it came from, is a field of its own. */
export function organizationFields(organization: Organization): Fields {
  const { displayName, externalId, externalIds, metadata, slug, logoUrl, regionCode } = organization;
  const ids = Object.entries(externalIds).map(([service, id]) => [`external_ids.${service}`, id]);
  const entries = Object.entries(metadata).map(([key, value]) => [`metadata.${key}`, value]);
  return {
    display_name: displayName,
    external_id: externalId,
    slug,
    logo_url: logoUrl,
    region_code: regionCode,
    ...Object.fromEntries([...ids, ...entries]),
  };
}

/** The same of its features. */
export function settingsFields({ dirSyncEnabled }: Organization): Fields {
  return { dir_sync: dirSyncEnabled };
}

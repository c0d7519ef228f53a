import { publicId } from '@rollcall/platform';
import type { Organization } from '@rollcall/database';
import type { Feature, OrganizationItem } from './organization.dto';

/** An organization as the management API shows it. */
export function renderOrganization(organization: Organization): OrganizationItem {
  return {
    id: publicId('org', organization.id),
    display_name: organization.displayName,
    external_id: organization.externalId,
    ...renderExternalIds(organization),
    metadata: organization.metadata,
    ...renderDescription(organization),
    create_time: organization.createTime.toISOString(),
    update_time: organization.updateTime.toISOString(),
    settings: { features: renderFeatures(organization) },
  };
}

/** What was said of it; nothing of what was not. */
function renderDescription({ slug, logoUrl, regionCode }: Organization) {
  return {
    ...(slug !== null && { slug }),
    ...(logoUrl !== null && { logo_url: logoUrl }),
    ...(regionCode !== null && { region_code: regionCode }),
  };
}

/** Every feature there is, on or off. */
export function renderFeatures({ dirSyncEnabled }: Organization): Feature[] {
  return [{ name: 'dir_sync', enabled: dirSyncEnabled }];
}

/** The ids of what was imported; nothing of what was made here. */
export function renderExternalIds({ externalIds }: { externalIds: Record<string, string> }): {
  external_ids?: Record<string, string>;
} {
  return Object.keys(externalIds).length > 0 ? { external_ids: externalIds } : {};
}

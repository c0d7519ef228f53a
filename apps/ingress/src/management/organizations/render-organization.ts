import { publicId } from '@rollcall/platform';
import type { Organization } from '@rollcall/database';
import type { Feature, OrganizationItem } from './organization.dto';

/** An organization as the management API shows it. */
export function renderOrganization(organization: Organization): OrganizationItem {
  return {
    id: publicId('org', organization.id),
    display_name: organization.displayName,
    external_id: organization.externalId,
    metadata: organization.metadata,
    create_time: organization.createTime.toISOString(),
    update_time: organization.updateTime.toISOString(),
    settings: { features: renderFeatures(organization) },
  };
}

/** Every feature there is, on or off. */
export function renderFeatures({ dirSyncEnabled }: Organization): Feature[] {
  return [{ name: 'dir_sync', enabled: dirSyncEnabled }];
}

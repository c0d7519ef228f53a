import type { DataSource } from 'typeorm';
import { tenantTransaction, notFound, runStatement } from '@rollcall/database';
import type { OrganizationScope } from '../directories/find-directory';
import { requireOrganization } from '../organizations/find-organization';

/**
 * Revokes one link of an organization, or all, and ends the portal sessions that were opened with them.
 * Throws AppError `organization_not_found`, and `link_not_found` for a single one that is not there.
 */
export async function revokePortalLinks(
  dataSource: DataSource,
  scope: OrganizationScope,
  linkId?: string,
): Promise<void> {
  const { environmentId, organizationId } = scope;
  await tenantTransaction(dataSource, { environmentId }, async (manager) => {
    await requireOrganization(manager, scope);
    const { affected } = await runStatement(
      manager,
      `UPDATE portal_links SET revoked_time = now() WHERE environment_id = $1 AND organization_id = $2
         AND revoked_time IS NULL AND ($3::text IS NULL OR id = $3)`,
      [environmentId, organizationId, linkId ?? null],
    );
    if (linkId !== undefined && affected === 0) throw notFound('link');
    await runStatement(
      manager,
      `DELETE FROM portal_sessions WHERE environment_id = $1 AND organization_id = $2 AND ($3::text IS NULL OR link_id = $3)`,
      [environmentId, organizationId, linkId ?? null],
    );
  });
}

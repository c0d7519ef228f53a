import type { DataSource } from 'typeorm';
import { PortalLink, tenantTransaction, runStatement } from '@rollcall/database';
import type { OrganizationScope } from '../directories/find-directory';
import { requireOrganization } from '../organizations/find-organization';

export interface NewPortalLink {
  id: string;
  /** What is stored in place of the link's token. */
  tokenHash: string;
  features: string[];
  /** Seconds. */
  expiresIn: number;
}

/** Stores a link to the Admin Portal. Throws AppError `organization_not_found`. */
export async function createPortalLink(
  dataSource: DataSource,
  scope: OrganizationScope,
  { id, tokenHash, features, expiresIn }: NewPortalLink,
): Promise<PortalLink> {
  const { environmentId, organizationId } = scope;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    await requireOrganization(manager, scope);
    // Links and sessions long over are of no use to an error message any more.
    for (const table of ['portal_links', 'portal_sessions']) {
      await runStatement(
        manager,
        `DELETE FROM ${table} WHERE environment_id = $1 AND organization_id = $2 AND expire_time < now() - interval '7 days'`,
        [environmentId, organizationId],
      );
    }
    await runStatement(
      manager,
      `INSERT INTO portal_links (environment_id, id, organization_id, token_hash, features, expire_time)
       VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))`,
      [environmentId, id, organizationId, tokenHash, features, expiresIn],
    );
    return manager.findOneByOrFail(PortalLink, { environmentId, id });
  });
}

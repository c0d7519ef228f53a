import { In } from 'typeorm';
import type { DataSource } from 'typeorm';
import { PortalLink, tenantTransaction } from '@rollcall/database';
import type { OrganizationScope } from '../directories/find-directory';
import { requireOrganization } from '../organizations/find-organization';
import { countRows, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';

/** The links of an organization that can still be opened, newest first. Throws AppError `organization_not_found`. */
export async function listPortalLinks(
  dataSource: DataSource,
  scope: OrganizationScope,
  page: PageRequest,
): Promise<Page<PortalLink> & { total: number }> {
  const { environmentId, organizationId } = scope;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    await requireOrganization(manager, scope);
    const list = {
      columns: 'l.id',
      from: 'portal_links l',
      where: `l.environment_id = $1 AND l.organization_id = $2
        AND l.consumed_time IS NULL AND l.revoked_time IS NULL AND l.expire_time > now()`,
      params: [environmentId, organizationId],
      keys: [{ sql: 'l.id', type: 'text' }] as const,
      descending: true,
    };
    const { rows, next, prev } = await readPage<{ id: string }>(manager, list, page);
    const links = await manager.find(PortalLink, {
      where: { environmentId, id: In(rows.map(({ id }) => id)) },
      order: { id: 'DESC' },
    });
    return { rows: links, next, prev, total: await countRows(manager, list) };
  });
}

import { In } from 'typeorm';
import type { DataSource } from 'typeorm';
import { Directory, tenantTransaction } from '@rollcall/database';
import { requireOrganization } from '../organizations/find-organization';
import { countRows, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';
import { viewDirectories } from './find-directory';
import type { DirectoryView, OrganizationScope } from './find-directory';

/** The directories of an organization, oldest first. Throws AppError `organization_not_found`. */
export async function listDirectories(
  dataSource: DataSource,
  scope: OrganizationScope,
  page: PageRequest,
): Promise<Page<DirectoryView> & { total: number }> {
  const { environmentId, organizationId } = scope;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    await requireOrganization(manager, scope);
    const list = {
      columns: 'd.id',
      from: 'directories d',
      where: 'd.environment_id = $1 AND d.organization_id = $2 AND d.deleted_time IS NULL',
      params: [environmentId, organizationId],
      keys: [{ sql: 'd.id', type: 'text' }] as const,
    };
    const { rows, next, prev } = await readPage<{ id: string }>(manager, list, page);
    const directories = await manager.find(Directory, {
      where: { environmentId, id: In(rows.map(({ id }) => id)) },
      order: { id: 'ASC' },
    });
    return {
      rows: await viewDirectories(manager, environmentId, directories),
      next,
      prev,
      total: await countRows(manager, list),
    };
  });
}

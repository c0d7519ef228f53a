import { In } from 'typeorm';
import type { DataSource } from 'typeorm';
import { Directory, tenantTransaction } from '@rollcall/database';
import { requireOrganization } from '../organizations/find-organization';
import { countRows, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';
import { viewDirectories } from './find-directory';
import type { DirectoryView } from './find-directory';

/** Which directories of an environment; absent = all. */
export interface DirectoryFilter {
  environmentId: string;
  organizationId?: string | undefined;
  /** Text in the name, in any case. */
  search?: string | undefined;
}

/** The directories of an organization or an environment, oldest first. Throws AppError `organization_not_found`. */
export async function listDirectories(
  dataSource: DataSource,
  filter: DirectoryFilter,
  page: PageRequest,
): Promise<Page<DirectoryView> & { total: number }> {
  const { environmentId, organizationId, search } = filter;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    if (organizationId !== undefined) await requireOrganization(manager, { environmentId, organizationId });
    const params: unknown[] = [environmentId];
    const add = (value: unknown) => `$${params.push(value)}`;
    const conditions = ['d.environment_id = $1', 'd.deleted_time IS NULL'];
    if (organizationId !== undefined) conditions.push(`d.organization_id = ${add(organizationId)}`);
    if (search) conditions.push(`strpos(lower(d.name), ${add(search.toLowerCase())}) > 0`);
    const list = {
      columns: 'd.id',
      from: 'directories d',
      where: conditions.join(' AND '),
      params,
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

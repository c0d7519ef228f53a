import { In } from 'typeorm';
import type { DataSource } from 'typeorm';
import { Organization, tenantTransaction } from '@rollcall/database';
import { countRows, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';

/** The organizations of an environment, or `only` the one with that bare id; oldest first. */
export async function listOrganizations(
  dataSource: DataSource,
  { environmentId, only }: { environmentId: string; only?: string },
  page: PageRequest,
): Promise<Page<Organization> & { total: number }> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const list = {
      columns: 'o.id',
      from: 'organizations o',
      where: `o.environment_id = $1 AND o.deleted_time IS NULL${only === undefined ? '' : ' AND o.id = $2'}`,
      params: only === undefined ? [environmentId] : [environmentId, only],
      keys: [{ sql: 'o.id', type: 'text' }] as const,
    };
    const { rows, next, prev } = await readPage<{ id: string }>(manager, list, page);
    const organizations = await manager.find(Organization, {
      where: { environmentId, id: In(rows.map(({ id }) => id)) },
      order: { id: 'ASC' },
    });
    return { rows: organizations, next, prev, total: await countRows(manager, list) };
  });
}

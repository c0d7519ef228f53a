import { In } from 'typeorm';
import type { DataSource } from 'typeorm';
import { ApiClient, tenantTransaction } from '@rollcall/database';
import { countRows, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';

/** The API clients of an environment that were not revoked, oldest first. */
export async function listApiClients(
  dataSource: DataSource,
  environmentId: string,
  page: PageRequest,
): Promise<Page<ApiClient> & { total: number }> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const list = {
      columns: 'c.id',
      from: 'api_clients c',
      where: 'c.environment_id = $1 AND c.revoked_time IS NULL',
      params: [environmentId],
      keys: [{ sql: 'c.id', type: 'text' }] as const,
    };
    const { rows, next, prev } = await readPage<{ id: string }>(manager, list, page);
    const clients = await manager.find(ApiClient, {
      where: { environmentId, id: In(rows.map(({ id }) => id)) },
      order: { id: 'ASC' },
    });
    return { rows: clients, next, prev, total: await countRows(manager, list) };
  });
}

import { In } from 'typeorm';
import type { DataSource } from 'typeorm';
import { Erasure, notFound, tenantTransaction } from '@rollcall/database';
import { countRows, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';

/** The erasures of an environment, newest first; they are kept for ever. */
export async function listErasures(
  dataSource: DataSource,
  environmentId: string,
  { organizationId }: { organizationId?: string },
  page: PageRequest,
): Promise<Page<Erasure> & { total: number }> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const list = {
      columns: 'x.id',
      from: 'erasures x',
      where: 'x.environment_id = $1 AND ($2::text IS NULL OR x.organization_id = $2)',
      params: [environmentId, organizationId ?? null],
      keys: [{ sql: 'x.id', type: 'text' }] as const,
      descending: true,
    };
    const { rows, next, prev } = await readPage<{ id: string }>(manager, list, page);
    const erasures = await manager.find(Erasure, {
      where: { environmentId, id: In(rows.map(({ id }) => id)) },
      order: { id: 'DESC' },
    });
    return { rows: erasures, next, prev, total: await countRows(manager, list) };
  });
}

/** One of them, of one organization where that is given. Throws AppError `erasure_not_found`. */
export async function findErasure(
  dataSource: DataSource,
  { environmentId, organizationId, erasureId }: { environmentId: string; organizationId?: string; erasureId: string },
): Promise<Erasure> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const erasure = await manager.findOneBy(Erasure, {
      environmentId,
      id: erasureId,
      ...(organizationId !== undefined && { organizationId }),
    });
    if (!erasure) throw notFound('erasure');
    return erasure;
  });
}

import { In } from 'typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { DirectorySecret, HandOver, tenantTransaction } from '@rollcall/database';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { countRows, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';

/** A hand-over, and when the bearer token that it showed was used first. */
export interface HandOverView {
  handOver: HandOver;
  connectedTime: Date | null;
}

/** The hand-overs of a directory, newest first, those that are over too. Throws AppError `directory_not_found`. */
export async function listHandOvers(
  dataSource: DataSource,
  scope: DirectoryScope,
  page: PageRequest,
): Promise<Page<HandOverView> & { total: number }> {
  const { environmentId, directoryId } = scope;
  return tenantTransaction(dataSource, scope, async (manager) => {
    await requireDirectory(manager, scope);
    const list = {
      columns: 'h.id',
      from: 'hand_overs h',
      where: 'h.environment_id = $1 AND h.directory_id = $2',
      params: [environmentId, directoryId],
      keys: [{ sql: 'h.id', type: 'text' }] as const,
      descending: true,
    };
    const { rows, next, prev } = await readPage<{ id: string }>(manager, list, page);
    const handOvers = await manager.find(HandOver, {
      where: { environmentId, id: In(rows.map(({ id }) => id)) },
      order: { id: 'DESC' },
    });
    return { rows: await viewHandOvers(manager, handOvers), next, prev, total: await countRows(manager, list) };
  });
}

/** Completes hand-overs of one directory, in the given order. */
export async function viewHandOvers(manager: EntityManager, handOvers: readonly HandOver[]): Promise<HandOverView[]> {
  const [first] = handOvers;
  if (!first) return [];
  const secrets = await manager.findBy(DirectorySecret, {
    environmentId: first.environmentId,
    directoryId: first.directoryId,
    id: In(handOvers.flatMap(({ secretId }) => secretId ?? [])),
  });
  const firstUses = new Map(secrets.map(({ id, firstUsedTime }) => [id, firstUsedTime]));
  return handOvers.map((handOver) => ({ handOver, connectedTime: firstUses.get(handOver.secretId ?? '') ?? null }));
}

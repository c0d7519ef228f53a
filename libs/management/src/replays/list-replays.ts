import { In } from 'typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { Replay, tenantTransaction, notFound } from '@rollcall/database';
import { viewReplays } from '@rollcall/pipeline-store';
import type { ReplayView } from '@rollcall/pipeline-store';
import { countRows, readPage } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';
import { requireEndpoint } from '../webhooks/find-webhook-endpoint';
import type { EndpointScope } from '../webhooks/find-webhook-endpoint';

/** One replay to an endpoint; bare ids. */
export interface ReplayScope extends EndpointScope {
  replayId: string;
}

/** The replays to an endpoint, newest first. Throws AppError `webhook_endpoint_not_found`. */
export async function listReplays(
  dataSource: DataSource,
  scope: EndpointScope,
  page: PageRequest,
): Promise<Page<ReplayView> & { total: number }> {
  const { environmentId, endpointId } = scope;
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    await requireEndpoint(manager, scope);
    const list = {
      columns: 'r.id',
      from: 'replays r',
      where: 'r.environment_id = $1 AND r.endpoint_id = $2',
      params: [environmentId, endpointId],
      keys: [{ sql: 'r.id', type: 'text' }] as const,
      descending: true,
    };
    const { rows, next, prev } = await readPage<{ id: string }>(manager, list, page);
    const replays = await manager.find(Replay, {
      where: { environmentId, id: In(rows.map(({ id }) => id)) },
      order: { id: 'DESC' },
    });
    return { rows: await viewReplays(manager, replays), next, prev, total: await countRows(manager, list) };
  });
}

/** Throws AppError `webhook_endpoint_not_found`, `replay_not_found`. */
export async function findReplay(dataSource: DataSource, scope: ReplayScope): Promise<ReplayView> {
  return tenantTransaction(dataSource, { environmentId: scope.environmentId }, async (manager) =>
    viewReplay(manager, await requireReplay(manager, scope)),
  );
}

/** The row alone, within a transaction. Throws AppError `webhook_endpoint_not_found`, `replay_not_found`. */
export async function requireReplay(
  manager: EntityManager,
  scope: ReplayScope,
  { lock = false }: { lock?: boolean } = {},
): Promise<Replay> {
  const { environmentId, endpointId, replayId } = scope;
  await requireEndpoint(manager, scope);
  const replay = await manager.findOne(Replay, {
    where: { environmentId, endpointId, id: replayId },
    ...(lock && { lock: { mode: 'pessimistic_write' as const } }),
  });
  if (!replay) throw notFound('replay');
  return replay;
}

/** Completes one replay. */
export async function viewReplay(manager: EntityManager, replay: Replay): Promise<ReplayView> {
  const [view] = await viewReplays(manager, [replay]);
  if (!view) throw notFound('replay');
  return view;
}

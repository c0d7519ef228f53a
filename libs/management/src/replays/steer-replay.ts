import type { DataSource, EntityManager } from 'typeorm';
import { Replay, tenantTransaction, readNow, runStatement } from '@rollcall/database';
import { endReplay } from '@rollcall/pipeline-store';
import type { ReplayView } from '@rollcall/pipeline-store';
import type { Waking } from '../wake/to-wake';
import { requireReplay, viewReplay } from './list-replays';
import type { ReplayScope } from './list-replays';

/**
 * Stops a running replay where it is; what is on the way arrives, nothing more is sent. Live events of a fifo endpoint no longer
 * wait for it. Does nothing to one in another state. Throws AppError `webhook_endpoint_not_found`, `replay_not_found`.
 */
export function pauseReplay(dataSource: DataSource, scope: ReplayScope): Promise<Waking<ReplayView>> {
  return steer(dataSource, scope, (manager, replay) => moveTo(manager, replay, { from: 'running', to: 'paused' }));
}

/**
 * Lets a paused replay go on where it stopped. Does nothing to one in another state. Throws AppError
 * `webhook_endpoint_not_found`, `replay_not_found`.
 */
export function resumeReplay(dataSource: DataSource, scope: ReplayScope): Promise<Waking<ReplayView>> {
  return steer(dataSource, scope, (manager, replay) => moveTo(manager, replay, { from: 'paused', to: 'running' }));
}

/**
 * Ends a replay: its pending deliveries are canceled, those that it took over after they had failed are failed again. Does
 * nothing to one that is over. Throws AppError `webhook_endpoint_not_found`, `replay_not_found`.
 */
export function cancelReplay(dataSource: DataSource, scope: ReplayScope): Promise<Waking<ReplayView>> {
  return steer(dataSource, scope, async (manager, replay) => {
    if (replay.state === 'finished' || replay.state === 'canceled') return [];
    await runStatement(
      manager,
      `UPDATE deliveries d SET state = $4, finish_time = now(), claimed_until = NULL
       WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.replay_id = $3 AND d.state = 'pending'`,
      [replay.environmentId, replay.endpointId, replay.id, replay.failedOnly ? 'failed' : 'canceled'],
    );
    return endReplay(manager, replay, { state: 'canceled', finishTime: await readNow(manager) });
  });
}

/** Does what `action` does, which returns the bare ids of the endpoints that may have something to deliver now. */
async function steer(
  dataSource: DataSource,
  scope: ReplayScope,
  action: (manager: EntityManager, replay: Replay) => Promise<string[]>,
): Promise<Waking<ReplayView>> {
  return tenantTransaction(dataSource, { environmentId: scope.environmentId }, async (manager) => {
    const replay = await requireReplay(manager, scope, { lock: true });
    const endpointIds = await action(manager, replay);
    const endpoints = endpointIds.map((endpointId) => ({ environmentId: scope.environmentId, endpointId }));
    return { result: await viewReplay(manager, replay), wake: { endpoints } };
  });
}

async function moveTo(
  manager: EntityManager,
  replay: Replay,
  { from, to }: { from: Replay['state']; to: Replay['state'] },
): Promise<string[]> {
  if (replay.state !== from) return [];
  replay.state = to;
  await manager.update(Replay, { environmentId: replay.environmentId, id: replay.id }, { state: to });
  return [replay.endpointId];
}

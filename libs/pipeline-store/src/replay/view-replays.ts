import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import type { Replay } from '@rollcall/database';

/** A replay with its progress: `done` of its deliveries are over, `failed` of those did not arrive. */
export interface ReplayView {
  replay: Replay;
  done: number;
  failed: number;
}

/** Completes replays of one environment with their progress. Few deliveries of a replay are pending at a time, so these are counted. */
export async function viewReplays(manager: EntityManager, replays: readonly Replay[]): Promise<ReplayView[]> {
  const views: ReplayView[] = [];
  for (const replay of replays) {
    const isOver = replay.state === 'finished' || replay.state === 'canceled';
    const pending = isOver ? 0 : await countDeliveries(manager, replay, 'pending');
    const failed = isOver ? Number(replay.failed) : await countDeliveries(manager, replay, 'failed');
    views.push({ replay, done: Number(replay.enqueued) - pending, failed });
  }
  return views;
}

/** How many deliveries of a replay are in this state. Each state has its own index. */
export async function countDeliveries(
  manager: EntityManager,
  { environmentId, endpointId, id }: Pick<Replay, 'environmentId' | 'endpointId' | 'id'>,
  state: 'pending' | 'failed',
): Promise<number> {
  const { rows } = await runStatement<{ count: string }>(
    manager,
    `SELECT count(*) AS count FROM deliveries d
     WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.replay_id = $3 AND d.state = '${state}'`,
    [environmentId, endpointId, id],
  );
  return Number(rows[0]?.count ?? 0);
}

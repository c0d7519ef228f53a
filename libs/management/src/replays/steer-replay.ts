import type { EntityManager } from 'typeorm';
import type { AuditAction } from '@rollcall/contract';
import { publicId } from '@rollcall/platform';
import { Replay, readNow, runStatement } from '@rollcall/database';
import { endReplay } from '@rollcall/pipeline-store';
import type { ReplayView } from '@rollcall/pipeline-store';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import type { Waking } from '../wake/to-wake';
import { requireReplay, viewReplay } from './list-replays';
import type { ReplayScope } from './list-replays';

/**
 * Stops a running replay where it is; what is on the way arrives, nothing more is sent. Live events of a fifo endpoint no longer
 * wait for it. Does nothing to one in another state. Throws AppError `webhook_endpoint_not_found`, `replay_not_found`.
 */
export function pauseReplay(writer: Writer, scope: ReplayScope): Promise<Waking<ReplayView>> {
  return steer(writer, scope, 'replay.paused', (manager, replay) =>
    moveTo(manager, replay, { from: 'running', to: 'paused' }),
  );
}

/**
 * Lets a paused replay go on where it stopped. Does nothing to one in another state. Throws AppError
 * `webhook_endpoint_not_found`, `replay_not_found`.
 */
export function resumeReplay(writer: Writer, scope: ReplayScope): Promise<Waking<ReplayView>> {
  return steer(writer, scope, 'replay.resumed', (manager, replay) =>
    moveTo(manager, replay, { from: 'paused', to: 'running' }),
  );
}

/**
 * Ends a replay: its pending deliveries are canceled, those that it took over after they had failed are failed again. Does
 * nothing to one that is over. Throws AppError `webhook_endpoint_not_found`, `replay_not_found`.
 */
export function cancelReplay(writer: Writer, scope: ReplayScope): Promise<Waking<ReplayView>> {
  return steer(writer, scope, 'replay.canceled', async (manager, replay) => {
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

/** Does what `move` does, which returns the bare ids of the endpoints that may have something to deliver now. */
async function steer(
  writer: Writer,
  scope: ReplayScope,
  action: AuditAction,
  move: (manager: EntityManager, replay: Replay) => Promise<string[]>,
): Promise<Waking<ReplayView>> {
  return recordChange(writer, { environmentId: scope.environmentId }, async (manager) => {
    const replay = await requireReplay(manager, scope, { lock: true });
    const { state: from } = replay;
    const endpointIds = await move(manager, replay);
    const endpoints = endpointIds.map((endpointId) => ({ environmentId: scope.environmentId, endpointId }));
    const target = { type: 'replay' as const, id: publicId('rpl', replay.id) };
    const changes = { state: { from, to: replay.state } };
    return {
      answer: { result: await viewReplay(manager, replay), wake: { endpoints } },
      entries: replay.state === from ? [] : [{ action, target, organizationId: null, changes }],
    };
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

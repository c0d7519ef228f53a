import type { EntityManager } from 'typeorm';
import { Directory, Replay } from '@rollcall/database';
import { writeOperationalEvent } from '../deliver/write-operational-event';
import { renderReplay } from './render-replay';
import { countDeliveries } from './view-replays';

/**
 * Ends a replay, which the caller has locked, and announces it by `replay.finished`. Returns the bare ids of the endpoints that
 * have something to deliver.
 */
export async function endReplay(
  manager: EntityManager,
  replay: Replay,
  { state, finishTime }: { state: 'finished' | 'canceled'; finishTime: Date },
): Promise<string[]> {
  const { environmentId, id, directoryId } = replay;
  const failed = await countDeliveries(manager, replay, 'failed');
  replay.state = state;
  replay.finishTime = finishTime;
  replay.failed = String(failed);
  // Filters changed meanwhile, or retention dropped events: what was sent is then all there was.
  if (state === 'finished') replay.total = replay.enqueued;
  const { total, finishTime: finish } = replay;
  await manager.update(Replay, { environmentId, id }, { state, finishTime: finish, failed: replay.failed, total });
  const directory =
    directoryId === null ? null : await manager.findOneBy(Directory, { environmentId, id: directoryId });
  const notified = await writeOperationalEvent(manager, {
    environmentId,
    organizationId: directory?.organizationId ?? null,
    directoryId,
    type: 'replay.finished',
    subjectId: id,
    occurredAt: finishTime,
    data: renderReplay({ replay, done: Number(replay.enqueued), failed }),
  });
  // On a fifo endpoint live events have waited for this.
  return [...new Set([...notified, replay.endpointId])];
}

import type { ReplayData } from '@rollcall/contract';
import { publicId } from '@rollcall/platform';
import type { Replay } from '@rollcall/database';
import type { ReplayView } from './view-replays';

/** A replay as the management API and `replay.finished` show it. */
export function renderReplay({ replay, done, failed }: ReplayView): ReplayData {
  return render(replay, { id: publicId('rpl', replay.id), state: replay.state, done, failed });
}

/** What a replay would be, without one being made. */
export function renderDryRun(replay: Replay): ReplayData {
  return render(replay, { id: null, state: 'dry_run', done: 0, failed: 0 });
}

function render(
  replay: Replay,
  { id, state, done, failed }: Pick<ReplayData, 'id' | 'state' | 'done' | 'failed'>,
): ReplayData {
  return {
    id,
    webhook_endpoint_id: publicId('whe', replay.endpointId),
    state,
    total: Number(replay.total),
    done,
    failed,
    directory_id: replay.directoryId === null ? null : publicId('dir', replay.directoryId),
    from_sequence: toNumber(replay.fromSequence),
    to_sequence: toNumber(replay.toSequence),
    from_time: replay.fromTime?.toISOString() ?? null,
    to_time: replay.toTime?.toISOString() ?? null,
    types: replay.types,
    failed_only: replay.failedOnly,
    oldest_sequence: toNumber(replay.oldestSequence),
    events_expired: replay.eventsExpired,
    create_time: replay.createTime.toISOString(),
    finish_time: replay.finishTime?.toISOString() ?? null,
  };
}

function toNumber(bigint: string | null): number | null {
  return bigint === null ? null : Number(bigint);
}

import { publicId } from '@rollcall/platform';
import type { Replay } from '../entities';
import type { ReplayView } from './view-replays';

/** A replay as the management API and `replay.finished` show it. */
export interface ReplayObject {
  /** Null for one that was only counted. */
  id: string | null;
  webhook_endpoint_id: string;
  state: string;
  total: number;
  done: number;
  failed: number;
  directory_id: string | null;
  from_sequence: number | null;
  to_sequence: number | null;
  from_time: string | null;
  to_time: string | null;
  types: string[];
  failed_only: boolean;
  oldest_sequence: number | null;
  events_expired: boolean;
  create_time: string;
  finish_time: string | null;
}

export function renderReplay({ replay, done, failed }: ReplayView): ReplayObject {
  return { ...renderRange(replay), id: publicId('rpl', replay.id), state: replay.state, done, failed };
}

/** What a replay would be, without one being made. */
export function renderDryRun(replay: Replay): ReplayObject {
  return { ...renderRange(replay), id: null, state: 'dry_run', done: 0, failed: 0 };
}

function renderRange(replay: Replay): Omit<ReplayObject, 'id' | 'state' | 'done' | 'failed'> {
  return {
    webhook_endpoint_id: publicId('whe', replay.endpointId),
    total: Number(replay.total),
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

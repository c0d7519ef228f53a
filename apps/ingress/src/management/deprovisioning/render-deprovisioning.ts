import type { HeldUserState } from '@rollcall/contract';
import type { DeprovisionGuard } from '@rollcall/events';
import type { DecisionJob, DeprovisioningView, HeldUserRow } from '@rollcall/management';
import type {
  DeprovisionGuardItem,
  DeprovisioningItem,
  DeprovisioningJobItem,
  HeldUserItem,
} from './deprovisioning.dto';

/** The limits of a deprovision guard. */
export function renderGuard({ maxUsers, maxPercent, windowSeconds }: DeprovisionGuard): DeprovisionGuardItem {
  return { max_users: maxUsers, max_percent: maxPercent, window_seconds: windowSeconds };
}

/** What the guard of a directory holds. */
export function renderDeprovisioning({ hold, counts, job }: DeprovisioningView): DeprovisioningItem {
  return {
    state: hold ? 'HELD' : 'NONE',
    held_users: counts.held,
    held_since: hold && hold.since,
    discarded_users: counts.discarded,
    job: job && renderJob(job),
  };
}

/** A held user: what is published, and what a release makes of it. */
export function renderHeldUser(row: HeldUserRow, detail: boolean): HeldUserItem {
  const { raw_attributes, ...user } = row.published;
  return {
    user: { ...user, ...(detail && { raw_attributes }) },
    kind: row.kind,
    state: stateOf(row),
    held_time: row.held_time.toISOString(),
  };
}

function stateOf({ is_discarded: isDiscarded, deciding }: HeldUserRow): HeldUserState {
  if (isDiscarded) return 'DISCARDED';
  if (deciding === null) return 'HELD';
  return deciding === 'release' ? 'RELEASING' : 'DISCARDING';
}

function renderJob({ action, state, total, done, createTime, finishTime }: DecisionJob): DeprovisioningJobItem {
  return {
    action,
    state,
    total,
    done,
    create_time: createTime.toISOString(),
    finish_time: finishTime?.toISOString() ?? null,
  };
}

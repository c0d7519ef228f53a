import { isDirectoryStreamEvent } from '../events/rollcall-event';
import type { RollcallEvent } from '../events/rollcall-event';
import { isAfter, positionOf } from './directory-position';
import type { DirectoryStore } from './directory-store';
import { foldEvents, objectIdsOf } from './fold-events';

/** What became of an event. */
export interface AppliedEvent {
  /** Whether it changed the store; false for a repeat, for what a later event has overtaken, for an operational event. */
  applied: boolean;
  /**
   * Events before this one are missing in the store, or the store is of another epoch: they are still under way, or `syncDirectory`
   * has to bring it up to date.
   */
  behind: boolean;
}

/**
 * Applies one event, such as a verified webhook, to a store, in whatever order and however often events come.
 *
 * Before the first `syncDirectory` of its directory it is left alone: the snapshot will contain it.
 */
export async function applyEvent({
  event,
  store,
}: {
  event: RollcallEvent;
  store: DirectoryStore;
}): Promise<AppliedEvent> {
  if (!isDirectoryStreamEvent(event)) return { applied: false, behind: false };
  let result: AppliedEvent = { applied: false, behind: true };
  await store.update(event.directory_id, objectIdsOf([event]), (state) => {
    if (state.position === null) return null;
    const { changes, applied } = foldEvents([event], { ...state, position: state.position });
    result = { applied: applied > 0, behind: isAfter(positionOf(event), changes.position) };
    return changes;
  });
  return result;
}

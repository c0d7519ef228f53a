import { unlessAborted } from '../client/unless-aborted';
import type { DirectoryStore } from './directory-store';

/** Of each directory of a store, what ends with the last run that was asked for. */
const turns = new WeakMap<DirectoryStore, Map<string, Promise<unknown>>>();

/**
 * Runs work on a directory of a store after what was asked for before it in this process: of webhooks that come at once for a directory
 * that is behind, the first then brings it up to date and the others find that it is, in the place of a snapshot for each.
 * @throws the signal's reason when it is aborted before the turn comes; what the work throws
 */
export function takeTurn<Result>(
  { store, directoryId, signal }: { store: DirectoryStore; directoryId: string; signal?: AbortSignal | undefined },
  work: () => Promise<Result>,
): Promise<Result> {
  const ofStore = turns.get(store) ?? new Map<string, Promise<unknown>>();
  turns.set(store, ofStore);
  const before = ofStore.get(directoryId) ?? Promise.resolve();
  const turn = (signal ? unlessAborted(before, signal) : before).then(work);
  // Who gave up waiting lets nobody pass whoever it waited for.
  const end = Promise.allSettled([before, turn]).then(() => {
    if (ofStore.get(directoryId) === end) ofStore.delete(directoryId);
  });
  ofStore.set(directoryId, end);
  return turn;
}

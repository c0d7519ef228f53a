import { RollcallError } from '../client/rollcall-error';
import type { RollcallClient } from '../client/create-rollcall-client';
import type { SnapshotRecord } from '../client/read-snapshot';
import { isDirectoryStreamEvent } from '../events/rollcall-event';
import type { DirectoryStreamEvent } from '../events/rollcall-event';
import { isNext, positionOf } from './directory-position';
import type { DirectoryPosition } from './directory-position';
import type { DirectoryStore, StoredObject } from './directory-store';
import { findDeletion } from './find-deletion';
import { foldEvents, objectIdsOf } from './fold-events';
import { takeTurn } from './take-turn';

/** What `syncDirectory` takes. */
export interface DirectoryToSync {
  client: {
    directories: Pick<RollcallClient['directories'], 'snapshot'>;
    events: Pick<RollcallClient['events'], 'readPage' | 'list'>;
  };
  organizationId: string;
  directoryId: string;
  store: DirectoryStore;
  signal?: AbortSignal | undefined;
}

/** What a run did. */
export interface SyncResult {
  /** The sequence up to which the store is complete now. */
  position: number;
  /** Of that sequence; see `DirectoryPosition`. */
  epoch: number;
  /** Snapshots taken: 0 when the events sufficed. */
  snapshots: number;
  /** Events read after the snapshot or the last position. */
  events: number;
}

/** Snapshots of one run, broken ones included, before it gives up. */
const MAX_SNAPSHOTS = 3;

/**
 * Brings a store up to date with a directory: the events after the store's position, or a snapshot first when there is no
 * position yet, when retention has dropped the events after it, when one of them is missing, or when the server was restored
 * since.
 *
 * Run it at start, on a schedule, and when `applyEvent` says that the store is behind. A run that is cut off leaves the
 * store as of some sequence; the next goes on from there. Several at once, and webhooks meanwhile, do no harm; in one process they take
 * turns.
 * @throws RollcallError of the API; `snapshot_incomplete` or `sync_gap` when the third snapshot did not help either
 */
export function syncDirectory(target: DirectoryToSync): Promise<SyncResult> {
  return takeTurn(target, () => bringUpToDate(target));
}

async function bringUpToDate(target: DirectoryToSync): Promise<SyncResult> {
  const { store, directoryId, signal } = target;
  let snapshots = 0;
  let events = 0;
  let position = await store.readPosition(directoryId);
  for (;;) {
    signal?.throwIfAborted();
    if (position === null) {
      if (snapshots === MAX_SNAPSHOTS) throw syncGap();
      snapshots += 1;
      const taken = await takeSnapshot(target, snapshots === MAX_SNAPSHOTS);
      if (taken?.isDeleted) return { position: taken.sequence, epoch: taken.epoch, snapshots, events };
      position = taken;
      continue;
    }
    const page = await readTail(target, position);
    if (page) {
      events += page.events.length;
      position = await applyPage(page.events, target, position);
      if (position !== null && !page.hasMore) {
        return { position: position.sequence, epoch: position.epoch, snapshots, events };
      }
    } else {
      position = null;
    }
  }
}

/** The position of what was taken. `isDeleted`: the directory's deletion, after which nothing comes. */
interface TakenSnapshot extends DirectoryPosition {
  isDeleted?: true;
}

/** Replaces the store's content. Answers the new position, or null when the snapshot broke off and is to be tried again. */
async function takeSnapshot(target: DirectoryToSync, isLast: boolean): Promise<TakenSnapshot | null> {
  try {
    return await storeSnapshot(target);
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    if (error.code === 'snapshot_incomplete' && !isLast) return null;
    const deletion = error.status === 404 ? await findDeletion(target) : undefined;
    if (!deletion) throw error;
    const position = positionOf(deletion);
    const { store, directoryId } = target;
    await store.replaceAll(directoryId, { position, objects: onlyDeleted(directoryId, position) });
    return { ...position, isDeleted: true };
  }
}

async function storeSnapshot({
  client,
  organizationId,
  directoryId,
  store,
  signal,
}: DirectoryToSync): Promise<DirectoryPosition> {
  const records = client.directories.snapshot(organizationId, directoryId, { signal });
  try {
    const first = await records.next();
    // The first record is a header, or `snapshot` throws.
    if (first.done || first.value.kind !== 'header') throw syncGap();
    const { epoch = 1, sequence } = first.value;
    const position = { epoch, sequence };
    let isRead = false;
    const objects = async function* () {
      yield* toObjects(records, position);
      isRead = true;
    };
    await store.replaceAll(directoryId, { position, objects: objects() });
    if (!isRead) throw new TypeError('The store did not read the snapshot to its end: see DirectoryStore.replaceAll.');
    return position;
  } finally {
    await records.return();
  }
}

/** What is left of a deleted directory. */
async function* onlyDeleted(id: string, place: DirectoryPosition): AsyncGenerator<StoredObject, void, undefined> {
  yield { type: 'directory', id, ...place, data: null };
}

async function* toObjects(
  records: AsyncIterable<SnapshotRecord>,
  position: DirectoryPosition,
): AsyncGenerator<StoredObject, void, undefined> {
  for await (const record of records) {
    if (record.kind === 'user') yield { type: 'user', id: record.data.id, ...position, data: record.data };
    if (record.kind === 'group') yield { type: 'group', id: record.data.id, ...position, data: record.data };
  }
}

interface TailPage {
  events: DirectoryStreamEvent[];
  hasMore: boolean;
}

/** The events right after a position; null when they are not to be had any more, one is missing, or they are of another epoch. */
async function readTail(
  { client, directoryId, signal }: DirectoryToSync,
  { epoch, sequence }: DirectoryPosition,
): Promise<TailPage | null> {
  try {
    const query = { directory_id: directoryId, after_sequence: sequence, epoch, page_size: 500, signal };
    const page = await readPage(client, query);
    const events = page.events.filter(isDirectoryStreamEvent);
    const isGapless = events.every((event, index) => isNext(positionOf(event), { epoch, sequence: sequence + index }));
    return isGapless ? { events, hasMore: page.has_more && events.length > 0 } : null;
  } catch (error) {
    if (error instanceof RollcallError && error.status === 410) return null;
    throw error;
  }
}

type PageQuery = Parameters<RollcallClient['events']['readPage']>[0] & { epoch: number };

/** A server of before there were epochs refuses the field, and has no other epoch than the first. */
async function readPage(client: DirectoryToSync['client'], query: PageQuery) {
  try {
    return await client.events.readPage(query);
  } catch (error) {
    if (!(error instanceof RollcallError && error.status === 400 && query.epoch === 1)) throw error;
    return client.events.readPage({ ...query, epoch: undefined });
  }
}

/** Answers the store's position after the page, which is another than the page's end if somebody else wrote meanwhile. */
async function applyPage(
  events: readonly DirectoryStreamEvent[],
  { store, directoryId }: DirectoryToSync,
  position: DirectoryPosition,
): Promise<DirectoryPosition | null> {
  if (events.length === 0) return position;
  let reached: DirectoryPosition | null = null;
  await store.update(directoryId, objectIdsOf(events), (state) => {
    if (state.position === null) return null;
    const { changes } = foldEvents(events, { ...state, position: state.position });
    reached = changes.position;
    return changes;
  });
  return reached;
}

function syncGap(): RollcallError {
  const message = 'The events do not continue the snapshot: one of them is missing on the server.';
  return new RollcallError({ status: 0, code: 'sync_gap', message });
}

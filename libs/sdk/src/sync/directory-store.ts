import type { DirectoryData, GroupData, UserData } from '../events/event-data';
import type { DirectoryPosition } from './directory-position';

/**
 * A user, a group or the directory itself, as of the event with this `epoch` and `sequence` (or of a snapshot at it). `data`
 * null = deleted by that event. Who is in a group is in the users: their `groups`.
 */
export type StoredObject = { id: string } & DirectoryPosition &
  (
    | { type: 'user'; data: UserData | null }
    | { type: 'group'; data: GroupData | null }
    | { type: 'directory'; data: DirectoryData | null }
  );

/** What is stored of an object, as far as deciding needs it. */
export interface StoredVersion extends DirectoryPosition {
  deleted: boolean;
}

/** What is stored when an update begins. */
export interface StoredState {
  /** Every event up to this one is in the store; null before the first snapshot. */
  position: DirectoryPosition | null;
  /** Of the asked ids, those that are stored, deleted ones included. */
  versions: ReadonlyMap<string, StoredVersion>;
}

/** What an update writes, in this order. */
export interface StoreChanges {
  /** First: the directory was deleted, and with it every user and group of it. */
  removeAll: boolean;
  /** Each object at most once; `data` null = deleted. */
  objects: StoredObject[];
  position: DirectoryPosition;
}

/** One consistent view of a whole directory. */
export interface StoreSnapshot {
  position: DirectoryPosition;
  /** Throws when the snapshot turns out to be cut. */
  objects: AsyncIterable<StoredObject>;
}

/**
 * Where `syncDirectory` and `applyEvent` keep a directory: three methods over your own database, each one transaction, and one more for
 * `reconcile`.
 *
 * The id, `epoch` and `sequence` of a deleted object must stay readable until `position` has reached them; later the row
 * may go.
 */
export interface DirectoryStore {
  /** Every event of the directory up to this one is stored; null before the first snapshot. */
  readPosition(directoryId: string): Promise<DirectoryPosition | null>;
  /**
   * Makes the users and groups of the directory exactly those of a snapshot and takes over its position: all of it or
   * nothing. `objects` must be read to its end before anything is committed; when it throws, nothing may change.
   */
  replaceAll(directoryId: string, snapshot: StoreSnapshot): Promise<void>;
  /**
   * Reads the position and the named objects, calls `decide`, and writes what it answers (null = nothing), with no
   * other update or replacement of the directory in between.
   */
  update(
    directoryId: string,
    objectIds: readonly string[],
    decide: (state: StoredState) => StoreChanges | null,
  ): Promise<void>;
  /**
   * The ids of the directories that have a position, but for those whose deletion is at it. `reconcile` finds with them what was deleted
   * while nobody listened; without this method only the event tells of it.
   */
  listDirectories?(): Promise<string[]>;
}

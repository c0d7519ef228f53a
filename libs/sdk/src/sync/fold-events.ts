import type { DirectoryStreamEvent } from '../events/rollcall-event';
import { isAfter, isNext, positionOf } from './directory-position';
import type { DirectoryPosition } from './directory-position';
import type { StoreChanges, StoredObject, StoredState, StoredVersion } from './directory-store';

/** What events come to. */
export interface FoldedEvents {
  changes: StoreChanges;
  /** How many of the events changed an object. */
  applied: number;
}

/** The ids that `foldEvents` has to know the stored versions of. */
export function objectIdsOf(events: readonly DirectoryStreamEvent[]): string[] {
  return [...new Set(events.flatMap((event) => [event.directory_id, objectOf(event)?.id ?? event.directory_id]))];
}

/**
 * Decides what events of one directory, in any order and with repeats, change in a store.
 *
 * An event is applied to its object only if its epoch, or within that its sequence, is above the last applied to that object,
 * and not at all below the position. The position moves from one event to the very next only, so that whatever is missing is still
 * after it: into another epoch only a snapshot leads.
 */
export function foldEvents(
  events: readonly DirectoryStreamEvent[],
  { position: stored, versions }: StoredState & { position: DirectoryPosition },
): FoldedEvents {
  let position = stored;
  let removeAll = false;
  let applied = 0;
  const written = new Map<string, StoredObject>();

  for (const event of events) {
    const place = positionOf(event);
    if (!isAfter(place, position)) continue;
    if (isNext(place, position)) position = place;
    const object = objectOf(event);
    if (!object) continue;
    const last = versionOf(object.id, written, versions);
    const directory = versionOf(event.directory_id, written, versions);
    const isDirectoryGone = directory?.deleted && isAfter(directory, place);
    if ((last && !isAfter(place, last)) || isDirectoryGone) continue;
    if (event.type === 'organization.directory_deleted') {
      removeAll = true;
      written.clear();
    }
    written.set(object.id, object);
    applied += 1;
  }
  return { changes: { removeAll, objects: [...written.values()], position }, applied };
}

function versionOf(
  id: string,
  written: ReadonlyMap<string, StoredObject>,
  versions: ReadonlyMap<string, StoredVersion>,
): StoredVersion | undefined {
  const object = written.get(id);
  return object ? { ...placeOf(object), deleted: object.data === null } : versions.get(id);
}

function placeOf({ epoch, sequence }: StoredObject): DirectoryPosition {
  return { epoch, sequence };
}

/** The object as an event leaves it; undefined for a type that this version does not know. */
function objectOf(event: DirectoryStreamEvent): StoredObject | undefined {
  const place = positionOf(event);
  switch (event.type) {
    case 'organization.directory.user_created':
    case 'organization.directory.user_updated':
      return { type: 'user', id: event.data.id, ...place, data: event.data };
    case 'organization.directory.user_deleted':
      return { type: 'user', id: event.data.id, ...place, data: null };
    case 'organization.directory.group_created':
    case 'organization.directory.group_updated':
      return { type: 'group', id: event.data.id, ...place, data: event.data };
    case 'organization.directory.group_members_changed':
      return { type: 'group', id: event.data.group.id, ...place, data: event.data.group };
    case 'organization.directory.group_deleted':
      return { type: 'group', id: event.data.id, ...place, data: null };
    case 'organization.directory_created':
    case 'organization.directory_enabled':
    case 'organization.directory_disabled':
      return { type: 'directory', id: event.directory_id, ...place, data: event.data };
    case 'organization.directory_deleted':
      return { type: 'directory', id: event.directory_id, ...place, data: null };
    default:
      // A type of a later version; for each type of this one the compiler asks for a case.
      return void (event satisfies never);
  }
}

import type { GroupData, UserData } from '../events/event-data';
import { isAfter } from './directory-position';
import type { DirectoryPosition } from './directory-position';
import type { DirectoryStore, StoredObject } from './directory-store';

/** A store that forgets everything with its process: for tests, and to look at. What it answers must not be changed. */
export interface MemoryStore extends DirectoryStore {
  /** Undefined when the user does not exist. */
  user(directoryId: string, userId: string): UserData | undefined;
  users(directoryId: string): UserData[];
  /** Undefined when the group does not exist. */
  group(directoryId: string, groupId: string): GroupData | undefined;
  groups(directoryId: string): GroupData[];
  /** The users in a group. */
  members(directoryId: string, groupId: string): UserData[];
}

interface StoredDirectory {
  position: DirectoryPosition;
  objects: Map<string, StoredObject>;
  /** Deleted objects that an earlier event may still ask for. */
  deletedIds: Set<string>;
}

/** Whether the deletion of the directory is the last that is stored of it. */
function isAtDeletion(directoryId: string, { position, objects }: StoredDirectory): boolean {
  const directory = objects.get(directoryId);
  return directory?.data === null && !isAfter(position, directory) && !isAfter(directory, position);
}

/** Also an example of a `DirectoryStore`: over a database, each of its methods is one transaction. */
export function createMemoryStore(): MemoryStore {
  const directories = new Map<string, StoredDirectory>();
  const objectsOf = (directoryId: string) => [...(directories.get(directoryId)?.objects.values() ?? [])];
  const find = (directoryId: string, id: string) => directories.get(directoryId)?.objects.get(id);
  const users = (directoryId: string) =>
    objectsOf(directoryId).flatMap((object) => (object.type === 'user' && object.data ? [object.data] : []));

  return {
    listDirectories: async () =>
      [...directories].filter(([id, stored]) => !isAtDeletion(id, stored)).map(([directoryId]) => directoryId),
    readPosition: async (directoryId) => directories.get(directoryId)?.position ?? null,
    async replaceAll(directoryId, { position, objects: snapshot }) {
      const objects = new Map<string, StoredObject>();
      const directory = find(directoryId, directoryId);
      if (directory) objects.set(directoryId, directory);
      for await (const object of snapshot) objects.set(object.id, object);
      directories.set(directoryId, { position, objects, deletedIds: new Set() });
    },
    async update(directoryId, objectIds, decide) {
      const stored = directories.get(directoryId);
      const known = objectIds.flatMap((id) => stored?.objects.get(id) ?? []);
      const versions = new Map(
        known.map(({ id, epoch, sequence, data }) => [id, { epoch, sequence, deleted: data === null }]),
      );
      const changes = decide({ position: stored?.position ?? null, versions });
      if (!changes) return;
      const objects = changes.removeAll ? new Map<string, StoredObject>() : (stored?.objects ?? new Map());
      const deletedIds = changes.removeAll ? new Set<string>() : (stored?.deletedIds ?? new Set());
      for (const object of changes.objects) {
        objects.set(object.id, object);
        if (object.data === null && object.type !== 'directory') deletedIds.add(object.id);
      }
      for (const id of deletedIds) {
        const object = objects.get(id);
        if (object && isAfter(object, changes.position)) continue;
        objects.delete(id);
        deletedIds.delete(id);
      }
      directories.set(directoryId, { position: changes.position, objects, deletedIds });
    },
    users,
    user: (directoryId, userId) => {
      const object = find(directoryId, userId);
      return object?.type === 'user' ? (object.data ?? undefined) : undefined;
    },
    groups: (directoryId) =>
      objectsOf(directoryId).flatMap((object) => (object.type === 'group' && object.data ? [object.data] : [])),
    group: (directoryId, groupId) => {
      const object = find(directoryId, groupId);
      return object?.type === 'group' ? (object.data ?? undefined) : undefined;
    },
    members: (directoryId, groupId) =>
      users(directoryId).filter(({ groups }) => groups.some(({ id }) => id === groupId)),
  };
}

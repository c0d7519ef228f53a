import type { Directory, ScimSystem } from '../systems/scim-system';
import { QUICK_USERS } from './read-users';
import { seededDirectory } from './seeded-directory';

/** A group of so many members, and users of its directory who are none of them. */
export interface SeededGroup {
  directory: Directory;
  groupId: string;
  displayName: string;
  memberIds: string[];
  otherUserIds: string[];
}

/** Users beyond the members of the largest group; with `--quick` an empty group is in the directory of the other scenarios. */
const OTHERS = QUICK_USERS;

const seeded = new Map<string, Promise<SeededGroup[]>>();
let groups = 0;

/** One group of each size in one directory of the system, seeded once for a run. */
export function seededGroups(system: ScimSystem, sizes: readonly number[]): Promise<SeededGroup[]> {
  const key = `${system.name} ${sizes.join()}`;
  const found = seeded.get(key) ?? seedGroups(system, sizes);
  seeded.set(key, found);
  return found;
}

async function seedGroups(system: ScimSystem, sizes: readonly number[]): Promise<SeededGroup[]> {
  const largest = Math.max(...sizes);
  const { directory, userIds } = await seededDirectory(system, largest + OTHERS);
  const found: SeededGroup[] = [];
  for (const size of sizes) {
    const memberIds = userIds.slice(0, size);
    const displayName = `Seeded group ${groups++}`;
    const groupId = await system.seedGroup(directory, displayName, memberIds);
    found.push({ directory, groupId, displayName, memberIds, otherUserIds: userIds.slice(largest) });
  }
  await system.settle();
  return found;
}

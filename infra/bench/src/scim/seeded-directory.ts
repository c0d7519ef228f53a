import { reserveUsers } from './reserve-users';
import type { Directory, ScimSystem } from '../systems/scim-system';
import type { SystemName, World } from '../systems/start-world';

/** A directory with users `buildOktaUser(first … first + userIds.length - 1)`. */
export interface SeededDirectory {
  directory: Directory;
  first: number;
  userIds: string[];
}

const seeded = new Map<string, Promise<SeededDirectory>>();

/** The directory of a system with so many users, seeded once for a run, for the scenarios that leave the number as it is. */
export function seededDirectory(system: ScimSystem, count: number): Promise<SeededDirectory> {
  const key = `${system.name} ${count}`;
  const found = seeded.get(key) ?? seedDirectory(system, count);
  seeded.set(key, found);
  return found;
}

/** Those of the systems that are to be had and filled in time: with `--quick` not better-auth, which is filled over HTTP. */
export function systemsToSeed(world: World, names: readonly SystemName[]): Promise<ScimSystem[]> {
  return world.systems(world.quick ? names.filter((name) => name !== 'better-auth') : names);
}

async function seedDirectory(system: ScimSystem, count: number): Promise<SeededDirectory> {
  const directory = await system.createDirectory();
  const first = reserveUsers(count);
  const userIds = await system.seedUsers(directory, count, first);
  await system.settle();
  return { directory, first, userIds };
}

import type { LoadRequest } from '../load/drive-load';
import { driveLoad } from '../load/drive-load';
import { measureLoad } from '../load/measure-load';
import type { Contender, Scenario } from '../scenario';
import type { Directory } from '../systems/scim-system';
import { startRollcall } from '../systems/start-rollcall';
import type { RollcallSystem } from '../systems/start-rollcall';
import type { World } from '../systems/start-world';
import { each, patchMember } from './change-members';
import { reserveUsers } from './reserve-users';
import { roundSeconds } from './round-seconds';
import { createGroup } from './write-groups';

const SIZES = [10, 1_000, 10_000];
const QUICK_SIZES = [10, 100];
/** Users of each directory, each of whom becomes a member of one group in a round. */
const USERS = 400;

/** How cost grows with a directory's groups: directories of several sizes in one database, each in turn. */
export const growGroupScenarios: readonly Scenario[] = [
  growGroups('list groups, page of 10', ({ system, directory }, seconds) => {
    const next = (): LoadRequest => ({
      method: 'GET',
      path: '/Groups?startIndex=1&count=10&excludedAttributes=members',
    });
    return measureLoad(system, { target: directory, inFlight: 1, next, seconds });
  }),
  growGroups('add one member', async ({ system, directory, userIds, groupIds }) => {
    const load = (change: 'add' | 'remove') => ({
      target: directory,
      inFlight: 1,
      next: each([...userIds.keys()], (index) =>
        patchMember(groupIds[(index * 7_919) % groupIds.length] ?? '', change, userIds[index] ?? '', system),
      ),
    });
    const sample = await measureLoad(system, load('add'));
    await driveLoad(load('remove'));
    return sample;
  }),
  // Last: it adds to the groups that there are.
  growGroups('create group', ({ system, directory }, seconds) =>
    measureLoad(system, { target: directory, inFlight: 1, next: createGroup, seconds }),
  ),
];

interface DirectoryOfGroups {
  system: RollcallSystem;
  directory: Directory;
  size: number;
  userIds: string[];
  groupIds: string[];
}

function growGroups(
  what: string,
  run: (seeded: DirectoryOfGroups, seconds: number) => ReturnType<Contender['run']>,
): Scenario {
  return {
    name: `growth: ${what}, 1 in flight`,
    prepare: async (world) => ({
      contenders: (await directoriesOfGroups(world)).map((seeded) => ({
        name: `rollcall, ${seeded.size.toLocaleString('en-US')} groups`,
        run: () => run(seeded, roundSeconds(world) / 2),
      })),
    }),
  };
}

let found: Promise<DirectoryOfGroups[]> | undefined;

/** Seeded once for a run. */
function directoriesOfGroups(world: World): Promise<DirectoryOfGroups[]> {
  found ??= seedAll(world);
  return found;
}

async function seedAll(world: World): Promise<DirectoryOfGroups[]> {
  const system = await startRollcall(world.database, { name: 'rollcall of groups' });
  const seeded: DirectoryOfGroups[] = [];
  for (const size of world.quick ? QUICK_SIZES : SIZES) {
    const directory = await system.createDirectory();
    const userIds = await system.seedUsers(directory, USERS, reserveUsers(USERS));
    const groupIds = await system.database.seedGroups(directory.directoryId, size);
    seeded.push({ system, directory, size, userIds, groupIds });
  }
  await system.settle();
  return seeded;
}

import type { LoadRequest } from '../load/drive-load';
import { driveLoad } from '../load/drive-load';
import { measureLoad } from '../load/measure-load';
import type { Contender, Goal, Scenario } from '../scenario';
import type { ScimSystem } from '../systems/scim-system';
import type { World } from '../systems/start-world';
import { systemsToSeed } from './seeded-directory';
import { seededGroups } from './seeded-groups';
import type { SeededGroup } from './seeded-groups';

/** Members that one round adds and removes again, so that the group has its size in every round. */
const MEMBERS = 400;
const QUICK_MEMBERS = 150;
/** Of systems that take long for each, so that a round ends. */
const FEWER_MEMBERS = 60;
const QUICK_FEWER_MEMBERS = 30;
const SIZES = [0, 1_000, 10_000, 100_000];
const QUICK_SIZES = [0, 1_000];

/** One member added or removed by each PATCH, one client, in groups of several sizes. */
export const changeMemberScenarios: readonly Scenario[] = [changeMembers('add', 5), changeMembers('remove', 20)];

export const PATCH_OP = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];

function changeMembers(verb: 'add' | 'remove', timesRival: number): Scenario {
  return {
    name: `${verb} one member, 1 in flight`,
    quick: true,
    prepare: async (world) => {
      const contenders: Contender[] = [];
      for (const system of await systemsToSeed(world, ['rollcall', 'limit', 'saml-jackson', 'better-auth'])) {
        for (const group of await seededGroups(system, sizesFor(world, system))) {
          contenders.push({
            name: nameOf(system.name, group.memberIds.length),
            run: () => changeOnce(system, group, verb, membersOf(world, system)),
          });
        }
      }
      // What is promised beside the other system holds for large directories.
      const besideRival = world.quick ? [] : SIZES.map((size) => against('saml-jackson', size, timesRival));
      return { contenders, goals: [...besideRival, ...SIZES.slice(1).map(asFastAsAnEmptyGroup)] };
    },
  };
}

/** better-auth refuses groups of more than 1,000 members. */
function sizesFor({ quick }: World, { name }: ScimSystem): number[] {
  if (name === 'better-auth') return [0, 500];
  return quick ? QUICK_SIZES : SIZES;
}

/** How many members a round changes. */
function membersOf({ quick }: World, { name }: ScimSystem): number {
  if (isOurs(name)) return quick ? QUICK_MEMBERS : MEMBERS;
  return quick ? QUICK_FEWER_MEMBERS : FEWER_MEMBERS;
}

async function changeOnce(system: ScimSystem, group: SeededGroup, verb: 'add' | 'remove', count: number) {
  const load = (change: 'add' | 'remove') => ({
    target: group.directory,
    inFlight: 1,
    next: each(group.otherUserIds.slice(0, count), (id) => patchMember(group.groupId, change, id, system)),
  });
  if (verb === 'remove') {
    await driveLoad(load('add'));
    return measureLoad(system, load('remove'));
  }
  const sample = await measureLoad(system, load('add'));
  await driveLoad(load('remove'));
  return sample;
}

/** As Okta sends it. */
export function patchMember(
  groupId: string,
  change: 'add' | 'remove',
  userId: string,
  { name }: Pick<ScimSystem, 'name'>,
): LoadRequest {
  const operation =
    change === 'add'
      ? { op: 'add', path: 'members', value: [{ value: userId }] }
      : { op: 'remove', path: `members[value eq "${userId}"]` };
  return {
    method: 'PATCH',
    path: `/Groups/${groupId}`,
    body: { schemas: PATCH_OP, Operations: [operation] },
    expect: isOurs(name) ? 204 : 200,
  };
}

/** Rollcall, or the limit of what it could do. */
function isOurs(name: string): boolean {
  return name.startsWith('rollcall') || name === 'limit';
}

/** A request for each value, then no more. */
export function each<Value>(values: readonly Value[], toRequest: (value: Value) => LoadRequest) {
  let next = 0;
  return (): LoadRequest | undefined => {
    const value = values[next];
    next += 1;
    return value === undefined ? undefined : toRequest(value);
  };
}

function nameOf(system: string, size: number): string {
  return `${system}, group of ${size.toLocaleString('en-US')}`;
}

function against(rival: string, size: number, atLeast: number): Goal {
  return { of: nameOf('rollcall', size), against: nameOf(rival, size), metric: 'perSecond', atLeast };
}

function asFastAsAnEmptyGroup(size: number): Goal {
  return { of: nameOf('rollcall', size), against: nameOf('rollcall', 0), metric: 'p50', atLeast: 0.8, atMost: 1.2 };
}

import { buildOktaGroup } from '../../../../libs/testing/src/build-okta-user';
import type { LoadRequest } from '../load/drive-load';
import { driveLoad, sendOne } from '../load/drive-load';
import { measureLoad } from '../load/measure-load';
import type { Contender, Scenario } from '../scenario';
import type { ScimSystem } from '../systems/scim-system';
import { each, patchMember, PATCH_OP } from './change-members';
import { QUICK_USERS } from './read-users';
import { roundSeconds } from './round-seconds';
import { seededDirectory } from './seeded-directory';
import { seededGroups } from './seeded-groups';
import type { SeededGroup } from './seeded-groups';

const GROUP_SCHEMAS = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
const SIZES = [1_000, 10_000, 100_000];
const QUICK_SIZES = [1_000];

export const writeGroupScenarios: readonly Scenario[] = [
  {
    name: 'create group, 16 in flight',
    quick: true,
    prepare: async (world) => {
      const systems = await world.systems(['rollcall', 'limit', 'saml-jackson', 'better-auth']);
      return { contenders: systems.map((system) => createGroups(system, roundSeconds(world))) };
    },
  },
  {
    name: '400 adds to one group, 16 in flight, all stored',
    quick: true,
    prepare: async (world) => {
      const contenders: Contender[] = [];
      for (const system of await world.systems(['rollcall'])) {
        const { directory, userIds } = await seededDirectory(system, QUICK_USERS);
        contenders.push({ name: system.name, run: () => addInOneRequest(system, directory, userIds.slice(0, 400)) });
      }
      return { contenders };
    },
  },
  writeWholeGroup('PUT a group that stays as it is', async (system, group) => {
    const bodies = [replacement(group, group.memberIds)];
    return measureLoad(system, { target: group.directory, inFlight: 1, next: each(bodies, asItIs) });
  }),
  writeWholeGroup('PUT a group with one member exchanged', async (system, group) => {
    const [newcomer = ''] = group.otherUserIds;
    const exchanged = replacement(group, [...group.memberIds.slice(1), newcomer]);
    const bodies = [exchanged, replacement(group, group.memberIds)];
    return measureLoad(system, { target: group.directory, inFlight: 1, next: each(bodies, asItIs) });
  }),
  writeWholeGroup('PATCH that removes all members by their ids', async (system, group) => {
    const load = { target: group.directory, inFlight: 1 };
    const sample = await measureLoad(system, { ...load, next: each(['remove'], (op) => patchAll(group, op)) });
    await driveLoad({ ...load, next: each(['add'], (op) => patchAll(group, op)) });
    return sample;
  }),
];

function createGroups(system: ScimSystem, seconds: number): Contender {
  return {
    name: system.name,
    run: async () => {
      const load = { target: await system.createDirectory(), inFlight: 16, next: createGroup };
      await measureLoad(system, { ...load, seconds: seconds / 8 });
      return measureLoad(system, { ...load, seconds });
    },
  };
}

let created = 0;

/** An empty group with a name that no other has. */
export function createGroup(): LoadRequest {
  return { method: 'POST', path: '/Groups', body: buildOktaGroup(created++), expect: 201 };
}

let groupsOfAll = 0;

async function addInOneRequest(system: ScimSystem, target: SeededGroup['directory'], userIds: readonly string[]) {
  const groupId = await system.seedGroup(target, `All ${groupsOfAll++}`, []);
  const next = each(userIds, (id) => patchMember(groupId, 'add', id, system));
  const sample = await measureLoad(system, { target, inFlight: 16, next });
  const { members } = await sendOne<{ members?: unknown[] }>(target, { method: 'GET', path: `/Groups/${groupId}` });
  if (members?.length !== userIds.length) {
    throw new Error(`of ${userIds.length} members ${members?.length ?? 0} were stored`);
  }
  return sample;
}

/** Requests that name every member; groups of several sizes, one request at a time. */
function writeWholeGroup(
  what: string,
  run: (system: ScimSystem, group: SeededGroup) => ReturnType<Contender['run']>,
): Scenario {
  return {
    name: `${what}, 1 in flight`,
    prepare: async (world) => {
      const contenders: Contender[] = [];
      for (const system of await world.systems(['rollcall'])) {
        for (const group of await seededGroups(system, world.quick ? QUICK_SIZES : SIZES)) {
          const size = group.memberIds.length.toLocaleString('en-US');
          contenders.push({ name: `${system.name}, group of ${size}`, run: () => run(system, group) });
        }
      }
      return { contenders };
    },
  };
}

/** The answer shows no members: it is the write that counts. */
function replacement({ groupId, displayName }: SeededGroup, members: readonly string[]): LoadRequest {
  return {
    method: 'PUT',
    path: `/Groups/${groupId}?excludedAttributes=members`,
    body: {
      schemas: GROUP_SCHEMAS,
      displayName,
      members: members.map((value) => ({ value })),
    },
  };
}

function patchAll({ groupId, memberIds }: SeededGroup, op: string): LoadRequest {
  const value = memberIds.map((id) => ({ value: id }));
  return {
    method: 'PATCH',
    path: `/Groups/${groupId}`,
    body: { schemas: PATCH_OP, Operations: [{ op, path: 'members', value }] },
    expect: 204,
  };
}

function asItIs(request: LoadRequest): LoadRequest {
  return request;
}

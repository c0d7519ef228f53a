import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import type { LoadRequest } from '../load/drive-load';
import { driveLoad } from '../load/drive-load';
import { measureLoad } from '../load/measure-load';
import type { Contender, Scenario } from '../scenario';
import type { ScimSystem } from '../systems/scim-system';
import { each, PATCH_OP } from './change-members';
import { QUICK_USERS, scatter } from './read-users';
import { roundSeconds } from './round-seconds';
import { seededDirectory, systemsToSeed } from './seeded-directory';
import type { SeededDirectory } from './seeded-directory';

const USERS = 10_000;
const IN_FLIGHT = 16;

/** Every request changes its user: one that says what is there already would be cheaper and is no change. */
export const changeUserScenarios: readonly Scenario[] = [
  changeUsers('PUT user', replaceUsers),
  changeUsers('deactivate user (PATCH active)', deactivateUsers),
];

function changeUsers(
  what: string,
  contend: (system: ScimSystem, seeded: SeededDirectory, seconds: number) => Contender,
): Scenario {
  return {
    name: `${what}, 10,000 users, ${IN_FLIGHT} in flight`,
    quick: true,
    prepare: async (world) => {
      const contenders: Contender[] = [];
      for (const system of await systemsToSeed(world, ['rollcall', 'limit', 'saml-jackson', 'better-auth'])) {
        const seeded = await seededDirectory(system, world.quick ? QUICK_USERS : USERS);
        contenders.push(contend(system, seeded, roundSeconds(world)));
      }
      return {
        contenders,
        goals: [
          { of: 'rollcall', against: 'saml-jackson', metric: 'perSecond', atLeast: 3 },
          { of: 'rollcall', against: 'limit', metric: 'perSecond', atLeast: 0.6 },
        ],
      };
    },
  };
}

function replaceUsers(system: ScimSystem, { directory, first, userIds }: SeededDirectory, seconds: number): Contender {
  const pick = scatter(userIds.length);
  let count = userIds.length;
  const next = (): LoadRequest => {
    const n = pick();
    const turn = Math.floor(count++ / userIds.length);
    return {
      method: 'PUT',
      path: `/Users/${userIds[n]}`,
      body: buildOktaUser(first + n, { title: `Engineer ${turn}` }),
    };
  };
  return {
    name: system.name,
    run: () => measureLoad(system, { target: directory, inFlight: IN_FLIGHT, next, seconds }),
  };
}

/** Each request deactivates a user who is active, while there is one; that they are activated again is not measured. */
function deactivateUsers(system: ScimSystem, { directory, userIds }: SeededDirectory, seconds: number): Contender {
  const load = { target: directory, inFlight: IN_FLIGHT };
  const pick = scatter(userIds.length);
  return {
    name: system.name,
    run: async () => {
      const deactivated: string[] = [];
      const next = (): LoadRequest | undefined => {
        const id = deactivated.length < userIds.length ? userIds[pick()] : undefined;
        if (id === undefined) return undefined;
        deactivated.push(id);
        return patchActive(id, false);
      };
      const sample = await measureLoad(system, { ...load, next, seconds });
      await driveLoad({ ...load, next: each(deactivated, (id) => patchActive(id, true)) });
      return sample;
    },
  };
}

/** As Okta sends it. */
export function patchActive(id: string, active: boolean): LoadRequest {
  return {
    method: 'PATCH',
    path: `/Users/${id}`,
    body: { schemas: PATCH_OP, Operations: [{ op: 'replace', value: { active } }] },
  };
}

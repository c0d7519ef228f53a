import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import type { LoadRequest } from '../load/drive-load';
import { measureLoad } from '../load/measure-load';
import type { Scenario } from '../scenario';
import { QUICK_USERS, scatter } from './read-users';
import { roundSeconds } from './round-seconds';
import { seededDirectory } from './seeded-directory';

const PATCH_OP = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
const USERS = 10_000;

/** Every request changes its user: one that says what is there already would be cheaper. */
export const changeUserScenarios: readonly Scenario[] = [
  changeUsers('PUT user', (id, n, turn) => ({
    method: 'PUT',
    path: `/Users/${id}`,
    body: buildOktaUser(n, { title: `Engineer ${turn}` }),
  })),
  changeUsers('PATCH active', (id, _n, turn) => ({
    method: 'PATCH',
    path: `/Users/${id}`,
    body: { schemas: PATCH_OP, Operations: [{ op: 'replace', value: { active: turn % 2 === 0 } }] },
  })),
];

function changeUsers(what: string, change: (id: string, n: number, turn: number) => LoadRequest): Scenario {
  return {
    name: `${what}, 10,000 users, 16 in flight`,
    quick: true,
    prepare: async (world) => {
      const contenders = [];
      for (const system of await world.systems(['rollcall', 'saml-jackson', 'better-auth'])) {
        const { directory, first, userIds } = await seededDirectory(system, world.quick ? QUICK_USERS : USERS);
        const pick = scatter(userIds.length);
        let count = userIds.length;
        const next = (): LoadRequest => {
          const n = pick();
          return change(userIds[n] ?? '', first + n, Math.floor(count++ / userIds.length));
        };
        const load = { target: directory, inFlight: 16, next, seconds: roundSeconds(world) };
        contenders.push({ name: system.name, run: () => measureLoad(system, load) });
      }
      return {
        contenders,
        goals: [{ of: 'rollcall', against: 'saml-jackson', metric: 'perSecond', atLeast: 2 }],
      };
    },
  };
}

import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import type { LoadRequest } from '../load/drive-load';
import { measureLoad } from '../load/measure-load';
import type { Contender, Goal, Scenario } from '../scenario';
import type { ScimSystem } from '../systems/scim-system';
import { startRollcall } from '../systems/start-rollcall';
import { reserveUsers } from './reserve-users';
import { roundSeconds } from './round-seconds';

/** Provisioning: POST /Users with what Okta sends. */
export const createUserScenarios: readonly Scenario[] = [
  createUsers(1, [{ of: 'rollcall', against: 'saml-jackson', metric: 'p50', atMost: 1 }]),
  createUsers(16, [
    { of: 'rollcall', against: 'saml-jackson', metric: 'perSecond', atLeast: 7 },
    { of: 'rollcall', against: 'better-auth', metric: 'perSecond', atLeast: 12 },
    { of: 'rollcall', against: 'limit', metric: 'perSecond', atLeast: 0.85 },
  ]),
  createUsers(64),
  createUsersBesideWorker(16),
];

function createUsers(inFlight: number, goals: Goal[] = []): Scenario {
  return {
    name: `create user, ${inFlight} in flight`,
    quick: inFlight !== 64,
    prepare: async (world) => {
      const systems = await world.systems(['rollcall', 'limit', 'saml-jackson', 'better-auth']);
      return {
        contenders: systems.map((system) => createInNewDirectory(system, inFlight, roundSeconds(world))),
        goals,
      };
    },
  };
}

/** The worker takes its share of the same two cores: what is left while events are made of every user. */
function createUsersBesideWorker(inFlight: number): Scenario {
  return {
    name: `create user, ${inFlight} in flight, worker on`,
    prepare: async (world) => {
      const beside = await startRollcall(world.database, { name: 'rollcall with worker', worker: true });
      const systems = [...(await world.systems(['rollcall'])), beside];
      return {
        contenders: systems.map((system) => createInNewDirectory(system, inFlight, roundSeconds(world))),
        close: () => beside.stop(),
      };
    },
  };
}

/** Every round fills an empty directory, whose token has been used once. */
export function createInNewDirectory(system: ScimSystem, inFlight: number, seconds: number): Contender {
  return {
    name: system.name,
    run: async () => {
      const target = await system.createDirectory();
      let n = reserveUsers(1_000_000);
      const next = (): LoadRequest => ({ method: 'POST', path: '/Users', body: buildOktaUser(n++), expect: 201 });
      await measureLoad(system, { target, inFlight, next, seconds: seconds / 8 });
      return measureLoad(system, { target, inFlight, next, seconds });
    },
  };
}

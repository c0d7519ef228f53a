import { setTimeout as sleep } from 'node:timers/promises';
import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import type { LoadRequest } from '../load/drive-load';
import { measureLoad } from '../load/measure-load';
import type { Contender, Goal, Scenario } from '../scenario';
import type { ScimSystem } from '../systems/scim-system';
import { startRollcall } from '../systems/start-rollcall';
import type { RollcallSystem } from '../systems/start-rollcall';
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

/** The worker takes its share of the same processors: what is left while events are made of every user, and whether it keeps up. */
function createUsersBesideWorker(inFlight: number): Scenario {
  return {
    name: `create user, ${inFlight} in flight, worker on`,
    note: 'In rounds of ten seconds. The oldest change is the longest that a write waited during the round until events were made of it.',
    quick: true,
    prepare: async (world) => {
      const seconds = world.quick ? 2 : 10;
      const beside = await startRollcall(world.database, { name: 'rollcall with worker', worker: true });
      const alone = await world.systems(['rollcall']);
      return {
        contenders: [
          ...alone.map((system) => createInNewDirectory(system, inFlight, seconds)),
          watchOldestChange(beside, createInNewDirectory(beside, inFlight, seconds)),
        ],
        goals: [
          { of: beside.name, against: 'rollcall', metric: 'perSecond', atLeast: 0.75 },
          { of: beside.name, metric: 'oldestChange', atMost: 2_000 },
        ],
        close: () => beside.stop(),
      };
    },
  };
}

const LOOK_EVERY_MS = 50;

/** Looks at what waits while the contender runs. Its round ends when nothing does, so that the next one begins with nothing. */
function watchOldestChange({ database }: RollcallSystem, watched: Contender): Contender {
  const readOldest = async (): Promise<number | undefined> => {
    const { rows } = await database.admin.query<{ ms: number }>(OLDEST_CHANGE);
    return rows[0]?.ms;
  };
  return {
    name: watched.name,
    run: async () => {
      let oldestChange = 0;
      let isRunning = true;
      const watch = async (): Promise<void> => {
        for (; isRunning; await sleep(LOOK_EVERY_MS)) oldestChange = Math.max(oldestChange, (await readOldest()) ?? 0);
      };
      const watching = watch();
      const sample = await watched.run().finally(() => (isRunning = false));
      await watching;
      while ((await readOldest()) !== undefined) await sleep(LOOK_EVERY_MS);
      return { ...sample, oldestChange };
    },
  };
}

/** One round writes to one directory: the first of its changes is the oldest. */
const OLDEST_CHANGE = `
  SELECT extract(epoch FROM clock_timestamp() - occurred_at)::float8 * 1000 AS ms FROM changes ORDER BY directory_id, id LIMIT 1`;

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

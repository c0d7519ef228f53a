import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import type { LoadRequest } from '../load/drive-load';
import { measureLoad } from '../load/measure-load';
import type { Goal, Scenario } from '../scenario';
import type { SystemName } from '../systems/start-world';
import { roundSeconds } from './round-seconds';
import { seededDirectory, systemsToSeed } from './seeded-directory';
import type { SeededDirectory } from './seeded-directory';

const READ_GOALS: Goal[] = [
  { of: 'rollcall', against: 'saml-jackson', metric: 'perSecond', atLeast: 3.5 },
  { of: 'rollcall', against: 'limit', metric: 'perSecond', atLeast: 0.8 },
];

/** The look-ups that identity providers make before and between their writes. */
export const readUserScenarios: readonly Scenario[] = [
  readUsers({
    what: 'find by userName',
    users: 10_000,
    inFlight: 16,
    next: findEach,
    quick: true,
    goals: READ_GOALS,
  }),
  readUsers({
    what: 'find by userName',
    users: 100_000,
    inFlight: 16,
    next: findEach,
    systems: ['rollcall', 'limit', 'saml-jackson'],
    goals: READ_GOALS,
  }),
  readUsers({
    what: 'find by userName',
    users: 100_000,
    inFlight: 1,
    next: findEach,
    systems: ['rollcall', 'limit', 'saml-jackson'],
  }),
  readUsers({
    what: 'read user',
    users: 10_000,
    inFlight: 16,
    next: readById,
    quick: true,
    goals: READ_GOALS,
  }),
];

interface ReadScenario {
  what: string;
  users: number;
  inFlight: number;
  next: (seeded: SeededDirectory) => () => LoadRequest;
  systems?: readonly SystemName[];
  goals?: Goal[];
  quick?: boolean;
}

/** Fewer users with `--quick`, so that it is quick. */
export const QUICK_USERS = 500;

function readUsers({ what, users, inFlight, next, systems, goals = [], quick = false }: ReadScenario): Scenario {
  return {
    name: `${what}, ${users.toLocaleString('en-US')} users, ${inFlight} in flight`,
    quick,
    prepare: async (world) => {
      const found = await systemsToSeed(world, systems ?? ['rollcall', 'limit', 'saml-jackson', 'better-auth']);
      const contenders = [];
      for (const system of found) {
        const seeded = await seededDirectory(system, world.quick ? QUICK_USERS : users);
        const load = { target: seeded.directory, inFlight, next: next(seeded), seconds: roundSeconds(world) };
        contenders.push({ name: system.name, run: () => measureLoad(system, load) });
      }
      return { contenders, goals };
    },
  };
}

function findEach({ first, userIds }: SeededDirectory): () => LoadRequest {
  const pick = scatter(userIds.length);
  return () => findByUserName(first + pick());
}

/** Looks for the user `buildOktaUser(n)`. */
export function findByUserName(n: number): LoadRequest {
  const filter = encodeURIComponent(`userName eq "${String(buildOktaUser(n)['userName'])}"`);
  return { method: 'GET', path: `/Users?filter=${filter}` };
}

function readById({ userIds }: SeededDirectory): () => LoadRequest {
  const pick = scatter(userIds.length);
  return () => ({ method: 'GET', path: `/Users/${userIds[pick()]}` });
}

/** Numbers below `size`, each once before any comes again, far from the one before. */
export function scatter(size: number): () => number {
  let n = 0;
  return () => (n = (n + 7_919) % size);
}

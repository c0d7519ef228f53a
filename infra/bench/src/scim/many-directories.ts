import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import type { LoadRequest, Target } from '../load/drive-load';
import { driveLoad } from '../load/drive-load';
import { measureLoad } from '../load/measure-load';
import type { Contender, Scenario } from '../scenario';
import { startRollcall } from '../systems/start-rollcall';
import type { RollcallSystem } from '../systems/start-rollcall';
import { reserveUsers } from './reserve-users';
import { roundSeconds } from './round-seconds';

const SIZES = [1, 1_000, 10_000];
const QUICK_SIZES = [1, 200];
const IN_FLIGHT = 16;

/** One server for many customers: every request goes to the next directory, whose token has been verified once before. */
export const manyDirectoryScenarios: readonly Scenario[] = [
  {
    name: 'create user, 16 in flight, spread over directories',
    quick: true,
    prepare: async (world) => {
      const sizes = world.quick ? QUICK_SIZES : SIZES;
      const system = await startRollcall(world.database, { name: 'rollcall of many' });
      const contenders: Contender[] = [];
      for (const size of sizes) contenders.push(await spread(system, size, roundSeconds(world)));
      const [of, against] = [sizes.at(-1) ?? 0, 1].map((size) => nameOf(size));
      return {
        contenders,
        goals: [{ of: of ?? '', against: against ?? '', metric: 'perSecond', atLeast: 0.9 }],
        close: () => system.stop(),
      };
    },
  },
];

async function spread(system: RollcallSystem, size: number, seconds: number): Promise<Contender> {
  const ids = await system.database.createDirectories(size);
  const targets = ids.map((id) => ({
    port: system.ingress.port,
    basePath: `/scim/${id}/v2`,
    token: system.database.token,
  }));
  await useEachTokenOnce(targets);
  let n = reserveUsers(1_000_000);
  const next = (): LoadRequest => {
    const target = targets[n % size];
    return { method: 'POST', path: '/Users', body: buildOktaUser(n++), expect: 201, ...(target && { target }) };
  };
  const [target = { port: 0, basePath: '', token: '' }] = targets;
  return { name: nameOf(size), run: () => measureLoad(system, { target, inFlight: IN_FLIGHT, next, seconds }) };
}

async function useEachTokenOnce(targets: readonly Target[]): Promise<void> {
  const [first] = targets;
  if (!first) return;
  let next = 0;
  await driveLoad({
    target: first,
    inFlight: IN_FLIGHT,
    next: () => {
      const target = targets[next];
      next += 1;
      return target && { method: 'GET', path: '/ServiceProviderConfig', target };
    },
  });
}

function nameOf(size: number): string {
  return `rollcall, ${size.toLocaleString('en-US')} ${size === 1 ? 'directory' : 'directories'}`;
}

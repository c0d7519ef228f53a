import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import type { Contender, Scenario } from '../scenario';
import { roundSeconds } from '../scim/round-seconds';
import { startProgram } from '../systems/start-program';
import type { LoadRequest } from './drive-load';
import { measureLoad } from './measure-load';

const IN_FLIGHT = 16;

/** What the load generator could ask for at most: of a server that answers everything with the same few bytes. */
export const ceilingScenarios: readonly Scenario[] = [
  {
    name: `load generator: ceiling, ${IN_FLIGHT} in flight`,
    quick: true,
    prepare: async (world) => {
      const program = await startProgram('dist/infra/bench/fixed-answer.js', { env: {} });
      const measured = { serverPids: () => [program.pid], postmasterPid: world.database.postmasterPid };
      const target = { port: program.port, basePath: '', token: 'any' };
      const ask = (name: string, next: () => LoadRequest): Contender => ({
        name,
        run: () => measureLoad(measured, { target, inFlight: IN_FLIGHT, next, seconds: roundSeconds(world) }),
      });
      let n = 0;
      return {
        contenders: [
          ask('fixed answer, GET', () => ({ method: 'GET', path: '/Users/1' })),
          ask('fixed answer, POST of a user', () => ({ method: 'POST', path: '/Users', body: buildOktaUser(n++) })),
        ],
        close: () => program.stop(),
      };
    },
  },
];

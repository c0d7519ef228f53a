import { measureLoad } from '../load/measure-load';
import type { Contender, Scenario } from '../scenario';
import type { SystemName } from '../systems/start-world';
import { roundSeconds } from './round-seconds';
import { seededGroups } from './seeded-groups';

const SIZES = [0, 1_000, 10_000, 100_000];
const QUICK_SIZES = [0, 1_000];

/** GET of one group; the systems that are compared answer without members whatever is asked. */
export const readGroupScenarios: readonly Scenario[] = [
  readGroup('read group without members', '?excludedAttributes=members', ['rollcall', 'limit', 'saml-jackson']),
  readGroup('read group with members', '', ['rollcall', 'limit']),
];

function readGroup(what: string, query: string, names: readonly SystemName[]): Scenario {
  return {
    name: `${what}, 4 in flight`,
    prepare: async (world) => {
      const contenders: Contender[] = [];
      for (const system of await world.systems(names)) {
        for (const { directory, groupId, memberIds } of await seededGroups(system, world.quick ? QUICK_SIZES : SIZES)) {
          const load = {
            target: directory,
            inFlight: 4,
            next: () => ({ method: 'GET', path: `/Groups/${groupId}${query}` }),
            seconds: roundSeconds(world),
          };
          const size = memberIds.length.toLocaleString('en-US');
          contenders.push({ name: `${system.name}, group of ${size}`, run: () => measureLoad(system, load) });
        }
      }
      return { contenders };
    },
  };
}

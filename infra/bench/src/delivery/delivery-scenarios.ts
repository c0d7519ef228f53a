import { setTimeout as sleep } from 'node:timers/promises';
import { measureWork } from '../load/measure-load';
import type { Contender, Scenario } from '../scenario';
import { backlogScenarios } from './backlog-scenarios';
import { startDeliveringOnPostgres } from './delivering-system';
import type { DeliveringSystem } from './delivering-system';
import { drainScenarios } from './drain-scenarios';
import { onEachQueue } from './on-each-queue';
import { resultOf } from './result-of';
import { writeAtRate } from './write-at-rate';

const ENDPOINTS = 20;
const PER_SECOND = 100;
const CREATED = { event_types: ['organization.directory.user_created'] };

/** From a change to the customer's app: how soon, how many, and whom a silent app holds up. */
export const deliveryScenarios: readonly Scenario[] = [
  {
    name: `first attempt after the commit, ${PER_SECOND} writes a second`,
    quick: true,
    prepare: (world) =>
      onEachQueue(world, async (system) => {
        await system.createEndpoints(1);
        const load = { perSecond: PER_SECOND, seconds: world.quick ? 2 : 10, endpoints: 1 };
        return {
          run: async () => (await measureWork(system.rollcall, () => writeAtRate(system, load))).sample,
          goals: [
            { metric: 'p50', atMost: 25 },
            { metric: 'p95', atMost: 100 },
          ],
        };
      }),
  },
  ...backlogScenarios,
  {
    name: `first attempt at those that answer, of ${ENDPOINTS} endpoints`,
    prepare: async (world) => {
      const system = await startDeliveringOnPostgres(world);
      await system.createEndpoints(ENDPOINTS, CREATED);
      const silent = ENDPOINTS - 1;
      const load = { perSecond: 20, seconds: world.quick ? 3 : 10, endpoints: ENDPOINTS };
      const contender = (name: string, endpoint: number | null): Contender => ({
        name,
        run: async () => {
          system.receiver.setSilent(endpoint);
          const work = () => writeAtRate(system, load, (number) => number !== silent);
          const { sample } = await measureWork(system.rollcall, work);
          system.receiver.setSilent(null);
          await sleep(2_000);
          return sample;
        },
      });
      const [all, one] = ['all answer', 'one is silent'];
      return {
        contenders: [contender(all, null), contender(one, silent)],
        goals: [{ of: one, against: all, metric: 'p95', atMost: 1.2 }],
        close: () => system.stop(),
      };
    },
  },
  ...drainScenarios,
  {
    name: 'read what was published',
    prepare: async (world) => {
      const system = await startDeliveringOnPostgres(world);
      const users = world.quick ? 1_000 : 10_000;
      await system.publishUsers(users);
      return {
        contenders: [
          { name: 'a snapshot, users a second', run: () => readSnapshot(system, users) },
          { name: 'GET /events, 1,000 a page, events a second', run: () => pullEvents(system) },
        ],
        close: () => system.stop(),
      };
    },
  },
];

async function readSnapshot(system: DeliveringSystem, users: number) {
  const { sample } = await measureWork(system.rollcall, async () => {
    const start = performance.now();
    const lines = await countLines(system);
    if (lines < users) throw new Error(`the snapshot has ${lines} lines for ${users} users`);
    return resultOf(users, start);
  });
  return sample;
}

const NEWLINE = 10;

async function countLines(system: DeliveringSystem): Promise<number> {
  let lines = 0;
  for await (const chunk of await system.snapshot()) lines += chunk.filter((byte) => byte === NEWLINE).length;
  return lines;
}

async function pullEvents(system: DeliveringSystem) {
  const { sample } = await measureWork(system.rollcall, async () => {
    const start = performance.now();
    let events = 0;
    let after = '';
    for (;;) {
      const page = await system.api<FeedPage>('GET', `/events?page_size=1000${after && `&after=${after}`}`);
      events += page.events.length;
      if (!page.has_more) return resultOf(events, start);
      after = encodeURIComponent(page.next_after);
    }
  });
  return sample;
}

interface FeedPage {
  events: unknown[];
  next_after: string;
  has_more: boolean;
}

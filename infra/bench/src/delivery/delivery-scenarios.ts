import { setTimeout as sleep } from 'node:timers/promises';
import { measureWork } from '../load/measure-load';
import type { Contender, Goal, Scenario } from '../scenario';
import { createInNewDirectory } from '../scim/create-users';
import { roundSeconds } from '../scim/round-seconds';
import { startProgram } from '../systems/start-program';
import { startRollcall, WORKER } from '../systems/start-rollcall';
import type { World } from '../systems/start-world';
import { backlogScenarios } from './backlog-scenarios';
import { startDeliveringOnPostgres } from './delivering-system';
import type { DeliveringSystem } from './delivering-system';
import { drainScenarios } from './drain-scenarios';
import { onEachQueue } from './on-each-queue';
import { resultOf } from './result-of';
import { createAtRate, writeAtRate } from './write-at-rate';

const ENDPOINTS = 20;
const PER_SECOND = 100;
const CREATED = { event_types: ['organization.directory.user_created'] };

/** From a change to the customer's app: how soon, how many, and whom a silent app holds up. */
export const deliveryScenarios: readonly Scenario[] = [
  {
    name: `a change alone: first attempt after the commit, ${PER_SECOND} writes a second`,
    note: `From the answer of a SCIM create to the request that arrives at the app, at ${PER_SECOND} writes a second; load, ingress, worker, PostgreSQL and app share the machine. Beside it the same creates with nobody who makes events of them, and creates one after the other.`,
    quick: true,
    prepare: changeAlone,
  },
  ...backlogScenarios,
  {
    name: `first attempt at those that answer, of ${ENDPOINTS} endpoints`,
    note: 'One of twenty answers nothing; the figures are those of the other nineteen, which share its host.',
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

const CREATE_ALONE = 'create alone';
const CREATE_IN_TURN = 'create alone, 1 in flight';

const CHANGE_GOALS: Omit<Goal, 'of'>[] = [
  { metric: 'p50', atMost: 25 },
  { metric: 'p95', atMost: 100 },
  { metric: 'p50', against: CREATE_IN_TURN, atMost: 5 },
  { metric: 'p95', against: CREATE_IN_TURN, againstMetric: 'p50', atMost: 10 },
  { metric: 'cpuMs', against: CREATE_ALONE, atMost: 2.5 },
];

/** A worker has done this much before it is measured. */
const WARM_UP_SECONDS = 2;

/** Each worker runs in its own rounds alone: what it does when nothing comes would count as the cost of others. */
async function changeAlone(world: World): Promise<Awaited<ReturnType<Scenario['prepare']>>> {
  const rate = { perSecond: PER_SECOND, seconds: world.quick ? 2 : 10 };
  const open = async (system: DeliveringSystem) => {
    await system.createEndpoints(1);
    const { ingress, postmasterPid, workerEnv } = system.rollcall;
    const run = async () => {
      const worker = await startProgram(WORKER, { env: workerEnv });
      await writeAtRate(system, { ...rate, seconds: WARM_UP_SECONDS, endpoints: 1 });
      const measured = { serverPids: () => [ingress.pid, worker.pid], postmasterPid };
      const { sample } = await measureWork(measured, () => writeAtRate(system, { ...rate, endpoints: 1 }));
      await worker.stop();
      return sample;
    };
    return { run, goals: CHANGE_GOALS };
  };
  const delivering = await onEachQueue(world, open, { worker: false });
  const alone = await startRollcall(world.database, { name: 'rollcall without worker' });
  const directory = await alone.createDirectory();
  return {
    contenders: [
      ...delivering.contenders,
      {
        name: CREATE_ALONE,
        run: async () => (await measureWork(alone, () => createAtRate(directory, rate))).sample,
      },
      { ...createInNewDirectory(alone, 1, roundSeconds(world)), name: CREATE_IN_TURN },
    ],
    goals: delivering.goals,
    close: async () => void (await Promise.all([delivering.close(), alone.stop()])),
  };
}

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

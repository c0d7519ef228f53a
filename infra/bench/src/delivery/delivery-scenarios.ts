import { setTimeout as sleep } from 'node:timers/promises';
import { measureWork } from '../load/measure-load';
import type { LoadResult } from '../load/drive-load';
import type { Contender, Goal, Scenario } from '../scenario';
import { startProgram } from '../systems/start-program';
import { WORKER } from '../systems/start-rollcall';
import type { World } from '../systems/start-world';
import { createUsers, QUEUES, startDelivering, startDeliveringOnPostgres } from './delivering-system';
import type { DeliveringSystem, QueueName } from './delivering-system';
import { writeAtRate } from './write-at-rate';

const ENDPOINTS = 20;
const PER_SECOND = 100;
/** What a backlog is delivered at. */
const BACKLOG_PER_SECOND: Record<QueueName, number> = { PostgreSQL: 600, Redis: 1_000 };
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
  {
    name: `deliver a backlog to ${ENDPOINTS} endpoints`,
    quick: true,
    prepare: (world) =>
      onEachQueue(world, async (system, queue) => {
        const ids = await system.createEndpoints(ENDPOINTS, { ...CREATED, enabled: false });
        const events = world.quick ? 100 : 5_000;
        const run = async () => {
          await system.publishUsers(events);
          const work = () => deliverBacklog(system, ids, events);
          const { sample } = await measureWork(system.rollcall, work);
          await Promise.all(ids.map((id) => system.api('PATCH', `/webhook_endpoints/${id}`, { enabled: false })));
          return sample;
        };
        return { run, goals: [{ metric: 'perSecond', atLeast: BACKLOG_PER_SECOND[queue] }] };
      }),
  },
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
  drainScenario(),
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

interface OnQueue {
  run: Contender['run'];
  goals: Pick<Goal, 'metric' | 'atLeast' | 'atMost'>[];
}

/** One contender for each queue that is to be had, each with a system of its own. */
async function onEachQueue(world: World, open: (system: DeliveringSystem, queue: QueueName) => Promise<OnQueue>) {
  const systems: DeliveringSystem[] = [];
  const contenders: Contender[] = [];
  const goals: Goal[] = [];
  for (const queue of QUEUES) {
    const system = await startDelivering(world, { queue });
    if (!system) continue;
    systems.push(system);
    const name = `rollcall, queue on ${queue}`;
    const opened = await open(system, queue);
    contenders.push({ name, run: opened.run });
    goals.push(...opened.goals.map((goal) => ({ of: name, ...goal })));
  }
  return { contenders, goals, close: async () => void (await Promise.all(systems.map((system) => system.stop()))) };
}

async function deliverBacklog(system: DeliveringSystem, ids: readonly string[], events: number): Promise<LoadResult> {
  const count = events * ids.length;
  const { receiver } = system;
  receiver.onRequest = () => undefined;
  receiver.reset();
  const start = performance.now();
  await Promise.all(ids.map((id) => system.api('PATCH', `/webhook_endpoints/${id}`, { enabled: true })));
  await receiver.received(count);
  return resultOf(count, start);
}

/** The worker starts on changes that wait, with so many endpoints to make deliveries for; they are switched off. */
function drainScenario(): Scenario {
  return {
    name: 'growth: turn changes into events and deliveries',
    prepare: async (world) => {
      const changes = world.quick ? 500 : 3_000;
      const systems: DeliveringSystem[] = [];
      const contenders: Contender[] = [];
      for (const endpoints of [1, 10, 100]) {
        const system = await startDeliveringOnPostgres(world, { worker: false });
        systems.push(system);
        await system.createEndpoints(endpoints, { enabled: false });
        contenders.push({
          name: `changes, ${endpoints} endpoint${endpoints === 1 ? '' : 's'}`,
          run: () => drain(system, changes),
        });
      }
      return { contenders, close: async () => void (await Promise.all(systems.map((system) => system.stop()))) };
    },
  };
}

async function drain(system: DeliveringSystem, changes: number) {
  await createUsers(system.directory, changes);
  const { database, postmasterPid, workerEnv } = system.rollcall;
  const worker = await startProgram(WORKER, { env: workerEnv });
  const { rows } = await database.admin.query<{ count: string }>('SELECT count(*) FROM changes');
  const left = Number(rows[0]?.count);
  const { sample } = await measureWork({ serverPids: () => [worker.pid], postmasterPid }, async () => {
    const start = performance.now();
    await system.drained();
    return resultOf(Math.max(1, left), start);
  });
  await worker.stop();
  return sample;
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

function resultOf(requests: number, start: number): LoadResult {
  return { requests, seconds: (performance.now() - start) / 1_000, latencies: new Float64Array() };
}

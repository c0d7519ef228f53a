import { randomBytes } from 'node:crypto';
import { generateWebhookSecret } from '@rollcall/webhooks';
import { measureWork } from '../load/measure-load';
import type { LoadResult } from '../load/drive-load';
import type { Contender, Scenario } from '../scenario';
import { startProgram } from '../systems/start-program';
import { WORKER } from '../systems/start-rollcall';
import type { World } from '../systems/start-world';
import { startDeliveringOnPostgres } from './delivering-system';
import type { DeliveringSystem } from './delivering-system';
import { onEachQueue } from './on-each-queue';
import { resultOf } from './result-of';

const ENDPOINTS = 20;
const CREATED = { event_types: ['organization.directory.user_created'] };
const SWITCHED_OFF = { ...CREATED, enabled: false };
const LIMIT = 'limit';

/** Events that wait for each of twenty endpoints which are switched on at one moment. */
export const backlogScenarios: readonly Scenario[] = [
  {
    name: `deliver a backlog to ${ENDPOINTS} endpoints`,
    note: `5,000 events for each of ${ENDPOINTS} endpoints, from switching these on until the app has all 100,000 deliveries; ordering \`resource\`, at most ten requests on the way to each endpoint. CPU is per delivery.`,
    quick: true,
    prepare: async (world) => {
      const events = eventsOf(world);
      const rollcall = await onEachQueue(world, async (system) => {
        const ids = await system.createEndpoints(ENDPOINTS, SWITCHED_OFF);
        const run = async () => {
          await system.publishUsers(events);
          const work = () => deliverBacklog(system, ids, { perEndpoint: events });
          const { sample } = await measureWork(system.rollcall, work);
          await switchOff(system, ids);
          return sample;
        };
        return { run, goals: [{ metric: 'perSecond', against: LIMIT, atLeast: 0.5 }] };
      });
      const limit = await deliverAtTheLimit(world, events);
      return {
        contenders: [...rollcall.contenders, limit.contender],
        goals: rollcall.goals,
        close: async () => void (await Promise.all([rollcall.close(), limit.close()])),
      };
    },
  },
  {
    name: `deliver a backlog to those that answer, of ${ENDPOINTS} endpoints`,
    note: 'The rate of those that answer, alone and beside three that do not: one takes three seconds for each answer, one refuses connections, one answers 500.',
    quick: true,
    prepare: deliverBesideBadEndpoints,
  },
];

function eventsOf({ quick }: World): number {
  return quick ? 100 : 5_000;
}

/** Switches the endpoints on; resolves when so many deliveries have come to those that count. */
async function deliverBacklog(
  system: DeliveringSystem,
  ids: readonly string[],
  { perEndpoint, counted = ENDPOINTS }: { perEndpoint: number; counted?: number },
): Promise<LoadResult> {
  const count = perEndpoint * counted;
  const { receiver } = system;
  receiver.onRequest = () => undefined;
  receiver.reset((endpoint) => endpoint < counted);
  const start = performance.now();
  await Promise.all(ids.map((id) => system.api('PATCH', `/webhook_endpoints/${id}`, { enabled: true })));
  await receiver.received(count);
  return resultOf(count, start);
}

async function switchOff(system: DeliveringSystem, ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => system.api('PATCH', `/webhook_endpoints/${id}`, { enabled: false })));
}

/** The limit of a deliverer (serve-limit-deliverer.ts) on a backlog that Rollcall's worker has made, which is stopped then. */
async function deliverAtTheLimit(
  world: World,
  events: number,
): Promise<{ contender: Contender; close(): Promise<void> }> {
  const system = await startDeliveringOnPostgres(world, { worker: false });
  const { receiver, rollcall } = system;
  await system.createEndpoints(ENDPOINTS, SWITCHED_OFF);
  const { rows: endpoints } = await rollcall.database.admin.query<{ environment_id: string; id: string; url: string }>(
    'SELECT environment_id, id, url FROM webhook_endpoints',
  );
  const run = async () => {
    const worker = await startProgram(WORKER, { env: rollcall.workerEnv });
    await system.publishUsers(events);
    await worker.stop();
    const deliverer = await startProgram('dist/infra/bench/limit-deliverer.js', {
      env: {
        DATABASE_URL: rollcall.database.urls.appUrl,
        ENVIRONMENT_ID: endpoints[0]?.environment_id,
        SECRET: generateWebhookSecret(randomBytes(32)),
      },
    });
    const { postmasterPid } = rollcall;
    const { sample } = await measureWork({ serverPids: () => [deliverer.pid], postmasterPid }, async () => {
      receiver.reset();
      const start = performance.now();
      const count = events * ENDPOINTS;
      const [delivered] = await Promise.all([
        deliverer.command<number>('deliver', { endpoints }),
        receiver.received(count),
      ]);
      if (delivered !== count) throw new Error(`${delivered} of ${count} were delivered`);
      return resultOf(count, start);
    });
    await deliverer.stop();
    return sample;
  };
  return { contender: { name: LIMIT, run }, close: () => system.stop() };
}

const SLOW_MS = 3_000;
/** Nobody listens there. */
const DEAD_URL = 'http://127.0.0.1:1/dead';

async function deliverBesideBadEndpoints(world: World): Promise<Awaited<ReturnType<Scenario['prepare']>>> {
  const events = eventsOf(world);
  const system = await startDeliveringOnPostgres(world);
  const { receiver, rollcall } = system;
  const [slow, failing] = [ENDPOINTS - 3, ENDPOINTS - 2];
  const good = await system.createEndpoints(slow, SWITCHED_OFF);
  receiver.setAnswer(slow, { delayMs: SLOW_MS });
  receiver.setAnswer(failing, { status: 500 });
  const badUrls = [receiver.url(slow), receiver.url(failing), DEAD_URL];

  /** With bad endpoints that nobody knows yet to be bad: they are made for this round. */
  const measure = async (urls: readonly string[]) => {
    const bad = await Promise.all(urls.map((url) => createEndpoint(system, url)));
    await system.publishUsers(events);
    const work = () => deliverBacklog(system, [...bad, ...good], { perEndpoint: events, counted: good.length });
    const { sample } = await measureWork(rollcall, work);
    await switchOff(system, [...good, ...bad]);
    await Promise.all(bad.map((id) => system.api('DELETE', `/webhook_endpoints/${id}`)));
    await rollcall.database.admin.query(`DELETE FROM deliveries WHERE state = 'pending'`);
    return sample;
  };
  const [alone, beside] = ['alone', 'beside a slow, a dead and a failing one'];
  return {
    contenders: [
      { name: alone, run: () => measure([]) },
      { name: beside, run: () => measure(badUrls) },
    ],
    goals: [{ of: beside, against: alone, metric: 'perSecond', atLeast: 0.9 }],
    close: () => system.stop(),
  };
}

async function createEndpoint(system: DeliveringSystem, url: string): Promise<string> {
  type Made = { webhook_endpoint: { id: string } };
  const { webhook_endpoint } = await system.api<Made>('POST', '/webhook_endpoints', { url, ...SWITCHED_OFF });
  return webhook_endpoint.id;
}

import { startRedis, type TestRedis, waitUntil } from '@rollcall/testing';
import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { THOROUGH } from './support/choose-faults';
import { expectAllDelivered } from './support/expect-all-delivered';
import { provisionChanges } from './support/provision-changes';
import { type FaultSystem, startFaultSystem } from './support/start-fault-system';
import { type Round, startRound } from './support/start-round';

const UNDER_WAY = 20;

const redis = await startRedis();
afterAll(() => redis?.stop());

describe.runIf(redis)('two workers whose queue is on Redis', () => {
  const server = redis as TestRedis;
  let system: FaultSystem;
  let round: Round;

  beforeAll(async () => {
    system = await startFaultSystem(server);
    await Promise.all([system.startWorker(), system.startWorker()]);
    return () => system.stop();
  });

  afterEach(() => round?.stop());

  it('lose nothing when every job is lost by FLUSHALL, again and again', async () => {
    round = await startRound(system);
    const flushing = setInterval(() => void server.flushAll(), 50);
    const expected = await provisionChanges(round.directories, () => deliveriesAreUnderWay(round));
    clearInterval(flushing);
    await expectAllDelivered(round, expected);
  });

  it('lose nothing when Redis is killed, stays away and comes back empty', async () => {
    round = await startRound(system);
    const expected = await provisionChanges(round.directories, async () => {
      await deliveriesAreUnderWay(round);
      await server.kill9();
    });
    const before = received(round);
    await waitUntil(() => received(round) > before, { what: 'deliveries without Redis' });
    await server.start();
    await expectAllDelivered(round, expected);
  });

  it('send each event once, however many jobs there are for it', async () => {
    round = await startRound(system);
    const repeating = repeatJobs(server, round);
    const expected = await provisionChanges(round.directories);
    const deliveries = await expectAllDelivered(round, expected);
    await repeating.stop();
    for (const { id, receiver } of round.endpoints) {
      expect(receiver.requests).toHaveLength(deliveries.get(id)?.length ?? 0);
    }
  });

  it.runIf(THOROUGH)('lose nothing when PostgreSQL restarts', async () => {
    round = await startRound(system);
    await expectNothingLostByRestart(system, round);
  });
});

describe('a worker whose queue is on PostgreSQL', () => {
  let system: FaultSystem;
  let round: Round;

  beforeAll(async () => {
    system = await startFaultSystem(null);
    await system.startWorker();
    return () => system.stop();
  });

  afterEach(() => round?.stop());

  it('loses nothing when PostgreSQL restarts', async () => {
    round = await startRound(system);
    await expectNothingLostByRestart(system, round);
  });

  it.runIf(THOROUGH)('loses nothing when its connections to PostgreSQL are cut, again and again', async () => {
    round = await startRound(system);
    const expected = await provisionChanges(round.directories, async () => {
      await deliveriesAreUnderWay(round);
      for (let cuts = 0; cuts < 5; cuts += 1) {
        const before = received(round);
        system.wayToPostgres.dropConnections();
        await waitUntil(() => received(round) > before, { what: 'deliveries after a cut' });
      }
    });
    await expectAllDelivered(round, expected);
  });
});

it.runIf(!redis)('the loss of jobs in Redis was NOT tested: redis-server is not installed', () => {
  expect(process.env.CI, 'redis-server has to be installed where CI=true').not.toBe('true');
});

/** The provider goes on writing meanwhile, and repeats what is answered 503. */
async function expectNothingLostByRestart(system: FaultSystem, round: Round): Promise<void> {
  let restarting: Promise<void> | undefined;
  const expected = await provisionChanges(round.directories, async () => {
    await deliveriesAreUnderWay(round);
    restarting = system.restartPostgres();
  });
  await restarting;
  await expectAllDelivered(round, expected);
}

async function deliveriesAreUnderWay(round: Round): Promise<void> {
  await waitUntil(() => received(round) >= UNDER_WAY, { what: 'deliveries under way' });
}

function received({ endpoints }: Round): number {
  return endpoints.reduce((sum, { receiver }) => sum + receiver.requests.length, 0);
}

/** Adds a job for every directory and endpoint of a round again and again, past the deduplication of hints. */
function repeatJobs({ port }: TestRedis, { system, directories, endpoints }: Round): { stop(): Promise<void> } {
  const open = (name: string) =>
    new Queue(name, { connection: { host: '127.0.0.1', port }, prefix: `{rollcall:${name}}` });
  const [drains, deliveries] = [open('drain-directory'), open('deliver-endpoint')];
  const options = { removeOnComplete: true, removeOnFail: true };
  const data = { environment_id: system.bootstrap.environment_id.replace('env_', '') };
  const timer = setInterval(() => {
    for (const { directoryId } of directories) {
      void drains.add('drain-directory', { key: directoryId.replace('dir_', ''), data: {} }, options);
    }
    for (const { id } of endpoints) {
      void deliveries.add('deliver-endpoint', { key: id.replace('whe_', ''), data }, options);
    }
  }, 100);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all([drains.close(), deliveries.close()]);
    },
  };
}

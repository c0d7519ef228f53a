import { type Hold, type Place, type RunningRole, startRedis, waitUntil } from '@rollcall/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectAllDelivered } from './support/expect-all-delivered';
import { THOROUGH } from './support/choose-faults';
import { provisionChanges } from './support/provision-changes';
import { endLeases, type Leftovers, readLeftovers } from './support/read-leftovers';
import { type FaultSystem, startFaultSystem } from './support/start-fault-system';
import { type Round, startRound } from './support/start-round';

const redis = await startRedis();
afterAll(() => redis?.stop());

/** Deliveries that are through before a fault comes, so that it comes in the middle. */
const UNDER_WAY = 20;

/** Where a worker waits for somebody else, and what it leaves behind when it is killed there. */
interface AwaitPoint {
  readonly name: string;
  readonly place: Place;
  readonly way?: 'redis';
  readonly isLeft: (left: Leftovers) => boolean;
}

/** Results are recorded and deliveries are leased by one statement, which is a transaction of its own. */
const A_RESULT = '"state":"succeeded"';

const AWAIT_POINTS: readonly AwaitPoint[] = [
  {
    name: 'after a claim is committed and before anything of it is sent',
    place: { sent: ['exchange_deliveries'], hold: 'answer' },
    isLeft: ({ leasedUnsent }) => leasedUnsent > 0,
  },
  {
    name: 'when the receiver has answered 200 and the result is not recorded',
    place: { sent: [A_RESULT], hold: 'request' },
    isLeft: ({ leasedSent }) => leasedSent > 0,
  },
  {
    name: 'when a result is committed and the answer to that is never seen',
    place: { sent: [A_RESULT], hold: 'answer' },
    isLeft: ({ succeeded }) => succeeded > UNDER_WAY,
  },
  {
    name: 'between the commit of a drain and its hint',
    place: { sent: ['INSERT INTO events', 'COMMIT'], hold: 'answer' },
    isLeft: ({ untouched }) => untouched > 0,
  },
  {
    name: 'in the middle of a drain',
    place: { sent: ['INSERT INTO events', 'add_deliveries'], hold: 'request' },
    isLeft: ({ changes }) => changes > 0,
  },
];

/** The hint goes to the queue, which is Redis here. */
const BEFORE_THE_HINT: AwaitPoint = {
  name: 'when the hint of a drain is on its way to Redis',
  way: 'redis',
  place: { sent: ['deliver-endpoint'], hold: 'request' },
  isLeft: ({ untouched }) => untouched > 0,
};

/** Where a worker can be killed depends on the queue only at the hint. */
const WITH_REDIS = THOROUGH ? [...AWAIT_POINTS, BEFORE_THE_HINT] : [BEFORE_THE_HINT];

describe.each([
  ['PostgreSQL', null, AWAIT_POINTS],
  ['Redis', redis, redis ? WITH_REDIS : []],
])('a worker whose queue is on %s', (queue, server, points) => {
  const isInTurn = queue === 'PostgreSQL' || (THOROUGH && points.length > 0);
  let system: FaultSystem;
  let worker: RunningRole;
  let round: Round;

  beforeAll(async () => {
    if (queue === 'Redis' && !server) return;
    system = await startFaultSystem(server);
    worker = await system.startWorker();
    return () => system.stop();
  });

  afterEach(() => round?.stop());

  it.each(byName(points))('loses nothing when it is killed %s', async (_name, { place, way, isLeft }) => {
    round = await startRound(system);
    let hold: Hold | undefined;
    const writing = provisionChanges(round.directories, async () => {
      await deliveriesAreUnderWay(round);
      hold = (way === 'redis' ? system.wayToRedis : system.wayToPostgres)?.holdAt(place);
    });
    await waitUntil(() => hold);
    await hold?.reached;
    // The connection that came there first may have had nothing to do.
    await expect.poll(async () => readLeftovers(round)).toSatisfy(isLeft);
    await killWorker(hold);
    expect(await readLeftovers(round)).toSatisfy(isLeft);
    await goOn();
    await expectNothingLost(await writing);
  });

  it.runIf(isInTurn)('loses nothing when it is killed while requests are in flight', async () => {
    round = await startRound(system);
    const writing = provisionChanges(round.directories, () => deliveriesAreUnderWay(round));
    await requestsHang(round);
    await killWorker();
    expect((await readLeftovers(round)).leasedSent).toBeGreaterThan(0);
    for (const { receiver } of round.endpoints) receiver.answerWith({});
    await goOn();
    await expectNothingLost(await writing);
  });

  it.runIf(isInTurn)('charges no attempt for its own shutdown, and ends with 0', async () => {
    round = await startRound(system);
    const writing = provisionChanges(round.directories, () => deliveriesAreUnderWay(round));
    await requestsHang(round);
    expect(await worker.stop()).toBe(0);
    const { leasedSent, leasedUnsent } = await readLeftovers(round);
    expect(leasedSent + leasedUnsent).toBe(0);
    for (const { receiver } of round.endpoints) receiver.answerWith({});
    worker = await system.startWorker();
    await expectNothingLost(await writing);
  });

  async function killWorker(hold?: Hold): Promise<void> {
    await worker.kill9();
    system.wayToPostgres.dropConnections();
    system.wayToRedis?.dropConnections();
    hold?.release();
  }

  async function goOn(): Promise<void> {
    await endLeases(round);
    worker = await system.startWorker();
  }

  /** Everything is delivered by the next worker, and what was under way did not cost an attempt. */
  async function expectNothingLost(expected: ReadonlyMap<string, number>): Promise<void> {
    const deliveries = await expectAllDelivered(round, expected);
    for (const all of deliveries.values()) {
      expect(all.filter(({ attempt, attempts }) => attempt !== 1 || attempts.length !== 1)).toEqual([]);
    }
  }
});

it.runIf(!redis)('a worker whose queue is on Redis was NOT tested: redis-server is not installed', () => {
  expect(process.env.CI, 'redis-server has to be installed where CI=true').not.toBe('true');
});

function byName(points: readonly AwaitPoint[]): [string, AwaitPoint][] {
  return points.map((point) => [point.name, point]);
}

async function deliveriesAreUnderWay({ endpoints }: Round): Promise<void> {
  const isUnderWay = () => endpoints.every(({ receiver }) => receiver.requests.length >= UNDER_WAY);
  await waitUntil(isUnderWay, { what: 'deliveries under way' });
}

/** From now on nobody answers; resolves when each endpoint waits for an answer. */
async function requestsHang({ endpoints }: Round): Promise<void> {
  const before = endpoints.map(({ receiver }) => receiver.requests.length);
  for (const { receiver } of endpoints) receiver.answerWith({ kind: 'hang' });
  const hang = () => endpoints.every(({ receiver }, n) => receiver.requests.length > (before[n] ?? 0));
  await waitUntil(hang, { what: 'requests without an answer' });
}

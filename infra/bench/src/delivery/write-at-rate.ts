import { setTimeout as sleep } from 'node:timers/promises';
import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import { driveAtRate } from '../load/drive-at-rate';
import type { LoadRequest, LoadResult } from '../load/drive-load';
import { reserveUsers } from '../scim/reserve-users';
import type { Directory } from '../systems/scim-system';
import type { DeliveringSystem } from './delivering-system';

const ARRIVAL_TIMEOUT_MS = 60_000;

/**
 * Creates users at a steady rate, however long the answers take, and measures from each answer (its commit) to the first
 * attempt at an endpoint: one latency for each endpoint that `counts`.
 */
export async function writeAtRate(
  { receiver, directory }: DeliveringSystem,
  { perSecond, seconds, endpoints }: WriteRate & { endpoints: number },
  counts: (endpoint: number) => boolean = () => true,
): Promise<LoadResult> {
  const answeredAt = new Map<string, number>();
  const receivedAt = new Map<string, number>();
  receiver.reset();
  receiver.onRequest = (endpoint, body) => {
    const userName = /"preferred_username":"([^"]+)"/.exec(body)?.[1];
    const key = `${endpoint} ${userName}`;
    if (userName && counts(endpoint) && !receivedAt.has(key)) receivedAt.set(key, performance.now());
  };
  const start = performance.now();
  const { requests } = await createAtRate(directory, { perSecond, seconds }, (userName) =>
    answeredAt.set(userName, performance.now()),
  );
  const seen = Array.from({ length: endpoints }, (_, endpoint) => endpoint).filter(counts);
  const expected = requests * seen.length;
  for (const deadline = performance.now() + ARRIVAL_TIMEOUT_MS; receivedAt.size < expected;) {
    if (performance.now() > deadline) throw new Error(`${receivedAt.size} of ${expected} arrived in a minute`);
    await sleep(20);
  }
  const latencies = [...receivedAt].map(([key, at]) =>
    // An attempt may overtake the answer on its way here.
    Math.max(0, at - (answeredAt.get(key.slice(key.indexOf(' ') + 1)) ?? at)),
  );
  return {
    requests: latencies.length,
    seconds: (performance.now() - start) / 1_000,
    latencies: Float64Array.from(latencies).toSorted(),
  };
}

/** How many users are created a second, and for how long. */
export interface WriteRate {
  perSecond: number;
  seconds: number;
}

/** Creates users at a steady rate; `onCreated` is told the userName of each when it is answered. */
export function createAtRate(
  directory: Directory,
  { perSecond, seconds }: WriteRate,
  onCreated: (userName: string) => void = () => undefined,
): Promise<LoadResult> {
  let n = reserveUsers(perSecond * seconds);
  const next = (): LoadRequest => ({ method: 'POST', path: '/Users', body: buildOktaUser(n++), expect: 201 });
  return driveAtRate({
    target: directory,
    perSecond,
    seconds,
    next,
    onAnswer: (_answer, { body }) => onCreated((body as { userName: string }).userName),
  });
}

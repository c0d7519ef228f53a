import { setTimeout as sleep } from 'node:timers/promises';
import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';
import { openConnection } from '../load/open-connection';
import { formatRequest } from '../load/drive-load';
import type { LoadResult } from '../load/drive-load';
import { reserveUsers } from '../scim/reserve-users';
import type { DeliveringSystem } from './delivering-system';

const CONNECTIONS = 32;

/**
 * Creates users at a steady rate, however long the answers take, and measures from each answer (its commit) to the first
 * attempt at an endpoint: one latency for each endpoint that `counts`.
 */
export async function writeAtRate(
  { receiver, directory }: DeliveringSystem,
  { perSecond, seconds, endpoints }: { perSecond: number; seconds: number; endpoints: number },
  counts: (endpoint: number) => boolean = () => true,
): Promise<LoadResult> {
  const count = perSecond * seconds;
  const first = reserveUsers(count);
  const answeredAt = new Map<string, number>();
  const receivedAt = new Map<string, number>();
  receiver.reset();
  receiver.onRequest = (endpoint, body) => {
    const userName = /"preferred_username":"([^"]+)"/.exec(body)?.[1];
    const key = `${endpoint} ${userName}`;
    if (userName && counts(endpoint) && !receivedAt.has(key)) receivedAt.set(key, performance.now());
  };
  const free = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => openConnection('127.0.0.1', directory.port)),
  );
  const connections = [...free];
  const start = performance.now();
  const writes: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    await sleep(Math.max(0, start + (index * 1_000) / perSecond - performance.now()));
    const user = buildOktaUser(first + index);
    const connection = free.pop();
    if (!connection) throw new Error(`the server does not keep up with ${perSecond} writes a second`);
    writes.push(
      connection.send(formatRequest(directory, { method: 'POST', path: '/Users', body: user })).then(({ status }) => {
        if (status !== 201) throw new Error(`POST /Users was answered ${status}`);
        answeredAt.set(String(user['userName']), performance.now());
        free.push(connection);
      }),
    );
  }
  await Promise.all(writes);
  const seen = Array.from({ length: endpoints }, (_, endpoint) => endpoint).filter(counts);
  for (const deadline = performance.now() + 60_000; receivedAt.size < count * seen.length;) {
    if (performance.now() > deadline)
      throw new Error(`${receivedAt.size} of ${count * seen.length} arrived in a minute`);
    await sleep(20);
  }
  for (const connection of connections) connection.close();
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

import { setTimeout as sleep } from 'node:timers/promises';
import { expectStatus, formatRequest } from './drive-load';
import type { LoadRequest, LoadResult, Target } from './drive-load';
import { openConnection } from './open-connection';
import type { Connection, RawAnswer } from './open-connection';

/** A load that does not wait for answers: its requests go out at their time. */
export interface SteadyLoad<Request extends LoadRequest = LoadRequest> {
  /** Where requests without a target of their own go. */
  target: Target;
  perSecond: number;
  seconds: number;
  next: () => Request;
  /** Sees every right answer, and the milliseconds it took. */
  onAnswer?: (answer: RawAnswer, request: Request, latency: number) => void;
}

/** Requests that may be under way at once. */
const CONNECTIONS = 64;

/**
 * Sends requests at a steady rate over keep-alive connections, however long the answers take; resolves when the last is
 * answered. Throws at a wrong status, and when the server does not keep up.
 */
export async function driveAtRate<Request extends LoadRequest>(load: SteadyLoad<Request>): Promise<LoadResult> {
  const { target, perSecond, seconds } = load;
  const connections = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => openConnection('127.0.0.1', target.port)),
  );
  const free = [...connections];
  const latencies: number[] = [];
  let failure: Error | undefined;
  const start = performance.now();
  try {
    for (let index = 0; index < perSecond * seconds && !failure; index++) {
      await sleep(Math.max(0, start + (index * 1_000) / perSecond - performance.now()));
      // The one that rested longest: a server closes those that rest too long.
      const connection = free.shift();
      if (!connection) throw new Error(`The server does not keep up with ${perSecond} requests a second.`);
      void send(connection, load).then(
        (latency) => {
          latencies.push(latency);
          free.push(connection);
        },
        (error: Error) => (failure ??= error),
      );
    }
    while (free.length < connections.length && !failure) await sleep(1);
    if (failure) throw failure;
  } finally {
    for (const connection of connections) connection.close();
  }
  return {
    requests: latencies.length,
    seconds: (performance.now() - start) / 1_000,
    latencies: Float64Array.from(latencies).toSorted(),
  };
}

async function send<Request extends LoadRequest>(
  connection: Connection,
  { target, next, onAnswer }: SteadyLoad<Request>,
): Promise<number> {
  const request = next();
  const text = formatRequest(request.target ?? target, request);
  const sent = performance.now();
  const answer = await connection.send(text);
  const latency = performance.now() - sent;
  expectStatus(request, answer);
  onAnswer?.(answer, request, latency);
  return latency;
}

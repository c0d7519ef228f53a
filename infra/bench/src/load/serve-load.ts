import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatRequest } from './drive-load';
import type { LoadRequest, Target } from './drive-load';
import { openConnection } from './open-connection';
import type { Connection } from './open-connection';
import { summarize } from './measure-load';
import type { Sample } from '../sample';

/** One who sends request after request, each when the one before was answered, whatever the answer is. */
export interface Loop {
  target: Target;
  /** Sent in turn, again and again. */
  requests: LoadRequest[];
  /** From one request to the next at least; without it at once. */
  everyMs?: number;
}

/** What a load was, and what it did to the process that made it: a generator that is late itself tells nothing about others. */
export interface LoadReport {
  sample: Sample;
  /** How many answers of each status; `lost` where the connection ended without one. */
  statuses: Record<string, number>;
  /** The longest that the generator's own event loop was held. */
  ownLagMs: number;
}

type Message = { id: number; command: 'start'; loops: Loop[] } | { id: number; command: 'stop' };

/** After a connection that was lost. */
const PAUSE_MS = 100;

let stopping = false;
let running: Promise<unknown> = Promise.resolve();
let started = 0;
let latencies: number[] = [];
let statuses: LoadReport['statuses'] = {};
const lag = monitorEventLoopDelay({ resolution: 1 });

process.on('message', (message: Message) => {
  void answer(message).then((result) => process.send?.({ id: message.id, result }));
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
process.send?.({ type: 'ready', port: 0 });

async function answer(message: Message): Promise<LoadReport | null> {
  if (message.command === 'stop') return stop();
  stopping = false;
  latencies = [];
  statuses = {};
  started = performance.now();
  lag.reset();
  lag.enable();
  running = Promise.all(message.loops.map(runLoop));
  return null;
}

async function stop(): Promise<LoadReport> {
  stopping = true;
  await running;
  lag.disable();
  const sorted = Float64Array.from(latencies).toSorted();
  const sample = summarize(sorted, (performance.now() - started) / 1_000);
  return { sample: { ...sample, longest: sorted.at(-1) }, statuses, ownLagMs: lag.max / 1e6 };
}

async function runLoop({ target, requests, everyMs = 0 }: Loop): Promise<void> {
  const texts = requests.map((request) => formatRequest(target, request));
  let connection: Connection | null = null;
  for (let n = 0; !stopping; n++) {
    const sent = performance.now();
    try {
      connection ??= await openConnection('127.0.0.1', target.port);
      const { status } = await connection.send(texts[n % texts.length] ?? '');
      latencies.push(performance.now() - sent);
      count(String(status));
    } catch {
      count('lost');
      connection?.close();
      connection = null;
      await sleep(PAUSE_MS);
    }
    const rest = everyMs - (performance.now() - sent);
    if (rest > 0) await sleep(rest);
  }
  connection?.close();
}

function count(status: string): void {
  statuses[status] = (statuses[status] ?? 0) + 1;
}

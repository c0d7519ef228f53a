import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@rollcall/platform';
import type { WakeUps } from '@rollcall/queue';
import type { HealthSignal } from '@rollcall/webhooks';
import { advanceReplays, exchangeDeliveries } from '@rollcall/pipeline-store';
import type {
  ClaimedDelivery,
  ClaimedEndpoint,
  EndpointKey,
  ExchangeMemory,
  ExchangeOptions,
  FinishedDelivery,
} from '@rollcall/pipeline-store';
import { isDatabaseUnavailable } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import type { WakeSignal } from '../run-once-per-key';
import { sendDelivery } from './send-delivery';
import type { SendDependencies } from './send-delivery';

/** Deliveries on the way to one endpoint at one time, over all workers: a receiver's default connection budget. */
const IN_FLIGHT_MAX = 10;

/** After so many deliveries of replays have left, the next ones are asked for: well before those that are pending run out. */
const ADVANCE_REPLAYS_EVERY = 50;

/** How often a database that is away is asked again to take results. */
const DATABASE_RETRY_MS = 1_000;

/** Results that end within this time of each other are recorded together: an exchange costs more than they do. */
const GATHER_MS = 4;

/** No attempt lasts longer, so that what is due later than this is looked for when one has ended. */
const WAKE_MAX_MS = 15_000;

export interface DeliverDependencies extends SendDependencies {
  dataSource: DataSource;
  logger: Logger;
  /** Hears after a commit of each other endpoint that has something to deliver. */
  wakeUps: Pick<WakeUps, 'deliverEndpoint'>;
}

/**
 * Delivers what is due to one endpoint until nothing may go: leases deliveries, sends them side by side, records each result
 * together with the next lease, and moves replays to the endpoint on when their deliveries run low. `signal` aborts what is in
 * flight and gives the leases back uncounted. Results outlast a database that is away: forgotten, they would be sent again, and
 * their leases would hold the endpoint up. `wakeSignal` resolves when deliveries were made meanwhile: they go out beside what
 * is on the way, while there is room. Returns the milliseconds until the next delivery of the endpoint is due, or null when
 * none is planned.
 */
export async function deliverEndpoint(
  dependencies: DeliverDependencies,
  key: EndpointKey,
  signal: AbortSignal,
  wakeSignal: WakeSignal = NEVER_WOKEN,
): Promise<number | null> {
  const logger = dependencies.logger.child({ endpoint_id: key.endpointId });
  const inFlight = new Map<string, Promise<void>>();
  const finished: FinishedDelivery[] = [];
  let memory: ExchangeMemory | null = null;
  let replayed = 0;
  for (;;) {
    wakeSignal.acknowledge();
    const slots = signal.aborted ? 0 : IN_FLIGHT_MAX - inFlight.size;
    const recording = finished.splice(0);
    const options: ExchangeOptions = { finished: recording, slots, inFlightMax: IN_FLIGHT_MAX, memory };
    const exchange = await exchangeDeliveries(dependencies.dataSource, key, options).catch(async (error: unknown) => {
      if (recording.length === 0 || signal.aborted || !isDatabaseUnavailable(error)) throw error;
      await sleep(DATABASE_RETRY_MS, undefined, { signal }).catch(() => undefined);
      return null;
    });
    if (exchange === null) {
      finished.unshift(...recording);
      continue;
    }
    const { endpoint, claimed, signals, nextDueMs, replaying } = exchange;
    memory = exchange.memory;
    for (const endpointId of exchange.notified) dependencies.wakeUps.deliverEndpoint({ ...key, endpointId });
    if (recording.some(({ endpointGone }) => endpointGone)) logger.warn('endpoint.gone');
    logSignals(logger, signals);
    if (endpoint) startSending({ ...dependencies, logger }, endpoint, claimed, { inFlight, finished, signal });
    const fromReplays = claimed.filter(({ replayId }) => replayId !== null).length;
    replayed += fromReplays;
    const runsLow = replayed >= ADVANCE_REPLAYS_EVERY || (fromReplays === 0 && claimed.length < slots);
    if (replaying && runsLow) {
      replayed = 0;
      if (await moveReplaysOn({ ...dependencies, logger }, key)) continue;
    }
    // What ended during the exchange is still to be recorded, also when nothing is on the way any more.
    if (finished.length === 0) {
      if (inFlight.size === 0) return nextDueMs;
      await firstOf([...inFlight.values()], inFlight.size < IN_FLIGHT_MAX ? { wakeMs: nextDueMs, wakeSignal } : {});
    }
    if (finished.length > 0) await gather(inFlight);
  }
}

const NEVER_WOKEN: WakeSignal = { again: () => new Promise(() => undefined), acknowledge: () => undefined };

/** Resolves when one of the attempts has ended, or while there is room beside them, when another delivery may go. */
async function firstOf(
  attempts: readonly Promise<void>[],
  { wakeMs = null, wakeSignal }: { wakeMs?: number | null; wakeSignal?: WakeSignal },
): Promise<void> {
  const events = wakeSignal ? [...attempts, wakeSignal.again()] : attempts;
  if (wakeMs === null || wakeMs > WAKE_MAX_MS) return Promise.race(events);
  const ended = new AbortController();
  const alarm = sleep(wakeMs, undefined, { signal: ended.signal }).catch(() => undefined);
  await Promise.race([...events, alarm]);
  ended.abort();
}

/** Resolves when all attempts have ended, at the latest after a moment. */
async function gather(inFlight: ReadonlyMap<string, Promise<void>>): Promise<void> {
  if (inFlight.size === 0) return;
  const ended = new AbortController();
  const moment = sleep(GATHER_MS, undefined, { signal: ended.signal }).catch(() => undefined);
  await Promise.race([Promise.all(inFlight.values()), moment]);
  ended.abort();
}

/** Whether something was done, so that there may be more to deliver. What fails here must not lose the results of what is on the way. */
async function moveReplaysOn({ dataSource, logger, wakeUps }: DeliverDependencies, key: EndpointKey): Promise<boolean> {
  try {
    const { moved, endpointIds } = await advanceReplays(dataSource, key);
    for (const endpointId of endpointIds)
      if (endpointId !== key.endpointId) wakeUps.deliverEndpoint({ ...key, endpointId });
    return moved;
  } catch (error) {
    logger.error({ err: error }, 'replay.failed');
    return false;
  }
}

interface Sending {
  inFlight: Map<string, Promise<void>>;
  finished: FinishedDelivery[];
  signal: AbortSignal;
}

function startSending(
  dependencies: DeliverDependencies,
  endpoint: ClaimedEndpoint,
  claimed: readonly ClaimedDelivery[],
  { inFlight, finished, signal }: Sending,
): void {
  for (const delivery of claimed) {
    const sending = sendDelivery(dependencies, endpoint, delivery, signal).then((result) => {
      finished.push(result);
      inFlight.delete(delivery.id);
    });
    inFlight.set(delivery.id, sending);
  }
}

function logSignals(logger: Logger, signals: readonly HealthSignal[]): void {
  for (const { kind, ...details } of signals) logger.warn(details, `endpoint.${kind}`);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { DELIVERY_DEADLINE_MS } from '@rollcall/contract';
import type { Logger, LoopTurn, Turns } from '@rollcall/platform';
import type { WakeUps } from '@rollcall/queue';
import { CLAIM_RULES, IN_FLIGHT_LIMITS } from '@rollcall/webhooks';
import type { HealthSignal, InFlightShares } from '@rollcall/webhooks';
import { advanceReplays, exchangeDeliveries } from '@rollcall/pipeline-store';
import type {
  ClaimedDelivery,
  ClaimedEndpoint,
  EndpointKey,
  Exchange,
  ExchangeMemory,
  ExchangeOptions,
  FinishedDelivery,
  LeasedDeliveries,
} from '@rollcall/pipeline-store';
import { occurredAtOf } from '@rollcall/events';
import { isDatabaseUnavailable } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import type { WakeSignal } from '../run-once-per-key';
import type { TrafficCounts } from '../traffic/count-traffic';
import { sendDelivery } from './send-delivery';
import type { SendDependencies } from './send-delivery';

/** After so many deliveries of replays have left, the next ones are asked for: well before those that are pending run out. */
const ADVANCE_REPLAYS_EVERY = 50;

/** How often a database that is away is asked again to take results. */
const DATABASE_RETRY_MS = 1_000;

/** Results that end within this time of each other are recorded together: an exchange costs more than they do. */
const GATHER_MS = 4;

/** About what an exchange takes on a quiet machine, and each delivery that it records or leases. */
const EXCHANGE_MS = 1;
const DELIVERY_MS = 0.15;

/** An attempt that begins so long after its lease was asked for may be under way when that ends. */
const TOO_OLD_MS = CLAIM_RULES.leaseMs - DELIVERY_DEADLINE_MS;

/** No attempt lasts longer, so that what is due later than this is looked for when one has ended. */
const WAKE_MAX_MS = 15_000;

export interface DeliverDependencies extends SendDependencies {
  dataSource: DataSource;
  logger: Logger;
  /** Gives each exchange with the database its turn. */
  turns: Pick<Turns, 'run'>;
  /** How many deliveries may be on the way. */
  shares: InFlightShares;
  /** To sign and send takes milliseconds: of many deliveries that are claimed together each begins in a turn of its own. */
  loopTurn: LoopTurn;
  /** Hears after a commit of each other endpoint that has something to deliver. */
  wakeUps: Pick<WakeUps, 'deliverEndpoint'>;
  /** What was leased for the endpoint when it was made, with places reserved; to be sent before anything else. */
  takeLeased?: () => LeasedDeliveries | undefined;
  /** Counts the attempts. */
  traffic?: Pick<TrafficCounts, 'attempted'>;
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
  const sending: Sending = { inFlight: new Map(), finished: [], signal };
  const { inFlight, finished } = sending;
  let memory: ExchangeMemory | null = null;
  let replayed = 0;
  for (;;) {
    wakeSignal.acknowledge();
    const leased = dependencies.takeLeased?.();
    if (leased) {
      memory ??= leased.memory;
      startSending({ ...dependencies, logger }, key, { ...leased, ...sending });
      // The endpoint had nothing else.
      await firstOf([...inFlight.values()], { wakeSignal });
      if (finished.length > 0) await gather(inFlight);
    }
    const recording = finished.splice(0);
    const exchange = await takeExchange(dependencies, key, { recording, inFlight, memory, signal });
    if (exchange === null) {
      finished.unshift(...recording);
      continue;
    }
    const { endpoint, claimed, leasedAt, signals, nextDueMs, replaying, slots } = exchange;
    memory = exchange.memory;
    for (const endpointId of exchange.notified) dependencies.wakeUps.deliverEndpoint({ ...key, endpointId });
    if (recording.some(({ endpointGone }) => endpointGone)) logger.warn('endpoint.gone');
    logSignals(logger, signals);
    if (endpoint) startSending({ ...dependencies, logger }, key, { endpoint, claimed, leasedAt, ...sending });
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
      const isRoom = slots > 0 && inFlight.size < IN_FLIGHT_LIMITS.perEndpoint;
      await firstOf([...inFlight.values()], isRoom ? { wakeMs: nextDueMs, wakeSignal } : {});
    }
    if (finished.length > 0) await gather(inFlight);
  }
}

interface Taking extends Pick<ExchangeOptions, 'memory'> {
  recording: readonly FinishedDelivery[];
  inFlight: Sending['inFlight'];
  signal: AbortSignal;
}

/** An exchange when its turn comes; null when the database was away and results are, or will be, still to be recorded. */
async function takeExchange(
  { dataSource, turns, shares }: DeliverDependencies,
  key: EndpointKey,
  { recording, inFlight, memory, signal }: Taking,
): Promise<(Exchange & { slots: number; leasedAt: number }) | null> {
  const { environmentId } = key;
  const options = { finished: recording, inFlightMax: IN_FLIGHT_LIMITS.perEndpoint, memory };
  let slots = 0;
  let leasedAt = 0;
  try {
    const takeAndGive = () => {
      // Places are for those whose turn it is: who waits for one would hold them with nothing on the way.
      slots = signal.aborted ? 0 : shares.reserve(environmentId, inFlight.size);
      leasedAt = performance.now();
      return exchangeDeliveries(dataSource, key, { ...options, slots });
    };
    const exchange = await turns.run(
      environmentId,
      takeAndGive,
      ({ claimed }) => EXCHANGE_MS + DELIVERY_MS * (recording.length + claimed.length),
    );
    shares.release(environmentId, slots - exchange.claimed.length);
    return { ...exchange, slots, leasedAt };
  } catch (error) {
    shares.release(environmentId, slots);
    // What is on the way ends meanwhile, and its results are to be recorded too.
    const isIdle = recording.length === 0 && inFlight.size === 0;
    if (isIdle || signal.aborted || !isDatabaseUnavailable(error)) throw error;
    await sleep(DATABASE_RETRY_MS, undefined, { signal }).catch(() => undefined);
    return null;
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
async function moveReplaysOn(
  { dataSource, logger, turns, wakeUps }: DeliverDependencies,
  key: EndpointKey,
): Promise<boolean> {
  try {
    const { moved, endpointIds } = await turns.run(key.environmentId, () => advanceReplays(dataSource, key));
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
  { environmentId }: EndpointKey,
  {
    endpoint,
    claimed,
    leasedAt,
    inFlight,
    finished,
    signal,
  }: Sending & { endpoint: ClaimedEndpoint; claimed: ClaimedDelivery[]; leasedAt: number },
): void {
  const { shares, loopTurn, logger } = dependencies;
  const send = async (delivery: ClaimedDelivery) => {
    await loopTurn(environmentId);
    // This process stood still, or was cut off: another one may send it, and has sent what comes after it.
    if (performance.now() - leasedAt > TOO_OLD_MS) return null;
    return sendDelivery(dependencies, endpoint, delivery, signal);
  };
  for (const delivery of claimed) {
    const bytes = delivery.body.length;
    shares.weigh(environmentId, bytes);
    const sending = send(delivery).then((result) => {
      shares.weigh(environmentId, -bytes);
      shares.release(environmentId, 1);
      inFlight.delete(delivery.id);
      if (result === null) {
        logger.warn({ delivery_id: delivery.id }, 'delivery.too-late');
        return;
      }
      countAttempt(dependencies, environmentId, delivery, result);
      finished.push(result);
    });
    inFlight.set(delivery.id, sending);
  }
}

/** What we aborted ourselves and what was only a test are no attempts. How late an event was says its first one, when it came live. */
function countAttempt(
  { traffic }: Pick<DeliverDependencies, 'traffic'>,
  environmentId: string,
  { attempt, body, replayId }: ClaimedDelivery,
  { fate, test, startTime }: FinishedDelivery,
): void {
  if (test || fate.state === 'released') return;
  const isFirst = attempt === 1 && replayId === null;
  const occurredAt = isFirst ? occurredAtOf(body) : null;
  const latencyMs = occurredAt && startTime.getTime() - occurredAt.getTime();
  traffic?.attempted(environmentId, { succeeded: fate.state === 'succeeded', latencyMs });
}

function logSignals(logger: Logger, signals: readonly HealthSignal[]): void {
  for (const { kind, ...details } of signals) logger.warn(details, `endpoint.${kind}`);
}

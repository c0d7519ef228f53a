import { setTimeout as sleep } from 'node:timers/promises';
import { publicId } from '@rollcall/platform';
import type { Logger, Turns } from '@rollcall/platform';
import type { WakeUps } from '@rollcall/queue';
import { IN_FLIGHT_LIMITS } from '@rollcall/webhooks';
import type { HealthSignal } from '@rollcall/webhooks';
import { advanceReplays, exchangeDeliveries } from '@rollcall/pipeline-store';
import type {
  EndpointKey,
  Exchange,
  ExchangeMemory,
  FinishedDelivery,
  LeasedDeliveries,
} from '@rollcall/pipeline-store';
import { isDatabaseUnavailable } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import type { WakeSignal } from '../run-once-per-key';
import { UnderWay } from './under-way';
import type { UnderWayDependencies } from './under-way';

/** After so many deliveries of replays have left, the next ones are asked for: well before those that are pending run out. */
const ADVANCE_REPLAYS_EVERY = 50;

/** How often a database that is away is asked again to take results. */
const DATABASE_RETRY_MS = 1_000;

/** Results that end within this time of each other are recorded together: an exchange costs more than they do. */
const GATHER_MS = 4;
/**
 * The same while others wait for their places, so that nothing stands still meanwhile: as long as an endpoint whose answers take long,
 * but not too long to be leased ahead, needs for about as many as there are places.
 */
const GATHER_AHEAD_MS = 400;

/** About what an exchange takes on a quiet machine, and each delivery that it records or leases. */
const EXCHANGE_MS = 1;
const DELIVERY_MS = 0.15;

/** No attempt lasts longer, so that what is due later than this is looked for when one has ended. */
const WAKE_MAX_MS = 15_000;

export interface DeliverDependencies extends UnderWayDependencies {
  dataSource: DataSource;
  /** Gives each exchange with the database its turn. */
  turns: Pick<Turns, 'run'>;
  /** Hears after a commit of each other endpoint that has something to deliver. */
  wakeUps: Pick<WakeUps, 'deliverEndpoint'>;
  /** What was leased for the endpoint when it was made, with places reserved; to be sent before anything else. */
  takeLeased?: () => LeasedDeliveries | undefined;
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
  const logger = dependencies.logger.child({ endpoint_id: publicId('whe', key.endpointId) });
  const underWay = new UnderWay({ ...dependencies, logger }, key, signal);
  let memory: ExchangeMemory | null = null;
  let replayed = 0;
  for (;;) {
    wakeSignal.acknowledge();
    const leased = dependencies.takeLeased?.();
    if (leased) {
      memory ??= leased.memory;
      underWay.begin(leased, leased.claimed.length);
      // The endpoint had nothing else.
      await firstOf(underWay.all(), { wakeSignal });
      if (underWay.hasEnded) await gather(underWay);
    }
    const recording = underWay.takeEnded();
    const exchange = await takeExchange(dependencies, key, { recording, underWay, memory, signal });
    if (exchange === null) {
      underWay.putBack(recording);
      underWay.giveBackLate();
      continue;
    }
    const { claimed, signals, nextDueMs, replaying, places } = exchange;
    memory = exchange.memory;
    for (const endpointId of exchange.notified) dependencies.wakeUps.deliverEndpoint({ ...key, endpointId });
    if (recording.some(({ endpointGone }) => endpointGone)) logger.warn('endpoint.gone');
    logSignals(logger, signals);
    const fromReplays = claimed.filter(({ replayId }) => replayId !== null).length;
    replayed += fromReplays;
    const runsLow = replayed >= ADVANCE_REPLAYS_EVERY || (fromReplays === 0 && claimed.length < places);
    if (replaying && runsLow) {
      replayed = 0;
      if (await moveReplaysOn({ ...dependencies, logger }, key)) continue;
    }
    // What ended during the exchange is still to be recorded, also when nothing is on the way any more.
    if (!underWay.hasEnded) {
      if (underWay.size === 0) return nextDueMs;
      const { waitMs } = underWay;
      const isRoom = waitMs === null && places > 0 && underWay.size < IN_FLIGHT_LIMITS.perEndpoint;
      await firstOf(underWay.all(), isRoom ? { wakeMs: nextDueMs, wakeSignal } : { wakeMs: waitMs });
    }
    underWay.giveBackLate();
    if (underWay.hasEnded) await gather(underWay);
  }
}

interface Taking {
  recording: readonly FinishedDelivery[];
  underWay: UnderWay;
  memory: ExchangeMemory | null;
  signal: AbortSignal;
}

/** An exchange when its turn comes, and what it leased begun; null when the database was away and results are, or will be, still to be recorded. */
async function takeExchange(
  { dataSource, turns, shares }: DeliverDependencies,
  key: EndpointKey,
  { recording, underWay, memory, signal }: Taking,
): Promise<(Exchange & { places: number }) | null> {
  const { environmentId } = key;
  let places = 0;
  let leasedAt = 0;
  try {
    const takeAndGive = () => {
      // Places are for those whose turn it is: who waits for one would hold them with nothing on the way.
      places = signal.aborted ? 0 : shares.reserve(environmentId, underWay.size);
      leasedAt = performance.now();
      const { ahead, held } = underWay;
      const inFlightMax = IN_FLIGHT_LIMITS.perEndpoint;
      return exchangeDeliveries(dataSource, key, {
        finished: recording,
        inFlightMax,
        memory,
        slots: places,
        ahead,
        held,
      });
    };
    const exchange = await turns.run(
      environmentId,
      takeAndGive,
      ({ claimed }) => EXCHANGE_MS + DELIVERY_MS * (recording.length + claimed.length),
    );
    const { endpoint, claimed } = exchange;
    if (!endpoint) underWay.giveBack();
    const begun = endpoint ? underWay.begin({ endpoint, claimed, leasedAt }, places) : 0;
    shares.release(environmentId, places - begun);
    return { ...exchange, places };
  } catch (error) {
    shares.release(environmentId, places);
    // What is on the way ends meanwhile, and its results are to be recorded too.
    const isNothingToRecord = recording.length === 0 && underWay.held === 0;
    if (isNothingToRecord || signal.aborted || !isDatabaseUnavailable(error)) {
      // Nobody would record them.
      underWay.giveBack();
      throw error;
    }
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
  await firstWithin(wakeMs, events);
}

/** Resolves when all attempts have ended or those that wait run low, at the latest after a moment. */
async function gather(underWay: UnderWay): Promise<void> {
  if (underWay.size === 0) return;
  if (underWay.isFull) await firstWithin(GATHER_AHEAD_MS, [underWay.low()]);
  else await firstWithin(GATHER_MS, [Promise.all(underWay.all())]);
}

/** Resolves when one of the events has come, at the latest after so many milliseconds. */
async function firstWithin(ms: number, events: readonly Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const moment = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([...events, moment]);
  clearTimeout(timer);
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

function logSignals(logger: Logger, signals: readonly HealthSignal[]): void {
  for (const { kind, ...details } of signals) logger.warn(details, `endpoint.${kind}`);
}

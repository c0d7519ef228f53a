import { setTimeout as sleep } from 'node:timers/promises';
import { batchMilliseconds, normalizeInSteps } from '@rollcall/events';
import { newId, publicId, runInSlices } from '@rollcall/platform';
import type { Logger, Turns } from '@rollcall/platform';
import { matchesEndpoint, mayGoTogether } from '@rollcall/webhooks';
import type { InFlightShares } from '@rollcall/webhooks';
import { drainBatch } from '@rollcall/pipeline-store';
import type {
  BatchTenant,
  DrainedBatch,
  DrainResult,
  DrainWork,
  EndpointFilter,
  EndpointKey,
  LeasedDeliveries,
  NewDelivery,
} from '@rollcall/pipeline-store';
import { isLockTimeout } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import type { DeliveryTraces } from '../deliver/delivery-traces';
import type { WorkMeter } from '../measure-work';
import type { TrafficCounts } from '../traffic/count-traffic';
import { traceDrain } from './trace-drain';
import type { DrainTrace } from './trace-drain';

export interface DrainDependencies {
  dataSource: DataSource;
  logger: Logger;
  /** Gives each batch its turn. */
  turns: Pick<Turns, 'run'>;
  /**
   * Called after a batch committed, once for each endpoint that has something new. `leased` is to be sent by whoever is called, who
   * has the places for it reserved.
   */
  deliverEndpoint: (endpoint: EndpointKey, leased?: LeasedDeliveries) => void;
  /** How many deliveries may be on the way; without it none is leased. */
  shares?: Pick<InFlightShares, 'reserveFree' | 'release'>;
  /** Counts changes and events. */
  traffic?: Pick<TrafficCounts, 'drained'>;
  meter?: Pick<WorkMeter, 'drained'>;
  /** Where traces are made. */
  traces?: Pick<DeliveryTraces, 'tracing' | 'remember'>;
}

/** How soon and how often one asks again for a directory that another worker is at; then it is left to the next sweep. */
const BUSY_RETRY_MS = 50;
const BUSY_RETRIES_MAX = 40;

/**
 * Turns pending changes of a directory into events and deliveries, batch by batch, until a read under the drain's lock finds
 * nothing left. Each batch is a turn of the environment, so that others come between two of them. A turn is given back at once while another
 * worker has the directory: that one may be stopped in the middle, and others have their turn meanwhile. `signal` ends it between
 * two batches.
 */
export async function drainDirectory(
  dependencies: DrainDependencies,
  tenant: BatchTenant,
  signal?: AbortSignal,
): Promise<void> {
  const takeTurn = async () => (signal?.aborted ? NOTHING_LEFT : drainOnce(dependencies, tenant));
  for (let retries = 0; retries < BUSY_RETRIES_MAX;) {
    const { state } = await dependencies.turns.run(tenant.environmentId, takeTurn, ({ workMs }) => workMs);
    if (state === 'done') return;
    retries = state === 'busy' ? retries + 1 : 0;
    if (state === 'busy') await sleep(BUSY_RETRY_MS);
  }
  dependencies.logger.info({ directory_id: publicId('dir', tenant.directoryId) }, 'drain.elsewhere');
}

/** Deliveries of a batch that are leased with it at most: of the few changes that somebody waits for, and not of an import. */
const AT_ONCE_MAX = 30;

interface Batch {
  /** Whether there may be more to do, or another worker has the directory. */
  state: 'more' | 'done' | 'busy';
  /** What it takes on a quiet machine, see {@link batchMilliseconds}. */
  workMs: number;
}

const NOTHING_LEFT: Batch = { state: 'done', workMs: 0 };

/** One batch. */
async function drainOnce(
  { dataSource, logger, deliverEndpoint, shares, traffic, meter, traces }: DrainDependencies,
  tenant: BatchTenant,
): Promise<Batch> {
  const { environmentId, directoryId } = tenant;
  const started = performance.now();
  let isBusy = false;
  const places = shares?.reserveFree(environmentId, AT_ONCE_MAX) ?? 0;
  const began = new Date();
  let trace: DrainTrace | null = null;
  const normalize = (work: DrainWork) => {
    // The transaction may be tried again.
    trace?.end({ failure: 'tried_again' });
    trace = traces ? traceDrain(traces.tracing, directoryId, work.changes, began) : null;
    return runInSlices(normalizeBatch(work, places));
  };
  let unused = places;
  let result: DrainedBatch | null = null;
  try {
    result = await drainBatch(dataSource, tenant, normalize, () => (isBusy = true));
    for (const { claimed } of result?.leased ?? []) unused -= claimed.length;
  } catch (error) {
    endTrace(trace, { failure: error instanceof Error ? error.name : 'unknown' });
    if (!isLockTimeout(error)) throw error;
    // Another row than the counter's, which is not waited for: whoever has it gets on, or loses it to PostgreSQL's limits.
    logger.warn({ directory_id: publicId('dir', directoryId) }, 'drain.locked');
  } finally {
    shares?.release(environmentId, unused);
  }
  if (!result) return isBusy ? { state: 'busy', workMs: 0 } : NOTHING_LEFT;
  if (traces) rememberTrace(traces, trace, result);
  const leased = new Map(result.leased.map((one) => [one.endpointId, one]));
  const endpointIds = [...result.deliveries.map((delivery) => delivery.endpointId), ...result.notifiedEndpointIds];
  for (const endpointId of new Set(endpointIds)) {
    deliverEndpoint({ environmentId, endpointId }, leased.get(endpointId));
  }
  const ms = performance.now() - started;
  logBatch(logger, directoryId, result, ms);
  const { consumedChangeIds, events, setAside, moreToDo } = result.batch;
  const drained = { changes: consumedChangeIds.length, events: events.length };
  traffic?.drained(environmentId, drained);
  meter?.drained({ ...drained, setAside: setAside.length, seconds: ms / 1_000 });
  const isMore = result.isMoreLeft && (consumedChangeIds.length + setAside.length > 0 || moreToDo);
  const workMs = batchMilliseconds({ events: events.length, deliveries: result.deliveries.length });
  return { state: isMore ? 'more' : 'done', workMs };
}

/** A function of its own, because the compiler does not see that a callback has set the variable. */
function endTrace(trace: DrainTrace | null, result: Parameters<DrainTrace['end']>[0]): void {
  trace?.end(result);
}

/** Ends the trace of a batch that is committed, and notes it for the deliveries of its events. */
function rememberTrace(
  traces: Pick<DeliveryTraces, 'remember'>,
  trace: DrainTrace | null,
  { batch, deliveries }: DrainResult,
): void {
  for (const { event } of deliveries) traces.remember(event.id, trace?.parentFor(event.requestId) ?? null);
  trace?.end({ events: batch.events.length, deliveries: deliveries.length });
}

/** The pure part, step by step: changes to events, and events to the endpoints that want them. */
function* normalizeBatch(work: DrainWork, places: number): Generator<void, DrainResult> {
  const { organizationId } = work.tenant;
  const batch = yield* normalizeInSteps(work.changes, work.published, {
    ...work.tenant,
    lastSequence: work.lastSequence,
    epoch: work.epoch,
    newEventId: () => newId(),
    roles: work.rules,
    externalIds: work.externalIds,
  });
  const deliveries: NewDelivery[] = [];
  for (const event of batch.events) {
    for (const endpoint of work.endpoints) {
      if (!matchesEndpoint(endpoint, { type: event.type, organizationId })) continue;
      deliveries.push({ id: newId(), endpointId: endpoint.id, event });
    }
    yield;
  }
  return { batch, deliveries, atOnce: chooseAtOnce(work, deliveries, places) };
}

/** The endpoints whose deliveries may all leave with the batch, in their order; nobody in a batch that has more than there are places. */
function chooseAtOnce({ endpoints }: DrainWork, deliveries: readonly NewDelivery[], places: number): string[] {
  if (deliveries.length === 0 || deliveries.length > places) return [];
  const resourceIds = new Map<string, string[]>();
  for (const { endpointId, event } of deliveries) {
    resourceIds.set(endpointId, [...(resourceIds.get(endpointId) ?? []), event.resourceId]);
  }
  const canGo = ({ id, ordering }: EndpointFilter) => mayGoTogether(ordering, resourceIds.get(id) ?? []);
  return endpoints.filter((endpoint) => resourceIds.has(endpoint.id) && canGo(endpoint)).map(({ id }) => id);
}

function logBatch(logger: Logger, directoryId: string, { batch, deliveries }: DrainResult, ms: number): void {
  const directory_id = publicId('dir', directoryId);
  logger.info(
    {
      directory_id,
      changes: batch.consumedChangeIds.length,
      events: batch.events.length,
      deliveries: deliveries.length,
      last_sequence: batch.lastSequence,
      ms: Math.round(ms),
    },
    'directory.drained',
  );
  if (batch.deprovisioning?.started) {
    const { held } = batch.deprovisioning.counts;
    logger.warn({ directory_id, held_users: held }, 'directory.deprovisioning_held');
  }
  for (const { changeId, error } of batch.setAside) {
    logger.error({ directory_id, change_id: changeId, error }, 'change.set_aside');
  }
}

import type { DataSource, EntityManager } from 'typeorm';
import { limitBatch, SET_ASIDE_MS } from '@rollcall/events';
import type { Ordering } from '@rollcall/contract';
import type { Change, NormalizedBatch, PublishedState } from '@rollcall/events';
import { inPipeline, prepared, tenantTransaction } from '@rollcall/database';
import { loadKnowledge } from './load-rules';
import type { DirectoryKnowledge } from './load-rules';
import { announceHold } from './announce-hold';
import { claimChanges } from './claim-changes';
import { loadPublishedState } from './load-published-state';
import { lockCounter, lockFreeCounter } from './lock-counter';
import { writeBatch } from './write-batch';
import type { BatchTenant, NewDelivery } from './write-batch';
import { writeDeliveries } from './write-deliveries';
import type { LeasedDeliveries } from './write-deliveries';
import { writeDeprovisioning } from './write-deprovisioning';

/** A webhook endpoint as far as the choice of its events goes; ids are bare. */
export interface EndpointFilter {
  id: string;
  ordering: Ordering;
  eventTypes: string[];
  organizationIds: string[];
}

/** What a batch is normalized from. */
export interface DrainWork extends DirectoryKnowledge {
  tenant: BatchTenant;
  changes: Change[];
  published: PublishedState;
  lastSequence: number;
  epoch: number;
  endpoints: EndpointFilter[];
}

export interface DrainResult {
  batch: NormalizedBatch;
  deliveries: NewDelivery[];
  /** Endpoints whose deliveries of the batch the caller can send as soon as it is committed. */
  atOnce?: string[];
}

/** A batch as it was written. */
export interface DrainedBatch extends DrainResult {
  /** Of the endpoints `atOnce`, the deliveries that are leased to the caller; the others are due like any. */
  leased: LeasedDeliveries[];
  /** Endpoints that have an operational event to deliver: a hold of deprovisionings began. */
  notifiedEndpointIds: string[];
  /** Whether the directory has more changes, seen under the lock after these were consumed: what comes later brings a wake-up of its own. */
  isMoreLeft: boolean;
}

/** A batch holds the lock for less than this, unless its worker stands still. */
const LOCK_MS = 1_000;

/**
 * One batch of a directory's drain in one transaction: lock the counter row, claim changes, let `normalize` (pure) decide, write. What
 * it makes is bounded, so that the transaction is short.
 * Returns what was written, or null when there was nothing to do. A drain ends only when nothing was left under the lock, so that no
 * change is overlooked.
 * @param onBusy is called when another drain has the directory, and nothing is done then; without it that one's end is waited for
 */
export async function drainBatch(
  dataSource: DataSource,
  { environmentId, organizationId, directoryId }: BatchTenant,
  normalize: (work: DrainWork) => DrainResult | Promise<DrainResult>,
  onBusy?: () => void,
): Promise<DrainedBatch | null> {
  const tenant = { environmentId, organizationId, directoryId };
  const drain = async (manager: EntityManager): Promise<DrainedBatch | null> => {
    const [counter, endpoints] = await inPipeline(
      (onBusy ? lockFreeCounter : lockCounter)(manager, directoryId),
      loadEndpoints(manager, tenant),
    );
    if (!counter) {
      onBusy?.();
      return null;
    }
    if (!endpoints) return null;
    const limits = limitBatch(endpoints.filter(({ organizationIds }) => isFor(organizationIds, organizationId)).length);
    const claimed = await claimChanges(manager, directoryId, limits);
    if (claimed.length === 0) return null;
    const changes = claimed.map(({ change }) => change);
    const { lastSequence, epoch } = counter;
    const [knowledge, published] = await inPipeline(
      loadKnowledge(manager, tenant),
      loadPublishedState(manager, directoryId, changes, { counter, limits }),
    );
    const result = await normalize({ tenant, changes, lastSequence, epoch, published, ...knowledge, endpoints });
    const { batch, deliveries, atOnce = [] } = result;
    const [, , notifiedEndpointIds, leased, isMoreLeft] = await inPipeline(
      writeBatch(manager, tenant, { claimed, counter, published, batch }),
      writeDeprovisioning(manager, directoryId, counter, batch),
      announceHold(manager, tenant, counter, batch.deprovisioning),
      // At the end: the locks of endpoints, which others wait for, are held for the shortest time.
      writeDeliveries(manager, tenant, deliveries, atOnce),
      hasChanges(manager, directoryId),
    );
    return { ...result, notifiedEndpointIds, leased, isMoreLeft };
  };
  return tenantTransaction(dataSource, { ...tenant, planOnce: true }, drain, LOCK_MS);
}

/** By the organization alone: most of a large batch is of one type, and which one is not known yet. */
function isFor(organizationIds: readonly string[], organizationId: string): boolean {
  return organizationIds.length === 0 || organizationIds.includes(organizationId);
}

/** Whether there are changes that could be claimed, or wait for one that was set aside. */
async function hasChanges(manager: EntityManager, directoryId: string): Promise<boolean> {
  const [row] = await manager.query<{ has_changes: boolean }[]>(HAS_CHANGES, [directoryId, SET_ASIDE_MS]);
  return row?.has_changes ?? false;
}

const HAS_CHANGES = prepared(
  `SELECT EXISTS (SELECT FROM changes c WHERE c.directory_id = $1
     AND (c.set_aside_time IS NULL OR c.set_aside_time < now() - $2 * interval '1 millisecond')) AS has_changes`,
);

/** The environment's endpoints; null when the directory has no change at all, as in the last look of every drain. */
async function loadEndpoints(
  manager: EntityManager,
  { environmentId, directoryId }: BatchTenant,
): Promise<EndpointFilter[] | null> {
  const [row] = await manager.query<{ endpoints: EndpointFilter[] | null }[]>(ENDPOINTS, [environmentId, directoryId]);
  return row?.endpoints ?? null;
}

const ENDPOINTS = prepared(
  `SELECT CASE WHEN EXISTS (SELECT FROM changes c WHERE c.directory_id = $2) THEN coalesce((
     SELECT json_agg(json_build_object('id', id, 'ordering', ordering, 'eventTypes', event_types, 'organizationIds', organization_ids) ORDER BY id)
     FROM webhook_endpoints WHERE environment_id = $1), '[]') END AS endpoints`,
);

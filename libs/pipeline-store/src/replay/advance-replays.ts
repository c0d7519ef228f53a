import type { DataSource, EntityManager } from 'typeorm';
import { newId } from '@rollcall/platform';
import { Replay, WebhookEndpoint, readNow, runStatement, tenantTransaction } from '@rollcall/database';
import type { EndpointKey } from '../deliver/endpoint-key';
import { endReplay } from './end-replay';
import { scanReplayed } from './scan-replayed';
import type { ScannedRow } from './scan-replayed';
import { countDeliveries } from './view-replays';

/** Deliveries of one replay that are pending at a time, so that a replay of any length stays a small part of the table. */
export const REPLAY_PENDING_MAX = 200;

/** With fewer than this pending the next ones are made. */
export const REPLAY_REFILL_BELOW = 100;

/** Rows that one slice reads at most: where few match, live events get their turn between two slices. */
const SCAN_MAX = 2_000;

export interface ReplayProgress {
  /** Something was done: there may be more to deliver, or more to do. */
  moved: boolean;
  /** Bare ids of the endpoints that have something new to deliver. */
  endpointIds: string[];
}

/**
 * Moves every running replay to an endpoint on by one step: the next slice of deliveries when few are pending, or its end when
 * none is left. A slice and the place of its scan are written in one transaction, so that a crash neither skips nor repeats.
 */
export async function advanceReplays(dataSource: DataSource, key: EndpointKey): Promise<ReplayProgress> {
  const { environmentId, endpointId } = key;
  const running = await tenantTransaction(dataSource, { environmentId }, (manager) =>
    manager.find(Replay, {
      select: { id: true },
      where: { environmentId, endpointId, state: 'running' },
      order: { id: 'ASC' },
    }),
  );
  const steps: ReplayProgress[] = [];
  for (const { id } of running) {
    steps.push(
      await tenantTransaction(dataSource, { environmentId }, (manager) => advance(manager, environmentId, id)),
    );
  }
  return { moved: steps.some(({ moved }) => moved), endpointIds: steps.flatMap(({ endpointIds }) => endpointIds) };
}

async function advance(manager: EntityManager, environmentId: string, id: string): Promise<ReplayProgress> {
  const replay = await manager.findOne(Replay, {
    where: { environmentId, id },
    lock: { mode: 'pessimistic_write' },
  });
  if (replay?.state !== 'running') return { moved: false, endpointIds: [] };
  const pending = await countDeliveries(manager, replay, 'pending');
  if (replay.scanned && pending === 0) {
    const finishTime = await readNow(manager);
    return { moved: true, endpointIds: await endReplay(manager, replay, { state: 'finished', finishTime }) };
  }
  if (replay.scanned || pending >= REPLAY_REFILL_BELOW) return { moved: false, endpointIds: [] };
  return { moved: await enqueueSlice(manager, replay, REPLAY_PENDING_MAX - pending), endpointIds: [] };
}

/** False when the endpoint is gone. */
async function enqueueSlice(manager: EntityManager, replay: Replay, room: number): Promise<boolean> {
  const { environmentId, endpointId, id, position } = replay;
  const endpoint = await manager.findOneBy(WebhookEndpoint, { environmentId, id: endpointId });
  if (!endpoint) return false;
  const slice = await scanReplayed(manager, { range: replay, filters: endpoint, position, limit: SCAN_MAX, room });
  const matching = slice.filter(({ matches }) => matches);
  const last = slice.at(-1);
  const added = replay.failedOnly
    ? await requeueDeliveries(manager, replay, matching)
    : await insertDeliveries(manager, replay, matching);
  const enqueued = Number(replay.enqueued) + added;
  await manager.update(
    Replay,
    { environmentId, id },
    {
      position: last?.position ?? position,
      scanned: slice.length < room && (last?.number ?? 0) < SCAN_MAX,
      enqueued: String(enqueued),
      total: String(Math.max(Number(replay.total), enqueued)),
    },
  );
  return true;
}

async function insertDeliveries(manager: EntityManager, replay: Replay, rows: readonly ScannedRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const { affected } = await runStatement(
    manager,
    `INSERT INTO deliveries (environment_id, endpoint_id, replay_id, state, next_attempt_time, id, directory_id, event_id,
       event_type, sequence, resource_id)
     SELECT $1, $2, $3, 'pending', now(), d.*
     FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[]) AS d`,
    [
      replay.environmentId,
      replay.endpointId,
      replay.id,
      rows.map(() => newId()),
      rows.map((row) => row.directory_id),
      rows.map((row) => row.event_id),
      rows.map((row) => row.type),
      rows.map((row) => row.sequence),
      rows.map((row) => row.resource_id),
    ],
  );
  return affected;
}

/** As `:retry` does, one attempt each. How long one holds up the later ones of its user or group counts from that attempt. */
async function requeueDeliveries(manager: EntityManager, replay: Replay, rows: readonly ScannedRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const { affected } = await runStatement(
    manager,
    `UPDATE deliveries d SET state = 'pending', replay_id = $3, next_attempt_time = now(), first_attempt_time = NULL,
       finish_time = NULL
     FROM unnest($4::text[], $5::text[]) AS r (directory_id, id)
     WHERE d.environment_id = $1 AND d.endpoint_id = $2 AND d.directory_id = r.directory_id AND d.id = r.id AND d.state = 'failed'`,
    [
      replay.environmentId,
      replay.endpointId,
      replay.id,
      rows.map((row) => row.directory_id),
      rows.map((row) => row.delivery_id),
    ],
  );
  return affected;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { poolOf } from '../connect-database';
import { longTransaction } from '../long-transaction';
import { retrySerialization } from '../tenant-transaction';
import type { Cell, MovedOrganization } from './cell';
import { waits } from './hold-organization';

/** Rows of one transaction: those who drain and deliver wait no longer than for a batch of their own. */
const SLICE = 1_000;
const STATEMENTS = { statementMs: 60_000, lockMs: 30_000 };

/** An attempt ends within seconds; the lease of a worker that was killed ends within half a minute. */
const LEASES_MS = 120_000;
const LOOK_MS = 100;

/**
 * Takes what waits for the workers of a cell out of their sight: first the changes of the organization, so that no new delivery follows,
 * then the pending deliveries that nobody is sending. The newest go first: what a worker does meanwhile is older than all that was taken.
 * Returns when there is neither; what is being sent is waited for. Replays and tests of an endpoint stay, and are sent from where they
 * are. Throws AppError `move_waits` when something is being sent for too long.
 * @param directoryIds all directories of the organization, bare ids
 * @param slice rows of one transaction
 */
export async function setRowsAside(
  cell: Cell,
  organization: MovedOrganization,
  directoryIds: readonly string[],
  slice = SLICE,
): Promise<void> {
  const pool = poolOf(cell.dataSource);
  const values = [organization.environmentId, organization.organizationId, directoryIds, slice];
  const move = (sql: string) =>
    retrySerialization(() =>
      longTransaction(pool, STATEMENTS, async (client) => {
        await lockCounters(client, directoryIds);
        if (sql === MOVE_DELIVERIES) await lockEndpoints(client, organization);
        return (await client.query(sql, values)).rowCount === slice;
      }),
    );
  while (await move(MOVE_CHANGES));
  for (const end = Date.now() + LEASES_MS; ;) {
    while (await move(MOVE_DELIVERIES));
    if (!(await hasWaitingRows(pool, organization, directoryIds))) return;
    if (Date.now() > end) throw waits('a delivery of it is being sent and does not end');
    await sleep(LOOK_MS);
  }
}

/** Whether workers of the cell have something to do for the organization. */
export async function hasWaitingRows(
  connection: Pool | PoolClient,
  { environmentId, organizationId }: MovedOrganization,
  directoryIds: readonly string[],
): Promise<boolean> {
  const { rows } = await connection.query(
    `SELECT FROM organizations o WHERE o.environment_id = $1 AND o.id = $2
       AND (EXISTS (SELECT FROM changes c WHERE c.directory_id = ANY ($3)) OR EXISTS (SELECT FROM ${PENDING}))`,
    [environmentId, organizationId, directoryIds],
  );
  return rows.length > 0;
}

/** One drain of a directory at a time, and nobody while its rows are moved. */
async function lockCounters(client: PoolClient, directoryIds: readonly string[]): Promise<void> {
  await client.query('SELECT FROM directory_counters WHERE directory_id = ANY ($1) ORDER BY directory_id FOR UPDATE', [
    directoryIds,
  ]);
}

/** As whoever leases deliveries or records their results does before anything else: each waits for the other, and nobody for ever. */
async function lockEndpoints(client: PoolClient, { environmentId }: MovedOrganization): Promise<void> {
  await client.query('SELECT FROM webhook_endpoint_health WHERE environment_id = $1 ORDER BY endpoint_id FOR UPDATE', [
    environmentId,
  ]);
}

/** By the index of what is pending, endpoint by endpoint: of a directory's deliveries of weeks few are. */
const PENDING = `deliveries d WHERE d.environment_id = $1 AND d.state = 'pending' AND d.directory_id = ANY ($3)
  AND d.endpoint_id = ANY (ARRAY(SELECT e.id FROM webhook_endpoints e WHERE e.environment_id = $1)) AND d.replay_id IS NULL AND NOT d.test`;

const MOVE_CHANGES = `
  WITH moved AS (
    DELETE FROM changes c USING (SELECT n.directory_id, n.id FROM changes n WHERE n.directory_id = ANY ($3) ORDER BY n.id DESC LIMIT $4) n
    WHERE c.directory_id = n.directory_id AND c.id = n.id RETURNING c.*)
  INSERT INTO moving_rows (environment_id, organization_id, kind, "row") SELECT $1, $2, 'change', to_jsonb(m) FROM moved m`;

/** With the event's bytes, which are not in the other cell. What was claimed meanwhile stays. */
const MOVE_DELIVERIES = `
  WITH moved AS (
    DELETE FROM deliveries x USING (SELECT d.directory_id, d.id FROM ${PENDING} AND (d.claimed_until IS NULL OR d.claimed_until <= now())
      ORDER BY d.sequence DESC NULLS LAST LIMIT $4) n
    WHERE x.directory_id = n.directory_id AND x.id = n.id AND x.state = 'pending' AND (x.claimed_until IS NULL OR x.claimed_until <= now())
    RETURNING x.*)
  INSERT INTO moving_rows (environment_id, organization_id, kind, "row")
  SELECT $1, $2, 'delivery', to_jsonb(m) || jsonb_build_object('claimed_until', NULL, 'body', coalesce(m.body, e.body))
  FROM moved m LEFT JOIN events e ON e.directory_id = m.directory_id AND e.id = m.event_id`;

/**
 * Hands what was set aside to the workers of the cell that the rows are in: changes under their own ids, behind which every later one of the
 * cell comes, and deliveries, with bytes of their own unless their event is in the cell. In the caller's transaction.
 */
export async function releaseRows(
  client: PoolClient,
  { environmentId, organizationId }: MovedOrganization,
): Promise<void> {
  const values = [environmentId, organizationId];
  await client.query(
    `INSERT INTO changes OVERRIDING SYSTEM VALUE SELECT r.* FROM moving_rows m, jsonb_populate_record(NULL::changes, m."row") r
     WHERE m.environment_id = $1 AND m.organization_id = $2 AND m.kind = 'change'`,
    values,
  );
  // A delivery that was put off behind another one is due when that one ends, which nobody would tell it here.
  await client.query(
    `INSERT INTO deliveries SELECT r.*
     FROM moving_rows m LEFT JOIN events e ON e.directory_id = m."row" ->> 'directory_id' AND e.id = m."row" ->> 'event_id',
     LATERAL jsonb_populate_record(NULL::deliveries, m."row" || jsonb_build_object(
       'body', CASE WHEN e.id IS NULL THEN m."row" -> 'body' END,
       'next_attempt_time', CASE WHEN (m."row" ->> 'attempt')::integer = 0
         THEN least((m."row" ->> 'next_attempt_time')::timestamptz, ulid_time(m."row" ->> 'id'))
         ELSE (m."row" ->> 'next_attempt_time')::timestamptz END)) r
     WHERE m.environment_id = $1 AND m.organization_id = $2 AND m.kind = 'delivery'`,
    values,
  );
  await client.query('DELETE FROM moving_rows WHERE environment_id = $1 AND organization_id = $2', values);
}

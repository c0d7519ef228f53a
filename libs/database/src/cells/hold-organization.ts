import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { AppError } from '@rollcall/platform';
import { poolOf } from '../connect-database';
import { longTransaction } from '../long-transaction';
import type { Cell, MovedOrganization } from './cell';

/** Statements of the processes end within 18 s, and so does a transaction that stands still; a snapshot that is read may take longer. */
const TRANSACTIONS_MS = 60_000;
const ERASURES_MS = 60_000;
const LOOK_MS = 100;
const LOCK_MS = 10_000;

/** When an organization is deleted that is only held: nobody deletes one then. */
export const HELD = `'infinity'::timestamptz`;

/**
 * Keeps the organization's cell from taking anything for it: to requests that an ingress has let through before it knew, the organization is one
 * that was deleted. Returns when all that was begun before has come to its end. Throws AppError `move_waits` when that takes too long.
 */
export async function holdOrganization(cell: Cell, organization: MovedOrganization): Promise<void> {
  await longTransaction(poolOf(cell.dataSource), { statementMs: LOCK_MS, lockMs: LOCK_MS }, (client) =>
    client.query(
      `UPDATE organizations SET deleted_time = ${HELD} WHERE environment_id = $1 AND id = $2 AND deleted_time IS NULL`,
      [organization.environmentId, organization.organizationId],
    ),
  );
  await outwaitTransactions(cell);
}

/** Has the organization be there again, unless it was deleted while an ingress did not know yet that it was to be held. */
export async function endHold(client: ClientBase, { environmentId, organizationId }: MovedOrganization): Promise<void> {
  await client.query(
    `UPDATE organizations SET deleted_time = NULL WHERE environment_id = $1 AND id = $2 AND deleted_time = ${HELD}`,
    [environmentId, organizationId],
  );
}

/** Waits for the transactions that others have begun: those that come later find what is committed by now. */
async function outwaitTransactions({ name, dataSource }: Cell): Promise<void> {
  const read = async (among: readonly string[] | null) => {
    const rows = await dataSource.query<{ id: string }[]>(TRANSACTIONS, [among]);
    return rows.map(({ id }) => id);
  };
  let before = await read(null);
  for (const end = Date.now() + TRANSACTIONS_MS; before.length > 0; before = await read(before)) {
    if (Date.now() > end) throw waits(`a transaction that was begun before in cell ${name} does not end`);
    await sleep(LOOK_MS);
  }
}

/** By what a transaction locks from its beginning; the owner's, such as a backup, answer no request. */
const TRANSACTIONS = `
  SELECT l.virtualtransaction AS id FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'virtualxid' AND l.granted AND a.datname = current_database() AND a.usename <> session_user
    AND ($1::text[] IS NULL OR l.virtualtransaction = ANY ($1))`;

/**
 * Returns when the feed shows all that the directories have published, which it does not while an older transaction is under way: their
 * next events come from the other cell. Throws AppError `move_waits` when that takes too long.
 */
export async function outwaitFeed({ name, dataSource }: Cell, directoryIds: readonly string[]): Promise<void> {
  const isShown = async () => (await dataSource.query<{ shown: boolean }[]>(SHOWN, [directoryIds]))[0]?.shown;
  for (const end = Date.now() + TRANSACTIONS_MS; !(await isShown());) {
    if (Date.now() > end) throw waits(`a transaction in cell ${name} that is older than its last event does not end`);
    await sleep(LOOK_MS);
  }
}

const SHOWN = `
  SELECT coalesce(max(n.transaction_id), 0) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    + (SELECT coalesce(max(i.transaction_offset), 0) FROM installation i) AS shown
  FROM unnest($1::text[]) AS d (id), LATERAL (
    SELECT e.transaction_id FROM events e WHERE e.directory_id = d.id ORDER BY e.sequence DESC LIMIT 1) n`;

/**
 * Returns when no erasure of the organization is under way. Throws AppError `move_waits` when that takes too long.
 */
export async function outwaitErasures(cell: Cell, organization: MovedOrganization): Promise<void> {
  for (const end = Date.now() + ERASURES_MS; await hasErasures(cell, organization);) {
    if (Date.now() > end) throw waits('an erasure of it is not finished');
    await sleep(LOOK_MS);
  }
}

/** Whether something of the organization is being erased. */
export async function hasErasures(
  { dataSource }: Cell,
  { environmentId, organizationId }: MovedOrganization,
): Promise<boolean> {
  const rows = await dataSource.query<unknown[]>(
    `SELECT FROM erasures WHERE environment_id = $1 AND organization_id = $2 AND state <> 'finished' LIMIT 1`,
    [environmentId, organizationId],
  );
  return rows.length > 0;
}

/** The refusal to wait any longer, after which the move is begun again or given up. */
export function waits(why: string): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'move_waits',
    message: `The move does not go on: ${why}. SCIM of the organization is refused until the same command is run again and finishes, or until it is run with --abort.`,
  });
}

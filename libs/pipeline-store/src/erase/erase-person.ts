import type { EntityManager } from 'typeorm';
import type { ErasureCounts } from '@rollcall/contract';
import type { Erasure } from '@rollcall/database';
import { runStatement } from '@rollcall/database';
import { lockCounter } from '../drain/lock-counter';
import { eraseRequests } from './erase-requests';
import type { ErasureStep } from './erasure-step';

/** Events that one step redacts: an event may have 256 kB. */
const EVENTS = 100;

/** Steps before the events: the log of requests, up to the names in this event. */
const REQUESTS = /^requests (\d+)$/;

/** Rows of a person beside the events, by the column that names the user. The resource itself went with the user's deletion. */
const TABLES: readonly [table: string, column: string][] = [
  ['deprovisionings', 'user_id'],
  ['published_memberships', 'user_id'],
  ['published_users', 'id'],
  ['search_terms', 'id'],
  ['memberships', 'member_id'],
  ['directory_user_emails', 'user_id'],
  ['directory_users', 'id'],
];

interface ErasedRow {
  last_sequence: string | null;
  in_flight: boolean;
  events: string;
  delivery_attempts: string;
  unresolved_members: string;
}

/**
 * Redacts the next events of a deleted user, and last removes what else is kept. Waits until the deletion has been published, so
 * that receivers hear of it, and until nothing is being sent as it was, since an answer may repeat what it was sent.
 */
export async function erasePersonStep(manager: EntityManager, erasure: Erasure): Promise<ErasureStep> {
  const { directoryId, userId, position } = erasure;
  await runStatement(manager, `SELECT set_config('rollcall.directory_id', $1, true)`, [directoryId]);
  if (position === '' && (await isPending(manager, directoryId, userId))) {
    return { outcome: 'waiting', counts: {}, position };
  }
  const after = position === '' ? '0' : REQUESTS.exec(position)?.[1];
  if (after === undefined) return eraseEvents(manager, erasure, position, {});
  const { erased, next } = await eraseRequests(manager, directoryId, userId, after);
  const counts = { scim_requests: erased };
  if (next !== null) return { outcome: 'more', counts, position: `requests ${next}` };
  return eraseEvents(manager, erasure, '', counts);
}

async function eraseEvents(
  manager: EntityManager,
  { environmentId, directoryId, userId }: Erasure,
  position: string,
  before: ErasureCounts,
): Promise<ErasureStep> {
  const [after, again] = readPosition(position);
  const { rows } = await runStatement<ErasedRow>(manager, 'SELECT * FROM erase_person_events($1, $2, $3, $4, $5)', [
    environmentId,
    directoryId,
    userId,
    after,
    EVENTS,
  ]);
  const [row] = rows;
  if (!row) throw new Error('The erasure is not under way.');
  const counts = {
    ...before,
    events: Number(row.events),
    delivery_attempts: Number(row.delivery_attempts),
    unresolved_members: Number(row.unresolved_members),
  };
  const isNew = counts.events + counts.delivery_attempts > 0;
  const waits = again || isNew || row.in_flight;
  if (row.last_sequence !== null) return { outcome: 'more', counts, position: `${row.last_sequence} ${waits}` };
  await removeRows(manager, directoryId, userId);
  return { outcome: waits ? 'waiting' : 'done', counts, position: '' };
}

/** The last number that was looked at, and whether another pass has to follow. */
function readPosition(position: string): [after: string, again: boolean] {
  const [after = '0', again] = position === '' ? [] : position.split(' ');
  return [after, again === 'true'];
}

/**
 * Whether changes of the user are still to be drained or decided about. Those that cannot be normalized would wait for ever, and keep those that
 * follow waiting: they go, since the user's deletion has overtaken them.
 */
async function isPending(manager: EntityManager, directoryId: string, userId: string): Promise<boolean> {
  await lockCounter(manager, directoryId);
  const { rows } = await runStatement<{ users_delta: number }>(
    manager,
    `DELETE FROM changes WHERE directory_id = $1 AND resource_id = $2 AND kind = 'user_written' AND set_aside_time IS NOT NULL
     RETURNING users_delta`,
    [directoryId, userId],
  );
  const delta = rows.reduce((sum, row) => sum + row.users_delta, 0);
  if (delta !== 0) {
    await runStatement(
      manager,
      'UPDATE directory_counters SET total_users = total_users + $2 WHERE directory_id = $1',
      [directoryId, delta],
    );
  }
  const left = await runStatement(
    manager,
    `SELECT 1 FROM changes WHERE directory_id = $1 AND resource_id = $2
     UNION ALL SELECT 1 FROM held_users WHERE directory_id = $1 AND user_id = $2 LIMIT 1`,
    [directoryId, userId],
  );
  return left.rows.length > 0;
}

async function removeRows(manager: EntityManager, directoryId: string, userId: string): Promise<void> {
  for (const [table, column] of TABLES) {
    await runStatement(manager, `DELETE FROM ${table} WHERE directory_id = $1 AND ${column} = $2`, [
      directoryId,
      userId,
    ]);
  }
}

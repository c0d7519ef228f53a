import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { AppError, publicId } from '@rollcall/platform';
import { poolOf } from '../connect-database';
import { OWN_VERSION, readDatabaseVersion } from '../database-version';
import { longTransaction } from '../long-transaction';
import { retrySerialization } from '../tenant-transaction';
import type { Cell, MovedOrganization } from './cell';
import { copyOrganization } from './copy-organization';
import { endHold, hasErasures, holdOrganization, outwaitErasures, outwaitFeed } from './hold-organization';
import { leaveOrganization } from './leave-organization';
import { beginArriving, beginLeaving, readPlacement, settlePlacement } from './placements';
import type { LeavingOrganization, Placement } from './placements';
import { readDirectoryIds } from './read-directories';
import { hasWaitingRows, releaseRows, setRowsAside } from './set-rows-aside';

/** What is done next, in this order. `abort` stands for all of giving up. */
export type MoveStep = 'refuse' | 'hold' | 'set_aside' | 'copy' | 'switch' | 'leave' | 'release' | 'settle' | 'abort';

export interface MoveRequest {
  readonly control: DataSource;
  /** Where the organization is, as `readPlacement` says, or where a move that was cut off had got to. */
  readonly placement: Placement;
  readonly from: Cell;
  readonly to: Cell;
  /** How long it takes until every ingress has seen that the organization leaves. */
  readonly noticeMs?: number;
  /** Is told of each step before it is done. */
  readonly onStep?: (step: MoveStep) => void | Promise<void>;
  /** Is told of each table that had rows when it is copied. */
  readonly onTable?: (table: string, rows: number) => void;
}

export interface MoveReport {
  /** Rows that were copied; 0 when an earlier try had copied them. */
  readonly rows: number;
  /** For how long the organization's requests were refused, those of an earlier try included. */
  readonly refusedMs: number;
}

/** Ingresses read placements again each second. */
const NOTICE_MS = 3_000;
const STATEMENTS = { statementMs: 60_000, lockMs: 30_000 };

/**
 * Moves an organization with all that belongs to it from one cell to another, whose configuration is that of the control cell. Its requests are refused meanwhile; the numbers of its events
 * go on, what was published stays where it is, and what waits to be published or delivered is so from the other cell. A move that was
 * cut off is finished by another call with the placement as it then is, whichever step it had come to. Throws AppError `move_refused` before
 * anything is done, `move_waits` when it stands still, and what a statement throws.
 */
export async function moveOrganization(request: MoveRequest): Promise<MoveReport> {
  const { control, placement, from, to, onStep = () => undefined } = request;
  return alone(control, placement, async () => {
    let rows = 0;
    if (placement.state !== 'arriving') {
      await refuseUnfit(request);
      await onStep('refuse');
      await beginLeaving(control, placement, to.name);
      await sleep(request.noticeMs ?? NOTICE_MS);
      await outwaitErasures(from, placement);
      await onStep('hold');
      await holdOrganization(from, placement);
      rows = await takeAcross(request);
    }
    await onStep('leave');
    await leaveOrganization(from, placement);
    await onStep('release');
    await longTransaction(poolOf(to.dataSource), STATEMENTS, (client) => releaseRows(client, placement));
    await onStep('settle');
    return { rows, refusedMs: await settlePlacement(control, placement) };
  });
}

/**
 * Gives a move up that has not come to its point of no return: everything is where it was, and the organization is served again. Throws
 * AppError `move_refused` when there is nothing to give up any more.
 */
export async function abortMove(request: MoveRequest): Promise<MoveReport> {
  const { control, placement, from, to, onStep = () => undefined } = request;
  if (placement.state !== 'leaving') {
    throw refused(
      placement.state === 'settled'
        ? 'it is not being moved'
        : `all of it is in cell ${placement.cell} already: run the command without --abort, which finishes it`,
    );
  }
  return alone(control, placement, async () => {
    await onStep('abort');
    await leaveOrganization(to, placement);
    await longTransaction(poolOf(from.dataSource), STATEMENTS, async (client) => {
      await releaseRows(client, placement);
      await endHold(client, placement);
    });
    await onStep('settle');
    return { rows: 0, refusedMs: await settlePlacement(control, placement) };
  });
}

/** The copy, up to the point of no return. Something may have come to wait since rows were set aside: then it begins anew. */
async function takeAcross(request: MoveRequest): Promise<number> {
  const { placement, from, onStep = () => undefined } = request;
  for (;;) {
    await onStep('set_aside');
    const directoryIds = await readDirectoryIds(poolOf(from.dataSource), placement);
    await setRowsAside(from, placement, directoryIds);
    await outwaitFeed(from, directoryIds);
    await onStep('copy');
    const copied = await retrySerialization(() =>
      longTransaction(
        poolOf(from.dataSource),
        { statementMs: 0, lockMs: 30_000, isolation: 'REPEATABLE READ' },
        (source) => copyAndSwitch(source, request),
      ),
    );
    if (copied !== null) return copied;
  }
}

/** The rows of the organization's own are locked until the switch: nothing that a worker does to them by itself is lost. */
async function copyAndSwitch(source: PoolClient, request: MoveRequest): Promise<number | null> {
  const { control, placement, to, onTable, onStep = () => undefined } = request;
  await source.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  const leaving = await lockOwnRows(source, placement);
  const directoryIds = leaving.directories.map(({ directoryId }) => directoryId);
  if (await hasWaitingRows(source, placement, directoryIds)) return null;
  const rows = await copyOrganization(source, to, placement, directoryIds, onTable);
  await onStep('switch');
  await beginArriving(control, { ...placement, otherCell: to.name }, leaving);
  return rows;
}

async function lockOwnRows(
  source: PoolClient,
  { environmentId, organizationId }: MovedOrganization,
): Promise<LeavingOrganization> {
  const values = [environmentId, organizationId];
  const { rows: organizations } = await source.query<{ name: string }>(
    'SELECT display_name AS name FROM organizations WHERE environment_id = $1 AND id = $2 FOR UPDATE',
    values,
  );
  const { rows } = await source.query<{ directory_id: string; last_sequence: string }>(
    `SELECT c.directory_id, c.last_sequence FROM directories d JOIN directory_counters c ON c.directory_id = d.id
     WHERE d.environment_id = $1 AND d.organization_id = $2 ORDER BY d.id FOR UPDATE`,
    values,
  );
  await source.query(
    `SELECT FROM directory_secrets WHERE environment_id = $1 AND directory_id = ANY ($2) ORDER BY directory_id, id FOR UPDATE`,
    [environmentId, rows.map(({ directory_id: id }) => id)],
  );
  const directories = rows.map((row) => ({ directoryId: row.directory_id, lastSequence: row.last_sequence }));
  return { name: organizations[0]?.name ?? '', directories };
}

/** One move of an organization at a time. */
async function alone<T>(control: DataSource, placement: Placement, work: () => Promise<T>): Promise<T> {
  const client = await poolOf(control).connect();
  const lock = [`rollcall.move ${placement.organizationId}`];
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock(hashtext($1)) AS locked', lock);
  try {
    if (!rows[0]?.locked) throw refused('another process is moving it at the moment');
    await refuseOutdated(control, placement);
    return await work();
  } finally {
    await client.query('SELECT pg_advisory_unlock(hashtext($1))', lock).catch(() => undefined);
    // What it may still hold, after a failure, ends with the session.
    client.release(true);
  }
}

/** Another process may have moved it on between the reading of the placement and the lock: what it left is no source any more. */
async function refuseOutdated(control: DataSource, placement: Placement): Promise<void> {
  const present = await readPlacement(control, placement.organizationId);
  const { cell, state, otherCell } = placement;
  if (present?.cell === cell && present.state === state && present.otherCell === otherCell) return;
  throw refused('another process has moved it on meanwhile: run the command again');
}

async function refuseUnfit({ placement, from, to }: MoveRequest): Promise<void> {
  const { environmentId, organizationId, state } = placement;
  if (from.name === to.name) throw refused(`it lives in cell ${to.name} already`);
  for (const cell of [from, to]) await refuseOtherVersion(cell);
  const own = [environmentId, organizationId];
  const alive = 'SELECT FROM organizations WHERE environment_id = $1 AND id = $2 AND deleted_time IS NULL';
  if (state === 'settled' && (await from.dataSource.query<unknown[]>(alive, own)).length === 0) {
    throw refused(`cell ${from.name} has no such organization`);
  }
  const isErased = (await hasErasures(from, placement)) || (await hasErasures(to, placement));
  if (state === 'settled' && isErased) {
    throw refused('something of it is being erased: move it when the erasure is finished');
  }
  const environment = 'SELECT FROM environments WHERE id = $1';
  if ((await to.dataSource.query<unknown[]>(environment, [environmentId])).length === 0) {
    throw refused(`cell ${to.name} does not know the environment ${publicId('env', environmentId)} yet`);
  }
}

/** Rows are copied as they are: both cells have the tables that this program knows. */
async function refuseOtherVersion({ name, dataSource }: Cell): Promise<void> {
  const version = (await readDatabaseVersion(dataSource))?.version ?? 0;
  if (version !== OWN_VERSION.version) {
    throw refused(
      `cell ${name} is at database version ${version} and this Rollcall at ${OWN_VERSION.version}: bring every cell to the same one first ("npm run rollcall -- migrate")`,
    );
  }
}

/** Why an organization is not moved, or a move not given up. */
export function refused(why: string): AppError {
  return new AppError({
    kind: 'conflict',
    code: 'move_refused',
    message: `The organization is not moved: ${why}.`,
  });
}

import type { EntityManager } from 'typeorm';
import type { DeprovisionGuard } from '@rollcall/events';
import { NOTHING_HELD } from '@rollcall/directory';
import type { HoldState } from '@rollcall/directory';
import { prepared } from '@rollcall/database';

/** The counter row of a directory, locked. */
export interface LockedCounter {
  lastSequence: number;
  epoch: number;
  totalUsers: number;
  guard: DeprovisionGuard | null;
  deprovisioning: HoldState;
}

/** Locks the counter row until the end of the transaction: one drain, and one decision, of a directory at a time. */
export async function lockCounter(manager: EntityManager, directoryId: string): Promise<LockedCounter> {
  const [row] = await manager.query<CounterRow[]>(LOCK, [directoryId]);
  return readCounter(row);
}

/** The same without waiting: null while somebody else has the lock. */
export async function lockFreeCounter(manager: EntityManager, directoryId: string): Promise<LockedCounter | null> {
  const [row] = await manager.query<CounterRow[]>(LOCK_FREE, [directoryId]);
  return row ? readCounter(row) : null;
}

interface CounterRow {
  last_sequence: string;
  epoch: string;
  total_users: string;
  deprovision_guard: DeprovisionGuard | null;
  deprovisioning: HoldState | null;
}

const COUNTER = `SELECT last_sequence, epoch, total_users, deprovision_guard, deprovisioning FROM directory_counters
  WHERE directory_id = $1`;
const LOCK = prepared(`${COUNTER} FOR UPDATE`);
const LOCK_FREE = prepared(`${COUNTER} FOR UPDATE SKIP LOCKED`);

function readCounter(row: CounterRow | undefined): LockedCounter {
  return {
    lastSequence: Number(row?.last_sequence ?? 0),
    epoch: Number(row?.epoch ?? 1),
    totalUsers: Number(row?.total_users ?? 0),
    guard: row?.deprovision_guard ?? null,
    deprovisioning: row?.deprovisioning ?? NOTHING_HELD,
  };
}

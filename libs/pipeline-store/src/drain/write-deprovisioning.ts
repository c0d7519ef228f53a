import type { EntityManager } from 'typeorm';
import type { HoldState } from '@rollcall/directory';
import type { DeprovisioningWrites, NormalizedBatch } from '@rollcall/events';
import type { LockedCounter } from './lock-counter';

/** The counter row's part of what a batch changed of the deprovision guard; null when that stays. */
export function storeDeprovisioning(
  { deprovisioning: { windowId } }: LockedCounter,
  writes: DeprovisioningWrites | null,
): HoldState | null {
  if (!writes) return null;
  const { hold, counts } = writes;
  return { windowId, hold: hold && { id: hold.id, since: hold.since.toISOString() }, counts };
}

/** Writes which users are held, what changed of them, whom the window counts and how far decisions got. All set-wise. */
export async function writeDeprovisioning(
  manager: EntityManager,
  directoryId: string,
  counter: LockedCounter,
  { deprovisioning: writes, consumedChangeIds }: NormalizedBatch,
): Promise<void> {
  if (!writes) return;
  await writeHeldUsers(manager, directoryId, writes.users);
  await writeHeldMemberships(manager, directoryId, writes.memberships);
  await writeWindow(manager, directoryId, counter, writes.window);
  for (const { changeId, users } of writes.progress) {
    const finished = consumedChangeIds.includes(changeId);
    await manager.query(
      `UPDATE deprovisioning_jobs SET done = done + $3, state = CASE WHEN $4 THEN 'finished' ELSE 'running' END,
         finish_time = CASE WHEN $4 THEN now() END
       WHERE directory_id = $1 AND change_id = $2`,
      [directoryId, changeId, users, finished],
    );
  }
}

async function writeHeldUsers(
  manager: EntityManager,
  directoryId: string,
  { upserts, deletes }: DeprovisioningWrites['users'],
): Promise<void> {
  if (deletes.length > 0) {
    await manager.query('DELETE FROM held_users WHERE directory_id = $1 AND user_id = ANY ($2)', [
      directoryId,
      deletes,
    ]);
  }
  if (upserts.length === 0) return;
  await manager.query(
    `INSERT INTO held_users (directory_id, user_id, hold_id, resource, held_time)
     SELECT $1, u.* FROM unnest($2::text[], $3::bigint[], $4::jsonb[], $5::timestamptz[]) AS u
     ON CONFLICT (directory_id, user_id)
       DO UPDATE SET hold_id = excluded.hold_id, resource = excluded.resource, held_time = excluded.held_time`,
    [
      directoryId,
      upserts.map(({ userId }) => userId),
      upserts.map(({ holdId }) => holdId),
      upserts.map(({ resource }) => resource && JSON.stringify(resource)),
      upserts.map(({ heldTime }) => heldTime),
    ],
  );
}

async function writeHeldMemberships(
  manager: EntityManager,
  directoryId: string,
  { userIds, rows }: DeprovisioningWrites['memberships'],
): Promise<void> {
  if (userIds.length === 0) return;
  await manager.query('DELETE FROM held_memberships WHERE directory_id = $1 AND user_id = ANY ($2)', [
    directoryId,
    userIds,
  ]);
  if (rows.length === 0) return;
  await manager.query(
    `INSERT INTO held_memberships (directory_id, user_id, group_id, is_member)
     SELECT $1, m.* FROM unnest($2::text[], $3::text[], $4::boolean[]) AS m`,
    [
      directoryId,
      rows.map(({ userId }) => userId),
      rows.map(({ groupId }) => groupId),
      rows.map(({ isMember }) => isMember),
    ],
  );
}

/** Rows that no later window can hold go on the way: those of earlier windows, and those that the window has passed. */
async function writeWindow(
  manager: EntityManager,
  directoryId: string,
  { guard, deprovisioning: { windowId } }: LockedCounter,
  { adds, removes }: DeprovisioningWrites['window'],
): Promise<void> {
  if (removes.length > 0) {
    await manager.query('DELETE FROM deprovisionings WHERE directory_id = $1 AND user_id = ANY ($2)', [
      directoryId,
      removes,
    ]);
  }
  if (adds.length === 0 || guard === null) return;
  const first = Math.min(...adds.map(({ time }) => time.getTime()));
  await manager.query(
    'DELETE FROM deprovisionings WHERE directory_id = $1 AND (window_id < $2 OR (window_id = $2 AND time <= $3))',
    [directoryId, windowId, new Date(first - guard.windowSeconds * 1_000)],
  );
  await manager.query(
    `INSERT INTO deprovisionings (directory_id, window_id, user_id, time, deleted)
     SELECT $1, $2, d.* FROM unnest($3::text[], $4::timestamptz[], $5::boolean[]) AS d
     ON CONFLICT (directory_id, user_id)
       DO UPDATE SET window_id = excluded.window_id, time = excluded.time, deleted = excluded.deleted`,
    [
      directoryId,
      windowId,
      adds.map(({ userId }) => userId),
      adds.map(({ time }) => time),
      adds.map(({ deleted }) => deleted),
    ],
  );
}

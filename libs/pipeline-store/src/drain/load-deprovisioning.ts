import type { EntityManager } from 'typeorm';
import { cutSlice } from '@rollcall/events';
import type {
  BatchLimits,
  CanonicalResource,
  DeprovisioningDecided,
  DeprovisioningState,
  HeldUser,
  RequiredState,
  UserSlice,
} from '@rollcall/events';
import { hasHeldUsers } from '@rollcall/directory';
import type { BatchBounds } from './batch-bounds';

/**
 * Loads what the deprovision guard needs for some changes; undefined, without a query, where it is off and nobody is held.
 * @param userIds the users that the changes touch
 */
export async function loadDeprovisioning(
  manager: EntityManager,
  directoryId: string,
  { counter: { totalUsers, guard, deprovisioning }, limits }: BatchBounds,
  { decisions, deprovisionedAt }: RequiredState,
  userIds: readonly string[],
): Promise<DeprovisioningState | undefined> {
  const { hold, counts, windowId } = deprovisioning;
  if (guard === null && !hasHeldUsers(deprovisioning) && decisions.length === 0) return undefined;
  const slices = new Map<string, UserSlice>();
  for (const decision of decisions) slices.set(decision.id, await loadSlice(manager, directoryId, decision, limits));
  const [firstAt] = deprovisionedAt;
  const counting = guard !== null && hold === null && firstAt !== undefined;
  return {
    guard,
    totalUsers,
    hold: hold && { id: hold.id, since: new Date(hold.since) },
    counts,
    window: counting
      ? await loadWindow(manager, directoryId, windowId, new Date(firstAt.getTime() - guard.windowSeconds * 1_000))
      : [],
    held: hasHeldUsers(deprovisioning)
      ? await loadHeld(manager, directoryId, [...userIds, ...[...slices.values()].flatMap((slice) => slice.userIds)])
      : new Map(),
    slices,
  };
}

/** Nobody when the directory is deleted: `directory_deleted` stands for all its users. */
async function loadSlice(
  manager: EntityManager,
  directoryId: string,
  { holdId }: DeprovisioningDecided,
  limits: BatchLimits,
): Promise<UserSlice> {
  const rows = await manager.query<{ id: string; bytes: number }[]>(
    `SELECT h.user_id AS id, coalesce(octet_length(u.data), 0) AS bytes FROM held_users h
     LEFT JOIN published_users u ON u.directory_id = h.directory_id AND u.id = h.user_id
     JOIN directory_counters c ON c.directory_id = h.directory_id
     JOIN directories d ON d.environment_id = c.environment_id AND d.id = c.directory_id AND d.deleted_time IS NULL
     WHERE h.directory_id = $1 AND h.hold_id = $2 ORDER BY h.user_id LIMIT $3`,
    [directoryId, holdId, limits.slice + 1],
  );
  return cutSlice(rows, limits);
}

async function loadWindow(
  manager: EntityManager,
  directoryId: string,
  windowId: string,
  after: Date,
): Promise<DeprovisioningState['window']> {
  const rows = await manager.query<{ user_id: string; time: Date; deleted: boolean }[]>(
    `SELECT user_id, time, deleted FROM deprovisionings
     WHERE directory_id = $1 AND window_id = $2 AND time > $3 ORDER BY time`,
    [directoryId, windowId, after],
  );
  return rows.map(({ user_id: userId, time, deleted }) => ({ userId, time, deleted }));
}

async function loadHeld(
  manager: EntityManager,
  directoryId: string,
  userIds: readonly string[],
): Promise<Map<string, HeldUser>> {
  const rows = await manager.query<
    {
      user_id: string;
      hold_id: string | null;
      resource: CanonicalResource | null;
      held_time: Date;
      memberships: Record<string, boolean> | null;
    }[]
  >(
    `SELECT h.user_id, h.hold_id, h.resource, h.held_time, m.memberships FROM held_users h, LATERAL (
       SELECT jsonb_object_agg(m.group_id, m.is_member) AS memberships FROM held_memberships m
       WHERE m.directory_id = h.directory_id AND m.user_id = h.user_id) m
     WHERE h.directory_id = $1 AND h.user_id = ANY ($2)`,
    [directoryId, userIds],
  );
  return new Map(
    rows.map(({ user_id: userId, hold_id: holdId, resource, held_time: heldTime, memberships }) => [
      userId,
      { holdId, resource, heldTime, memberships: new Map(Object.entries(memberships ?? {})) },
    ]),
  );
}

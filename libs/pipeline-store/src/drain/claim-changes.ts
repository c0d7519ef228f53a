import type { EntityManager } from 'typeorm';
import type { HoldAction } from '@rollcall/contract';
import { SET_ASIDE_MS } from '@rollcall/events';
import type { Change, DirectoryFacts, DirectoryLifecycle } from '@rollcall/events';
import { AppError } from '@rollcall/platform';

/** Rows and weight of one batch: what a drain loads and writes in one transaction stays a few megabytes. */
const ROWS_MAX = 500;
const WEIGHT_MAX = 2_000;

interface ChangeRow {
  id: string;
  kind: Change['kind'];
  resource_id: string;
  resource: Record<string, unknown> | null;
  added: string[] | null;
  removed: string[] | null;
  occurred_at: Date;
  users_delta: number;
  groups_delta: number;
}

/** A change with what it does to the directory's counts when it is consumed. */
export interface ClaimedChange {
  change: Change;
  usersDelta: number;
  groupsDelta: number;
}

/**
 * The next changes of a directory in id order, under the drain's lock. A row that was set aside is tried again after
 * SET_ASIDE_MS; until then later changes of its resource wait.
 */
export async function claimChanges(manager: EntityManager, directoryId: string): Promise<ClaimedChange[]> {
  const rows = await manager.query<ChangeRow[]>(
    `SELECT w.* FROM (
       SELECT c.*, sum(c.weight) OVER (ORDER BY c.id) AS total_weight, row_number() OVER (ORDER BY c.id) AS position FROM (
         SELECT ch.id, ch.kind, ch.resource_id, ch.resource, ch.added, ch.removed, ch.occurred_at, ch.users_delta, ch.groups_delta,
           CASE ch.kind WHEN 'members_changed' THEN cardinality(ch.added) + cardinality(ch.removed)
             WHEN 'group_deleted' THEN 500 WHEN 'rules_changed' THEN 500 WHEN 'deprovisioning_decided' THEN 500 ELSE 1 END AS weight
         FROM changes ch
         WHERE ch.directory_id = $1
           AND (ch.set_aside_time IS NULL OR ch.set_aside_time < now() - $2 * interval '1 millisecond')
           AND NOT EXISTS (SELECT 1 FROM changes s WHERE s.directory_id = ch.directory_id AND s.resource_id = ch.resource_id
             AND s.id < ch.id AND s.set_aside_time >= now() - $2 * interval '1 millisecond')
         ORDER BY ch.id LIMIT ${ROWS_MAX}
       ) c
     ) w WHERE w.total_weight <= ${WEIGHT_MAX} OR w.position = 1 ORDER BY w.id`,
    [directoryId, SET_ASIDE_MS],
  );
  return rows.map((row) => ({
    change: readChange(row),
    usersDelta: row.users_delta,
    groupsDelta: row.groups_delta,
  }));
}

function readChange(row: ChangeRow): Change {
  const base = { id: row.id, resourceId: row.resource_id, occurredAt: row.occurred_at };
  switch (row.kind) {
    case 'user_written':
    case 'group_written':
      return { ...base, kind: row.kind, resource: row.resource ?? {} };
    case 'user_deleted':
    case 'group_deleted':
      return { ...base, kind: row.kind };
    case 'members_changed':
      return { ...base, kind: row.kind, added: row.added ?? [], removed: row.removed ?? [] };
    case 'rules_changed':
      return { id: row.id, occurredAt: row.occurred_at, kind: row.kind };
    case 'deprovisioning_decided':
      return { id: row.id, occurredAt: row.occurred_at, kind: row.kind, ...readDecision(row) };
    case 'directory_written':
      return { id: row.id, occurredAt: row.occurred_at, kind: row.kind, ...readDirectoryChange(row.resource) };
    default:
      row.kind satisfies never;
      throw new AppError({
        kind: 'internal',
        code: 'unknown_change_kind',
        message: 'A change was written by a newer Rollcall; start that version for the worker too.',
        internal: row.kind,
      });
  }
}

/** The `resource` of a deprovisioning_decided row, as the management API stores it. */
export interface StoredDecision {
  action: HoldAction;
  /** Absent: the users who were given the id of this row as their hold. */
  hold_id?: string;
}

function readDecision({ id, resource }: ChangeRow): { action: HoldAction; holdId: string } {
  const { action, hold_id: holdId = id } = resource as unknown as StoredDecision;
  return { action, holdId };
}

/** The `resource` of a directory_written row, as the management API stores it. */
interface StoredDirectoryChange {
  lifecycle: DirectoryLifecycle;
  directory: {
    name: string;
    directory_type: string;
    directory_provider: string;
    enabled: boolean;
    status: DirectoryFacts['status'];
    updated_at: string;
  };
}

function readDirectoryChange(resource: unknown): { lifecycle: DirectoryLifecycle; directory: DirectoryFacts } {
  const { lifecycle, directory } = resource as StoredDirectoryChange;
  return {
    lifecycle,
    directory: {
      name: directory.name,
      directoryType: directory.directory_type,
      directoryProvider: directory.directory_provider,
      enabled: directory.enabled,
      status: directory.status,
      updatedAt: new Date(directory.updated_at),
    },
  };
}

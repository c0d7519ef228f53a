import type { EntityManager } from 'typeorm';
import type { HoldAction } from '@rollcall/contract';
import { divideMembers, SET_ASIDE_MS } from '@rollcall/events';
import type { BatchLimits, Change, DirectoryFacts, DirectoryLifecycle, MembersChanged } from '@rollcall/events';
import { prepared } from '@rollcall/database';
import { AppError } from '@rollcall/platform';

interface ChangeRow {
  id: string;
  kind: Change['kind'];
  resource_id: string;
  resource: string | null;
  added: string[] | null;
  removed: string[] | null;
  occurred_at: Date;
  users_delta: number;
  groups_delta: number;
  taken: number | null;
  request_id: string | null;
}

/** A change with what it does to the directory's counts when it is consumed. */
export interface ClaimedChange {
  change: Change;
  usersDelta: number;
  groupsDelta: number;
  /** What is left of the change when this batch takes only some of its members: it stays in the place of the whole. */
  rest: Pick<MembersChanged, 'added' | 'removed'> | null;
}

/**
 * The next changes of a directory in id order, under the drain's lock, as many as the limits of a batch allow. A row that was set
 * aside is tried again after SET_ASIDE_MS; until then later changes of its resource wait.
 */
export async function claimChanges(
  manager: EntityManager,
  directoryId: string,
  limits: BatchLimits,
): Promise<ClaimedChange[]> {
  const { changes, events, bytes, slice, sliceBytes: slice_bytes } = limits;
  const rows = await manager.query<ChangeRow[]>(CLAIM, [
    directoryId,
    SET_ASIDE_MS,
    JSON.stringify({ changes, events, bytes, slice, slice_bytes }),
  ]);
  return rows.map(readClaimed);
}

const CLAIM = prepared(`SELECT * FROM claim_next_changes($1, $2 * interval '1 millisecond', $3)`);

function readClaimed(row: ChangeRow): ClaimedChange {
  const { users_delta: usersDelta, groups_delta: groupsDelta } = row;
  const change = readChange(row);
  if (row.taken === null || change.kind !== 'members_changed') return { change, usersDelta, groupsDelta, rest: null };
  const { now, rest } = divideMembers(change, row.taken);
  return { change: now, usersDelta, groupsDelta, rest };
}

function readChange(row: ChangeRow): Change {
  const base = {
    id: row.id,
    resourceId: row.resource_id,
    occurredAt: row.occurred_at,
    requestId: row.request_id,
  };
  switch (row.kind) {
    case 'user_written':
    case 'group_written':
      return { ...base, kind: row.kind, resource: readJson(row.resource) };
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
      return {
        id: row.id,
        occurredAt: row.occurred_at,
        kind: row.kind,
        ...readDirectoryChange(readJson(row.resource)),
      };
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

function readJson(text: string | null): Record<string, unknown> {
  return JSON.parse(text ?? '{}') as Record<string, unknown>;
}

/** The `resource` of a deprovisioning_decided row, as the management API stores it. */
export interface StoredDecision {
  action: HoldAction;
  /** Absent: the users who were given the id of this row as their hold. */
  hold_id?: string;
}

function readDecision({ id, resource }: ChangeRow): { action: HoldAction; holdId: string } {
  const { action, hold_id: holdId = id } = readJson(resource) as unknown as StoredDecision;
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
    /** Of an imported one. */
    external_ids?: Record<string, string>;
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
      ...(directory.external_ids && { externalIds: directory.external_ids }),
    },
  };
}

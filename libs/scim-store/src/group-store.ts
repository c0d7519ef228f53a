import type { GroupColumns } from '@rollcall/directory';
import type { AdmittedCalls } from './admitted-calls';
import { PAGE_BYTES, readPage, readResourceRow } from './stored-resource';
import type { PageRow, ResourceRow, StoredPage } from './stored-resource';
import { toTextArray } from './to-text-array';
import { namingUnresolvedMembers } from './unresolved-members';
import { outcomeOf } from './user-store';
import type { ListPage, LoadResult, RemoveResult, UpdateResult, UpdateRow } from './user-store';

/** Attributes by which a group is found through an index of its own. */
export type GroupKey = 'displayName' | 'externalId' | 'id';

/** A group as it is to be stored, its resource as JSON text. */
export interface StorableGroup {
  resource: string;
  columns: GroupColumns;
}

/** One change of a group's members; each value is an id or the externalId of one user. */
export interface MemberStep {
  kind: 'add' | 'remove' | 'replace' | 'removeAll';
  values: readonly string[];
}

/** `uniqueness`: another group of the directory has the displayName. `members`: JSON text, when asked for. */
export interface InsertGroupResult {
  outcome: 'ok' | 'uniqueness';
  created: Date;
  members: string | null;
}

/** A write that names more members than this is a rare one, and has the time that a hundred thousand of them take. */
const MANY_MEMBERS = 1_000;
const MANY_MEMBERS_MS = 60_000;

/** What a write that names so many members may take; undefined = as any other. */
function timeFor(members: number): number | undefined {
  return members > MANY_MEMBERS ? MANY_MEMBERS_MS : undefined;
}

/**
 * Stores a new group at version 1 with its members and their change rows.
 * Throws UnresolvedMembersError in strict mode; otherwise what stays unresolved is recorded.
 */
export async function insertGroup(
  calls: AdmittedCalls,
  id: string,
  { resource, columns }: StorableGroup,
  { values, withReferences }: { values: readonly string[]; withReferences: boolean },
): Promise<InsertGroupResult> {
  const members = await calls.ownIdsOf(values);
  return namingUnresolvedMembers(
    calls.callToWrite(
      'scim_add_group',
      [id, resource, columns.displayNameKey, columns.externalId, toTextArray(members), withReferences],
      timeFor(values.length),
    ),
  );
}

/** A group, with its members when asked for, or null. */
export async function loadGroup(
  calls: AdmittedCalls,
  id: string,
  { withReferences }: { withReferences: boolean },
): Promise<LoadResult> {
  const row = await calls.callForRow<ResourceRow & { outcome: string | null; strict_mode: boolean }>('scim_get_group', [
    id,
    withReferences,
  ]);
  const { outcome, strict_mode: strictMode } = row;
  return { strictMode, stored: outcome === 'ok' ? (readResourceRow({ ...row, id }) ?? null) : null };
}

/** Groups by one exact key, in id order. `key` is folded as the column is (displayName by `foldText`). */
export async function findGroups(
  calls: AdmittedCalls,
  query: { attribute: GroupKey; key: string; offset: number; limit: number; withReferences: boolean },
): Promise<StoredPage> {
  const { attribute, key, offset, limit, withReferences } = query;
  const values = [attribute, key, offset, limit, withReferences, PAGE_BYTES];
  return readPage(await calls.call<PageRow>('scim_look_up_groups', values));
}

/** All groups in id order; see loadUsers. */
export async function loadGroups(
  calls: AdmittedCalls,
  { after, offset, limit, withReferences }: ListPage,
): Promise<StoredPage> {
  return readPage(await calls.call<PageRow>('scim_page_groups', [after, offset, limit, withReferences, PAGE_BYTES]));
}

export type WriteGroupResult = Omit<UpdateResult, 'outcome'> & { outcome: UpdateResult['outcome'] | 'unchanged' };

/**
 * Applies membership steps in order and, with a record, replaces the attributes; `expectedVersion` null = whatever it is.
 * Members are never loaded. Throws UnresolvedMembersError in strict mode.
 */
export async function writeGroup(
  calls: AdmittedCalls,
  id: string,
  write: { expectedVersion: number | null; record: StorableGroup | null; steps: readonly MemberStep[] },
): Promise<WriteGroupResult> {
  const { expectedVersion, record, steps } = write;
  const own: MemberStep[] = [];
  for (const { kind, values } of steps) own.push({ kind, values: await calls.ownIdsOf(values) });
  return namingUnresolvedMembers(
    outcomeOf(
      calls.callToWrite<UpdateRow<WriteGroupResult['outcome']>>(
        'scim_change_group',
        [
          id,
          expectedVersion,
          record?.resource ?? null,
          record?.columns.displayNameKey ?? null,
          record?.columns.externalId ?? null,
          JSON.stringify(own),
        ],
        timeFor(steps.reduce((sum, { values }) => sum + values.length, 0)),
      ),
    ),
  );
}

/** Deletes a group; the drain removes its membership rows. `expectedVersion` null = whatever it is. */
export function removeGroup(calls: AdmittedCalls, id: string, expectedVersion: number | null): Promise<RemoveResult> {
  return calls.callToWrite('scim_remove_group', [id, expectedVersion]);
}

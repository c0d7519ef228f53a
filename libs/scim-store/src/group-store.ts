import type { Pool } from 'pg';
import type { GroupColumns } from '@rollcall/directory';
import { callForRow, callFunction } from '@rollcall/database';
import type { FunctionCaller } from '@rollcall/database';
import { callerValues } from './admit-caller';
import type { Admission, ScimCaller } from './caller';
import { readPage, readResourceRow } from './stored-resource';
import type { PageRow, ResourceRow, StoredPage } from './stored-resource';
import { namingUnresolvedMembers } from './unresolved-members';
import { outcomeOf } from './user-store';
import type { DeleteResult, GetResult, ListPage, UpdateResult, UpdateRow } from './user-store';

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
export type CreateGroupResult = Admission & { outcome: 'ok' | 'uniqueness'; created: Date; members: string | null };

/**
 * Stores a new group at version 1 with its members and their change rows.
 * Throws UnresolvedMembersError in strict mode; otherwise what stays unresolved is recorded.
 */
export function createGroup(
  pool: Pool,
  caller: ScimCaller,
  id: string,
  { resource, columns }: StorableGroup,
  { values, withReferences }: { values: readonly string[]; withReferences: boolean },
): Promise<CreateGroupResult> {
  return namingUnresolvedMembers(
    callForRow(pool, 'scim_create_group', [
      ...callerValues(caller),
      id,
      resource,
      columns.displayNameKey,
      columns.externalId,
      values,
      withReferences,
    ]),
  );
}

/** A group, with its members when asked for, or null. */
export async function getGroup(
  pool: Pool,
  caller: ScimCaller,
  id: string,
  { withReferences }: { withReferences: boolean },
): Promise<GetResult> {
  const row = await callForRow<ResourceRow & { outcome: string | null; strict_mode: boolean }>(pool, 'scim_get_group', [
    ...callerValues(caller),
    id,
    withReferences,
  ]);
  const { state, touch, outcome, strict_mode: strictMode } = row;
  return { state, touch, strictMode, stored: outcome === 'ok' ? (readResourceRow({ ...row, id }) ?? null) : null };
}

/** Groups by one exact key, in id order. `key` is folded as the column is (displayName in lower case). */
export async function findGroups(
  functions: FunctionCaller,
  caller: ScimCaller,
  query: { attribute: GroupKey; key: string; offset: number; limit: number; withReferences: boolean },
): Promise<StoredPage> {
  const { attribute, key, offset, limit, withReferences } = query;
  return readPage(
    await callFunction<PageRow>(functions, 'scim_find_groups', [
      ...callerValues(caller),
      attribute,
      key,
      offset,
      limit,
      withReferences,
    ]),
  );
}

/** All groups in id order; see listUsers. */
export async function listGroups(
  pool: Pool,
  caller: ScimCaller,
  { after, offset, limit, withReferences }: ListPage,
): Promise<StoredPage> {
  return readPage(
    await callFunction<PageRow>(pool, 'scim_list_groups', [
      ...callerValues(caller),
      after,
      offset,
      limit,
      withReferences,
    ]),
  );
}

export type WriteGroupResult = Omit<UpdateResult, 'outcome'> & { outcome: UpdateResult['outcome'] | 'unchanged' };

/**
 * Applies membership steps in order and, with a record, replaces the attributes; `expectedVersion` null = whatever it is.
 * Members are never loaded. Throws UnresolvedMembersError in strict mode.
 */
export function writeGroup(
  pool: Pool,
  caller: ScimCaller,
  id: string,
  write: { expectedVersion: number | null; record: StorableGroup | null; steps: readonly MemberStep[] },
): Promise<WriteGroupResult> {
  const { expectedVersion, record, steps } = write;
  return namingUnresolvedMembers(
    outcomeOf(
      callForRow<UpdateRow<WriteGroupResult['outcome']>>(pool, 'scim_write_group', [
        ...callerValues(caller),
        id,
        expectedVersion,
        record?.resource ?? null,
        record?.columns.displayNameKey ?? null,
        record?.columns.externalId ?? null,
        JSON.stringify(steps),
      ]),
    ),
  );
}

/** Deletes a group; the drain removes its membership rows. `expectedVersion` null = whatever it is. */
export function deleteGroup(
  pool: Pool,
  caller: ScimCaller,
  id: string,
  expectedVersion: number | null,
): Promise<DeleteResult> {
  return callForRow(pool, 'scim_delete_group', [...callerValues(caller), id, expectedVersion]);
}

import type { Pool } from 'pg';
import type { UserColumns } from '@rollcall/directory';
import { sqlState, callForRow, callFunction } from '@rollcall/database';
import type { FunctionCaller } from '@rollcall/database';
import { callerValues } from './admit-caller';
import type { Admission, ScimCaller } from './caller';
import { readPage, readResourceRow } from './stored-resource';
import type { PageRow, ResourceRow, StoredPage, StoredResource } from './stored-resource';

/** Attributes by which a user is found through an index of its own. */
export type UserKey = 'userName' | 'externalId' | 'emails.value' | 'id';

/** A user as it is to be stored, its resource as JSON text. */
export interface StorableUser {
  resource: string;
  columns: UserColumns;
}

/** `uniqueness`: another user of the directory has the userName. */
export type CreateUserResult = Admission & { outcome: 'ok' | 'uniqueness'; created: Date };

/** Stores a new user at version 1 together with its change row. */
export function createUser(
  functions: FunctionCaller,
  caller: ScimCaller,
  id: string,
  { resource, columns }: StorableUser,
): Promise<CreateUserResult> {
  return callForRow(functions, 'scim_create_user', [
    ...callerValues(caller),
    id,
    resource,
    columns.userNameKey,
    columns.externalId,
    columns.displayNameKey,
    columns.active,
    columns.emailKeys,
  ]);
}

export type GetResult = Admission & { strictMode: boolean; stored: StoredResource | null };

/** A user with its group references, or null. */
export async function getUser(functions: FunctionCaller, caller: ScimCaller, id: string): Promise<GetResult> {
  const row = await callForRow<ResourceRow & { outcome: string | null; strict_mode: boolean }>(
    functions,
    'scim_get_user',
    [...callerValues(caller), id],
  );
  const { state, touch, outcome, strict_mode: strictMode } = row;
  return { state, touch, strictMode, stored: outcome === 'ok' ? (readResourceRow({ ...row, id }) ?? null) : null };
}

/** Users by one exact key, in id order. `key` is folded as the column is (userName and e-mail in lower case). */
export async function findUsers(
  functions: FunctionCaller,
  caller: ScimCaller,
  { attribute, key, offset, limit }: { attribute: UserKey; key: string; offset: number; limit: number },
): Promise<StoredPage> {
  return readPage(
    await callFunction<PageRow>(functions, 'scim_find_users', [...callerValues(caller), attribute, key, offset, limit]),
  );
}

/** All users in id order: those behind `after` ('' = from the first), `offset` of them skipped. The total is not counted. */
export async function listUsers(
  pool: Pool,
  caller: ScimCaller,
  { after, offset, limit, withReferences }: ListPage,
): Promise<StoredPage> {
  return readPage(
    await callFunction<PageRow>(pool, 'scim_list_users', [
      ...callerValues(caller),
      after,
      offset,
      limit,
      withReferences,
    ]),
  );
}

export interface ListPage {
  after: string;
  offset: number;
  limit: number;
  /** Whether the users' groups or the groups' members are wanted. */
  withReferences: boolean;
}

/** `conflict`: the user is no longer at the expected version. */
export type UpdateResult = Admission & {
  outcome: 'ok' | 'missing' | 'conflict' | 'uniqueness';
  version: number;
  lastModified: Date;
};

/** Replaces a user that is still at `expectedVersion`, together with its change row. */
export async function updateUser(
  functions: FunctionCaller,
  caller: ScimCaller,
  id: string,
  expectedVersion: number,
  { resource, columns }: StorableUser,
): Promise<UpdateResult> {
  return outcomeOf(
    callForRow<UpdateRow>(functions, 'scim_update_user', [
      ...callerValues(caller),
      id,
      expectedVersion,
      resource,
      columns.userNameKey,
      columns.externalId,
      columns.displayNameKey,
      columns.active,
      columns.emailKeys,
    ]),
  );
}

export type UpdateRow<Outcome extends string = UpdateResult['outcome']> = Admission & {
  outcome: Outcome;
  version: number;
  last_modified: Date;
};

/** A unique key taken by another resource undoes the whole call; that is an outcome, not a failure. */
export async function outcomeOf<Outcome extends string>(
  call: Promise<UpdateRow<Outcome>>,
): Promise<Admission & { outcome: Outcome | 'uniqueness'; version: number; lastModified: Date }> {
  try {
    const { last_modified: lastModified, ...row } = await call;
    return { ...row, lastModified };
  } catch (error) {
    if (sqlState(error) !== '23505') throw error;
    return { state: 'ok', touch: false, outcome: 'uniqueness', version: 0, lastModified: new Date(0) };
  }
}

/** `conflict` only with an expected version. */
export type DeleteResult = Admission & { outcome: 'ok' | 'missing' | 'conflict' };

/** Deletes a user and its memberships; `expectedVersion` null = whatever it is. */
export function deleteUser(
  pool: Pool,
  caller: ScimCaller,
  id: string,
  expectedVersion: number | null,
): Promise<DeleteResult> {
  return callForRow(pool, 'scim_delete_user', [...callerValues(caller), id, expectedVersion]);
}

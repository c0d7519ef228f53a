import type { UserColumns } from '@rollcall/directory';
import { sqlState } from '@rollcall/database';
import type { AdmittedCalls } from './admitted-calls';
import { PAGE_BYTES, readPage, readResourceRow } from './stored-resource';
import type { PageRow, ResourceRow, StoredPage, StoredResource } from './stored-resource';

/** Attributes by which a user is found through an index of its own. */
export type UserKey = 'userName' | 'externalId' | 'emails.value' | 'id';

/** A user as it is to be stored, its resource as JSON text. */
export interface StorableUser {
  resource: string;
  columns: UserColumns;
}

/** `uniqueness`: another user of the directory has the userName. */
export interface InsertUserResult {
  outcome: 'ok' | 'uniqueness';
  created: Date;
  managerName: string | null;
}

/** Stores a new user at version 1 together with its change row. */
export async function insertUser(
  calls: AdmittedCalls,
  id: string,
  { resource, columns }: StorableUser,
): Promise<InsertUserResult> {
  type Row = Omit<InsertUserResult, 'managerName'> & { manager_name: string | null };
  const { manager_name: managerName, ...row } = await calls.callToWrite<Row>('scim_add_user', [
    id,
    resource,
    columns.userNameKey,
    columns.externalId,
    columns.displayNameKey,
    columns.active,
    columns.emailKeys,
  ]);
  return { ...row, managerName };
}

export interface LoadResult {
  strictMode: boolean;
  stored: StoredResource | null;
}

/** A user as it is stored, with its group references and the name of its manager, or null. */
export async function loadUser(calls: AdmittedCalls, id: string): Promise<LoadResult> {
  const row = await calls.callForRow<ResourceRow & { outcome: string | null; strict_mode: boolean }>('scim_load_user', [
    id,
  ]);
  const { outcome, strict_mode: strictMode } = row;
  return { strictMode, stored: outcome === 'ok' ? (readResourceRow({ ...row, id }) ?? null) : null };
}

/** Users by one exact key, in id order. `key` is folded as the column is (userName and e-mail by `foldText`). */
export async function findUsers(
  calls: AdmittedCalls,
  { attribute, key, offset, limit }: { attribute: UserKey; key: string; offset: number; limit: number },
): Promise<StoredPage> {
  return readPage(await calls.call<PageRow>('scim_find_users', [attribute, key, offset, limit]));
}

/** All users in id order: those behind `after` ('' = from the first), `offset` of them skipped. The total is not counted. */
export async function loadUsers(
  calls: AdmittedCalls,
  { after, offset, limit, withReferences }: ListPage,
): Promise<StoredPage> {
  return readPage(await calls.call<PageRow>('scim_page_users', [after, offset, limit, withReferences, PAGE_BYTES]));
}

export interface ListPage {
  after: string;
  offset: number;
  limit: number;
  /** Whether the users' groups or the groups' members are wanted. */
  withReferences: boolean;
}

/** `conflict`: the user is no longer at the expected version. */
export interface UpdateResult {
  outcome: 'ok' | 'missing' | 'conflict' | 'uniqueness';
  version: number;
  lastModified: Date;
  /** Of a user: as `StoredResource` has it. */
  managerName?: string | null;
}

/** Replaces a user that is still at `expectedVersion`, together with its change row. */
export async function updateUser(
  calls: AdmittedCalls,
  id: string,
  expectedVersion: number,
  { resource, columns }: StorableUser,
): Promise<UpdateResult> {
  return outcomeOf(
    calls.callToWrite<UpdateRow>('scim_change_user', [
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

export type UpdateRow<Outcome extends string = UpdateResult['outcome']> = {
  outcome: Outcome;
  version: number;
  last_modified: Date;
  manager_name?: string | null;
};

/** A unique key taken by another resource undoes the whole call; that is an outcome, not a failure. */
export async function outcomeOf<Outcome extends string>(
  call: Promise<UpdateRow<Outcome>>,
): Promise<{ outcome: Outcome | 'uniqueness'; version: number; lastModified: Date; managerName?: string | null }> {
  try {
    const { last_modified: lastModified, manager_name: managerName = null, ...row } = await call;
    return { ...row, lastModified, managerName };
  } catch (error) {
    if (sqlState(error) !== '23505') throw error;
    return { outcome: 'uniqueness', version: 0, lastModified: new Date(0) };
  }
}

/** `conflict` only with an expected version. */
export interface RemoveResult {
  outcome: 'ok' | 'missing' | 'conflict';
}

/** Deletes a user and its memberships; `expectedVersion` null = whatever it is. */
export function removeUser(calls: AdmittedCalls, id: string, expectedVersion: number | null): Promise<RemoveResult> {
  return calls.callToWrite('scim_remove_user', [id, expectedVersion]);
}

export { AdmittedCalls, NotAdmitted } from './admitted-calls';
export type { CallConnection } from './admitted-calls';
export { findDirectorySecret, touchSecrets } from './secrets';
export { UnresolvedMembersError } from './unresolved-members';
export type { CallerState, ScimCaller } from './caller';
export { createCallGatherer, GATHERING_POOL } from './gather-calls';
export { insertGroup, removeGroup, findGroups, loadGroup, loadGroups, writeGroup } from './group-store';
export type { InsertGroupResult, GroupKey, MemberStep, StorableGroup, WriteGroupResult } from './group-store';
export { LEARNED_ATTRIBUTES_MAX, learnAttributes, listLearnedAttributes } from './learned-attributes';
export { groupTable, userTable } from './resource-table';
export type { ResourceTable } from './resource-table';
export { searchResources } from './search-resources';
export type { ResourceSearch } from './search-resources';
export type { StoredPage, StoredResource } from './stored-resource';
export { insertUser, removeUser, findUsers, loadUser, loadUsers, updateUser } from './user-store';
export type {
  InsertUserResult,
  RemoveResult,
  LoadResult,
  ListPage,
  StorableUser,
  UpdateResult,
  UserKey,
} from './user-store';

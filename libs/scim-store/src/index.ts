export { admitCaller, findDirectorySecret, touchSecrets } from './admit-caller';
export { UnresolvedMembersError } from './unresolved-members';
export type { Admission, CallerState, ScimCaller } from './caller';
export { createCallGatherer, GATHERING_POOL } from './gather-calls';
export { createGroup, deleteGroup, findGroups, getGroup, listGroups, writeGroup } from './group-store';
export type { CreateGroupResult, GroupKey, MemberStep, StorableGroup, WriteGroupResult } from './group-store';
export { LEARNED_ATTRIBUTES_MAX, learnAttributes, listLearnedAttributes } from './learned-attributes';
export { groupTable, userTable } from './resource-table';
export type { ResourceTable } from './resource-table';
export { searchResources } from './search-resources';
export type { ResourceSearch } from './search-resources';
export type { StoredPage, StoredResource } from './stored-resource';
export { createUser, deleteUser, findUsers, getUser, listUsers, updateUser } from './user-store';
export type {
  CreateUserResult,
  DeleteResult,
  GetResult,
  ListPage,
  StorableUser,
  UpdateResult,
  UserKey,
} from './user-store';

export { changeGroup } from './change-group';
export type { GroupColumns, GroupRecord } from './change-group';
export { changeUser } from './change-user';
export type { UserColumns, UserRecord } from './change-user';

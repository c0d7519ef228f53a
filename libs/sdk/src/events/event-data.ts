import type { DirectoryGroup, DirectoryStatus, DirectoryUser } from '../portal-types';

/** A body above 256 kB carries `raw_attributes: null`, and this beside it. */
interface RawAttributes {
  raw_attributes: Record<string, unknown> | null;
  raw_attributes_omitted?: true;
}

/** `data` of a user event: the whole normalized user after the change, every key always present. */
export interface UserData
  extends Omit<DirectoryUser, 'create_time' | 'update_time' | 'raw_attributes'>, RawAttributes {}

/** `data` of a group event: the whole normalized group after the change, its members left out. */
export interface GroupData
  extends Omit<DirectoryGroup, 'create_time' | 'update_time' | 'raw_attributes'>, RawAttributes {}

/** A user as `group_members_changed` names it. */
export interface MemberReference {
  id: string;
  email: string | null;
  dp_id: string | null;
}

/** `data` of `group_members_changed`: the group after the change, and who came and went (500 in all at most). */
export interface GroupMembersChangedData {
  group: GroupData;
  added: MemberReference[];
  removed: MemberReference[];
}

/** `data` of an event of the directory itself. */
export interface DirectoryData {
  id: string;
  organization_id: string;
  name: string;
  directory_type: string;
  directory_provider: string;
  /** The same as `directory_provider`. */
  provider: string;
  enabled: boolean;
  status: DirectoryStatus;
  updated_at: string;
}

/** The old value of each top-level key that changed; null for what was absent. Never `raw_attributes`. */
export type PreviousAttributes<Data> = {
  [Key in Exclude<keyof Data, keyof RawAttributes>]?: Data[Key] | null;
};

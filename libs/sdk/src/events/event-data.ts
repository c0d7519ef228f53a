import type {
  GroupData as PublishedGroup,
  GroupMembersChangedData as PublishedMembersChange,
  UserData as PublishedUser,
} from '@rollcall/contract';
export type { DirectoryData, MemberReference } from '@rollcall/contract';

/** A body above 256 kB carries `raw_attributes: null`, and this beside it. */
interface RawAttributes {
  raw_attributes: Record<string, unknown> | null;
  raw_attributes_omitted?: true;
}

/** `data` of a user event: the whole normalized user after the change, every key always present. */
export interface UserData extends Omit<PublishedUser, 'raw_attributes'>, RawAttributes {}

/** `data` of a group event: the whole normalized group after the change, its members left out. */
export interface GroupData extends Omit<PublishedGroup, 'raw_attributes'>, RawAttributes {}

/** `data` of `group_members_changed`: the group after the change, and who came and went (500 in all at most). */
export interface GroupMembersChangedData extends Omit<PublishedMembersChange, 'group'> {
  group: GroupData;
}

/** The `data` of an event as it arrives. */
export type Arrived<Data> = Data extends PublishedUser
  ? UserData
  : Data extends PublishedGroup
    ? GroupData
    : Data extends PublishedMembersChange
      ? GroupMembersChangedData
      : Data;

/** The old value of each top-level key that changed; null for what was absent. Never `raw_attributes`. */
export type PreviousAttributes<Data> = {
  [Key in Exclude<keyof Data, keyof RawAttributes>]?: Data[Key] | null;
};

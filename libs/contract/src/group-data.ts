const text = null as string | null;

/** A group of which nothing is known: every normalized field, and with it the type of `GroupData`. */
export const EMPTY_GROUP = {
  id: '',
  organization_id: '',
  directory_id: '',
  dp_id: text,
  external_id: text,
  display_name: text,
  total_users: 0,
  raw_attributes: {} as Record<string, unknown>,
};

type GroupFields = typeof EMPTY_GROUP;

/** `data` of a `DirectoryGroup` event except `group_members_changed`: the whole normalized group, its members left out. */
export interface GroupData extends GroupFields {
  /** Its ids at services that it was imported from; absent where there is none. */
  external_ids?: Record<string, string>;
}

/** A user as `group_members_changed` names it. */
export interface MemberReference {
  id: string;
  email: string | null;
  dp_id: string | null;
  /** As the user's own events have them. */
  external_ids?: Record<string, string>;
}

/** `data` of `group_members_changed`: the group after the change and who came and went, 500 in all at most. */
export interface GroupMembersChangedData {
  group: GroupData;
  added: MemberReference[];
  removed: MemberReference[];
}

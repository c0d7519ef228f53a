import type {
  DirectoryData,
  GroupData,
  GroupMembersChangedData,
  MemberReference,
  PreviousAttributes,
  UserData,
} from '@rollcall/contract';
import type { DirectoryWritten, Membership } from './change';
import { diffAttributes } from './diff-attributes';
import type { GroupOfUser } from './normalize-user';
import type { WorkingState } from './working-state';

interface DraftOf<Type extends string, Data extends object> {
  type: Type;
  /** Bare id of the user, group or directory. */
  resourceId: string;
  data: Data;
  previousAttributes?: PreviousAttributes;
}

/** An event without number and id. What it says is what becomes published. */
export type Draft =
  | DraftOf<`organization.directory.user_${'created' | 'updated' | 'deleted'}`, UserData>
  | DraftOf<`organization.directory.group_${'created' | 'updated' | 'deleted'}`, GroupData>
  | DraftOf<'organization.directory.group_members_changed', GroupMembersChangedData>
  | DraftOf<`organization.directory_${DirectoryWritten['lifecycle']}`, DirectoryData>;

/** What one change comes to. */
export interface Outcome {
  drafts: Draft[];
  membershipAdds: Membership[];
  membershipRemoves: Membership[];
}

export function draftUserUpdated(userId: string, published: UserData, data: UserData): Draft[] {
  const previousAttributes = diffAttributes(published, data);
  if (previousAttributes === null) return [];
  return [{ type: 'organization.directory.user_updated', resourceId: userId, data, previousAttributes }];
}

export function draftMembers(
  groupId: string,
  group: GroupData,
  { added, removed }: { added: readonly UserData[]; removed: readonly UserData[] },
): Draft {
  return {
    type: 'organization.directory.group_members_changed',
    resourceId: groupId,
    data: {
      group: { ...group, total_users: group.total_users + added.length - removed.length },
      added: added.map(referToMember),
      removed: removed.map(referToMember),
    },
  };
}

function referToMember({ id, email, dp_id, external_ids }: UserData): MemberReference {
  return { id, email, dp_id, ...(external_ids && { external_ids }) };
}

/** The published ones of some groups, with the names that they were published with and the ids that they were imported with. */
export function groupsOf(state: WorkingState, groupIds: readonly string[]): GroupOfUser[] {
  return groupIds.flatMap((id) => {
    const group = state.group(id);
    if (group === undefined) return [];
    const { display_name: name, external_ids } = group;
    return [{ id, name, ...(external_ids && { external_ids }) }];
  });
}

export function outcome(drafts: Draft[], memberships: Partial<Outcome> = {}): Outcome {
  return { membershipAdds: [], membershipRemoves: [], ...memberships, drafts };
}

import type { GroupData, UserData } from '@rollcall/contract';
import { publicId } from '@rollcall/platform';
import type {
  Change,
  DeprovisioningDecided,
  DirectoryWritten,
  GroupDeleted,
  GroupWritten,
  MembersChanged,
  MemberSlice,
  NormalizeContext,
  UserDeleted,
  UserSlice,
  UserWritten,
} from './change';
import { diffAttributes } from './diff-attributes';
import { draftMembers, draftUserUpdated, groupsOf, outcome } from './draft';
import type { Draft, Outcome } from './draft';
import { draftCatchUp } from './draft-catch-up';
import type { WaitingUser } from './draft-catch-up';
import type { Holds } from './holds';
import { keepExternalIds } from './keep-external-ids';
import { normalizeDirectory } from './normalize-directory';
import { normalizeGroup } from './normalize-group';
import { applyRules } from './apply-rules';
import { normalizeUser, regroupUser } from './normalize-user';
import type { WorkingState } from './working-state';

/** What is known while a change is being normalized. */
export interface DraftInput {
  state: WorkingState;
  context: NormalizeContext;
  /** Who waits for a decision of the owner: what is published of them stays. */
  holds: Holds;
  /**
   * Of a `group_deleted`: the members to take leave of this time; of a `rules_changed`: the users to apply them to; of a
   * `deprovisioning_decided`: the held users to carry it out on.
   */
  slice: MemberSlice | UserSlice | undefined;
}

/**
 * Drafts the events of one change by comparing it with what has been published; nothing when it changes nothing.
 * @throws Error when the change does not fit what has been published, or cannot be read
 */
export function draftEvents(change: Change, input: DraftInput): Outcome {
  switch (change.kind) {
    case 'user_written':
      return draftUserWritten(change, input);
    case 'user_deleted':
      return draftUserDeleted(change, input);
    case 'group_written':
      return draftGroupWritten(change, input);
    case 'members_changed':
      return draftMembersChanged(change, input);
    case 'group_deleted':
      return draftGroupDeleted(change, input);
    case 'directory_written':
      return draftDirectoryWritten(change, input);
    case 'rules_changed':
      return draftRulesChanged(input);
    case 'deprovisioning_decided':
      return draftDecided(change, input);
  }
}

function draftUserWritten({ resourceId: userId, resource, externalIds }: UserWritten, input: DraftInput): Outcome {
  const { state, context, holds } = input;
  const held = holds.find(userId);
  if (held) return draftCatchUp([{ userId, resource, memberships: held.memberships }], state, context);
  const published = state.user(userId) ?? null;
  const groups = groupsOf(state, state.groupIdsOf(userId));
  const surroundings = { userId, groups, published, managerOf: (id: string) => state.managerOf(id) };
  const imported = published ?? { external_ids: externalIds };
  const data = keepExternalIds(imported, normalizeUser(resource, surroundings, context));
  if (published !== null) return outcome(draftUserUpdated(userId, published, data));
  // A user who joined groups while an earlier change of theirs was set aside is announced to those groups only now.
  const joined = groups.map(({ id }) => draftMembers(id, requireGroup(state, id), { added: [data], removed: [] }));
  return outcome([{ type: 'organization.directory.user_created', resourceId: userId, data }, ...joined]);
}

function draftUserDeleted({ resourceId: userId }: UserDeleted, { state }: DraftInput): Outcome {
  const groupIds = state.groupIdsOf(userId);
  const membershipRemoves = groupIds.map((groupId) => ({ userId, groupId }));
  const data = state.user(userId);
  if (data === undefined) return outcome([], { membershipRemoves });
  const left = groupsOf(state, groupIds).map(({ id }) =>
    draftMembers(id, requireGroup(state, id), { added: [], removed: [data] }),
  );
  const drafts: Draft[] = [{ type: 'organization.directory.user_deleted', resourceId: userId, data }, ...left];
  return outcome(drafts, { membershipRemoves });
}

function draftGroupWritten(change: GroupWritten, { state, context }: DraftInput): Outcome {
  const { resourceId: groupId, resource, externalIds } = change;
  const published = state.group(groupId);
  const facts = { groupId, totalUsers: published?.total_users ?? 0 };
  const imported = published ?? { external_ids: externalIds };
  const data = keepExternalIds(imported, normalizeGroup(resource, facts, context));
  if (published === undefined) {
    return outcome([{ type: 'organization.directory.group_created', resourceId: groupId, data }]);
  }
  const previousAttributes = diffAttributes(published, data);
  if (previousAttributes === null) return outcome([]);
  return outcome([{ type: 'organization.directory.group_updated', resourceId: groupId, data, previousAttributes }]);
}

function draftMembersChanged(change: MembersChanged, { state, context, holds }: DraftInput): Outcome {
  const { resourceId: groupId } = change;
  const group = requireGroup(state, groupId);
  const added = change.added.filter((userId) => !holds.isWaiting(userId));
  const removed = change.removed.filter((userId) => !change.added.includes(userId) && !holds.isWaiting(userId));
  const joining = new Set(added.filter((userId) => !state.isMember({ userId, groupId })));
  const leaving = new Set(removed.filter((userId) => state.isMember({ userId, groupId })));
  const updates = [
    ...[...joining].flatMap((id) => draftRegrouped(id, [...state.groupIdsOf(id), groupId].toSorted(), state, context)),
    ...[...leaving].flatMap((id) => draftRegrouped(id, without(state.groupIdsOf(id), groupId), state, context)),
  ];
  const moves = { added: publishedUsers(state, joining), removed: publishedUsers(state, leaving) };
  const announced = moves.added.length + moves.removed.length > 0 ? [draftMembers(groupId, group, moves)] : [];
  return outcome([...announced, ...updates], {
    membershipAdds: [...joining].map((userId) => ({ userId, groupId })),
    membershipRemoves: [...leaving].map((userId) => ({ userId, groupId })),
  });
}

function draftGroupDeleted({ resourceId: groupId }: GroupDeleted, input: DraftInput): Outcome {
  const { state, context, holds, slice } = input;
  const data = state.group(groupId);
  const leaving = (slice?.userIds ?? []).filter((userId) => state.isMember({ userId, groupId }));
  // What is published of a user who waits names the group until the user's next event.
  const told = leaving.filter((userId) => !holds.isWaiting(userId));
  const updates = told.flatMap((id) => draftRegrouped(id, without(state.groupIdsOf(id), groupId), state, context));
  // In a later slice the group is not published any more, and has been announced as deleted.
  const deleted: Draft[] = data ? [{ type: 'organization.directory.group_deleted', resourceId: groupId, data }] : [];
  return outcome([...deleted, ...updates], {
    membershipRemoves: leaving.map((userId) => ({ userId, groupId })),
  });
}

function draftDirectoryWritten({ lifecycle, directory }: DirectoryWritten, { context }: DraftInput): Outcome {
  const data = normalizeDirectory(directory, context);
  return outcome([{ type: `organization.directory_${lifecycle}`, resourceId: context.directoryId, data }]);
}

function draftRulesChanged({ state, context, slice }: DraftInput): Outcome {
  return outcome((slice?.userIds ?? []).flatMap((userId) => draftReruled(userId, state, context)));
}

/** Users of a hold that the owner decided about: what a release publishes of them; of a discard nothing. */
function draftDecided({ action }: DeprovisioningDecided, { state, context, holds, slice }: DraftInput): Outcome {
  if (action === 'discard') return outcome([]);
  const users: WaitingUser[] = (slice?.userIds ?? []).flatMap((userId) => {
    const held = holds.find(userId);
    return held ? [{ userId, resource: held.resource, memberships: held.memberships }] : [];
  });
  return draftCatchUp(users, state, context);
}

/** The update of a user whom the rules give something else now. Like every event of a user it brings the groups' new names. */
function draftReruled(userId: string, state: WorkingState, context: NormalizeContext): Draft[] {
  const published = state.user(userId);
  if (published === undefined) return [];
  const groups = groupsOf(state, state.groupIdsOf(userId));
  const groupIds = groups.map(({ id }) => id);
  if (diffAttributes(published, applyRules(published, groupIds, context.rules)) === null) return [];
  const regrouped = regroupUser(published, groups, context.rules);
  return draftUserUpdated(userId, published, applyRules(regrouped, groupIds, context.rules));
}

/** The update of a user who is in other groups now; none for one who is not published, or a group as a member. */
function draftRegrouped(
  userId: string,
  groupIds: readonly string[],
  state: WorkingState,
  context: NormalizeContext,
): Draft[] {
  const published = state.user(userId);
  if (published === undefined) return [];
  return draftUserUpdated(userId, published, regroupUser(published, groupsOf(state, groupIds), context.rules));
}

function publishedUsers(state: WorkingState, userIds: Iterable<string>): UserData[] {
  return [...userIds].flatMap((userId) => state.user(userId) ?? []);
}

function requireGroup(state: WorkingState, groupId: string): GroupData {
  const group = state.group(groupId);
  if (group === undefined) throw new Error(`The group ${publicId('dirgroup', groupId)} has not been published.`);
  return group;
}

function without(groupIds: readonly string[], groupId: string): string[] {
  return groupIds.filter((id) => id !== groupId);
}

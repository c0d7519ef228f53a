import type { UserData } from '@rollcall/contract';
import type { CanonicalResource, Membership, NormalizeContext } from './change';
import { draftMembers, draftUserUpdated, groupsOf, outcome } from './draft';
import type { Draft, Outcome } from './draft';
import { keepExternalIds } from './keep-external-ids';
import { normalizeUser } from './normalize-user';
import type { WorkingState } from './working-state';

/** A user whose changes have waited, as it is now. */
export interface WaitingUser {
  userId: string;
  /** null: deleted. */
  resource: CanonicalResource | null;
  /** Memberships that changed meanwhile, by group id: whether the user is a member now. */
  memberships: ReadonlyMap<string, boolean>;
}

/**
 * Drafts what takes published users to what they are now: one event for each user whom that changes, then one for each group
 * that any of them joined or left. A group that is published no more is neither joined nor left.
 * @param users published ones, at most 500
 */
export function draftCatchUp(users: readonly WaitingUser[], state: WorkingState, context: NormalizeContext): Outcome {
  const moves = new Map<string, { added: UserData[]; removed: UserData[] }>();
  const movesOf = (groupId: string) => {
    const known = moves.get(groupId) ?? { added: [], removed: [] };
    moves.set(groupId, known);
    return known;
  };
  const drafts: Draft[] = [];
  const membershipAdds: Membership[] = [];
  const membershipRemoves: Membership[] = [];
  for (const user of users) {
    const { userId, resource } = user;
    const published = state.user(userId);
    if (published === undefined) continue;
    const before = state.groupIdsOf(userId);
    const after = resource === null ? [] : currentGroupIds(user, before, state);
    const data =
      resource === null
        ? null
        : keepExternalIds(published, normalizeUser(resource, surroundings(userId, after, state), context));
    if (data === null)
      drafts.push({ type: 'organization.directory.user_deleted', resourceId: userId, data: published });
    else drafts.push(...draftUserUpdated(userId, published, data));
    for (const groupId of without(after, before)) {
      movesOf(groupId).added.push(data ?? published);
      membershipAdds.push({ userId, groupId });
    }
    for (const groupId of without(before, after)) {
      movesOf(groupId).removed.push(data ?? published);
      membershipRemoves.push({ userId, groupId });
    }
  }
  const moved = [...moves]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([groupId, move]) => {
      const group = state.group(groupId);
      return group === undefined ? [] : [draftMembers(groupId, group, move)];
    });
  return outcome([...drafts, ...moved], { membershipAdds, membershipRemoves });
}

function currentGroupIds({ memberships }: WaitingUser, before: readonly string[], state: WorkingState): string[] {
  const changed = [...memberships].filter(([groupId, isMember]) => !isMember || state.group(groupId) !== undefined);
  const joined = changed.flatMap(([groupId, isMember]) => (isMember ? [groupId] : []));
  const left = changed.flatMap(([groupId, isMember]) => (isMember ? [] : [groupId]));
  return [...new Set([...without(before, left), ...joined])].toSorted();
}

function surroundings(userId: string, groupIds: readonly string[], state: WorkingState) {
  return {
    userId,
    groups: groupsOf(state, groupIds),
    published: state.user(userId) ?? null,
    managerOf: (id: string) => state.managerOf(id),
  };
}

function without(groupIds: readonly string[], others: readonly string[]): string[] {
  return groupIds.filter((id) => !others.includes(id));
}

import type { Change, DeprovisioningDecided } from './change';
import { isActive, readManagerId } from './normalize-user';

/** What has to be loaded before changes can be normalized, as bare ids without repeats. */
export interface RequiredState {
  /** Users whose published object and group ids are needed; the members of the slices come in addition. */
  userIds: string[];
  /** Users whose published name is needed, because they are managers of others. */
  managerIds: string[];
  /** Groups whose published object is needed; the groups of all these users come in addition. */
  groupIds: string[];
  /** Groups of which the next slice of members is needed. */
  deletedGroupIds: string[];
  /** `rules_changed` rows of which the next slice of users is needed, by change id. */
  rulesChangeIds: string[];
  /** `deprovisioning_decided` rows of which the next slice of held users is needed. */
  decisions: DeprovisioningDecided[];
  /** When users may lose their access, earliest first; the window is needed if there is any. */
  deprovisionedAt: Date[];
}

/** Names what of the published state `normalizeChanges` needs for some changes. */
export function requiredState(changes: readonly Change[]): RequiredState {
  const userIds = new Set<string>();
  const managerIds = new Set<string>();
  const groupIds = new Set<string>();
  const deletedGroupIds = new Set<string>();
  const rulesChangeIds: string[] = [];
  const decisions: DeprovisioningDecided[] = [];
  const deprovisionedAt: Date[] = [];
  for (const change of changes) {
    if (change.kind === 'user_written' || change.kind === 'user_deleted') userIds.add(change.resourceId);
    const managerId = change.kind === 'user_written' ? readManagerId(change.resource) : null;
    if (managerId !== null) managerIds.add(managerId);
    if (change.kind === 'group_written' || change.kind === 'group_deleted') groupIds.add(change.resourceId);
    if (change.kind === 'group_deleted') deletedGroupIds.add(change.resourceId);
    if (mayEndAccess(change)) deprovisionedAt.push(change.occurredAt);
    if (change.kind === 'deprovisioning_decided') decisions.push(change);
    if (change.kind === 'rules_changed') rulesChangeIds.push(change.id);
    if (change.kind === 'members_changed') {
      groupIds.add(change.resourceId);
      for (const userId of change.added) userIds.add(userId);
      for (const userId of change.removed) userIds.add(userId);
    }
  }
  return {
    userIds: [...userIds],
    managerIds: [...managerIds],
    groupIds: [...groupIds],
    deletedGroupIds: [...deletedGroupIds],
    rulesChangeIds,
    decisions,
    deprovisionedAt: deprovisionedAt.toSorted((a, b) => a.getTime() - b.getTime()),
  };
}

function mayEndAccess(change: Change): boolean {
  return change.kind === 'user_deleted' || (change.kind === 'user_written' && !isActive(change.resource));
}

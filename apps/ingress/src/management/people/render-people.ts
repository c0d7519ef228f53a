import { compileRules, normalizeGroup, normalizeUser } from '@rollcall/events';
import type { AssignmentRules, NormalizeContext } from '@rollcall/events';
import type { DirectoryScope, GroupRow, UserRow } from '@rollcall/management';
import type { GroupItem, UserItem } from './people.dto';

/** What the users of a directory are normalized with: compiled once for all users of a page. */
export function userContext(scope: DirectoryScope, rules: AssignmentRules): NormalizeContext {
  return { ...scope, rules: compileRules(rules) };
}

/** A stored user as its events would show it, with times; `raw_attributes` and `user_detail` only in detail. */
export function renderUser(row: UserRow, context: NormalizeContext, detail = false): UserItem {
  const published = row.is_published
    ? { email: row.published_email, preferred_username: row.published_username }
    : null;
  const { raw_attributes, ...data } = normalizeUser(
    row.resource,
    { userId: row.id, groups: row.groups, published, managerOf: () => ({ name: row.manager_name }) },
    context,
  );
  const user = { ...data, ...renderIds(row), ...renderTimes(row) };
  return {
    ...user,
    groups: user.groups.map((group) => ({ ...group, display_name: group.name })),
    updated_at: user.update_time,
    // Its raw attributes stand beside it: once more, they would be most of an answer.
    ...(detail && { raw_attributes, user_detail: user }),
  };
}

/** A stored group likewise, with `group_detail`; rules do not concern it. */
export function renderGroup(row: GroupRow, scope: DirectoryScope, detail = false): GroupItem {
  const facts = { groupId: row.id, totalUsers: Number(row.total_users) };
  const { raw_attributes, ...data } = normalizeGroup(row.resource, facts, scope);
  const group = { ...data, ...renderIds(row), ...renderTimes(row) };
  return { ...group, updated_at: group.update_time, ...(detail && { raw_attributes, group_detail: group }) };
}

function renderIds({ external_ids }: Pick<UserRow | GroupRow, 'external_ids'>) {
  return external_ids ? { external_ids } : {};
}

function renderTimes({ created, last_modified }: { created: Date; last_modified: Date }) {
  return { create_time: created.toISOString(), update_time: last_modified.toISOString() };
}

import type { ScimResource } from '@rollcall/scim';

/** A row of the outbox, as far as it tells what a directory holds. */
export interface ChangeRow {
  kind: string;
  resource_id: string;
  resource: ScimResource | null;
  added: string[] | null;
  removed: string[] | null;
}

/** What a directory holds. */
export interface DirectoryState {
  users: Map<string, ScimResource>;
  groups: Map<string, ScimResource>;
  /** `group member`, for members that exist. */
  memberships: string[];
}

/** What a directory holds after its changes, in order: the consumers of the outbox know nothing else. */
export function replayChanges(changes: readonly ChangeRow[]): DirectoryState {
  const [users, groups] = [new Map<string, ScimResource>(), new Map<string, ScimResource>()];
  const members = new Map<string, Set<string>>();
  for (const { kind, resource_id: id, resource, added, removed } of changes) {
    if (kind === 'user_written') users.set(id, resource ?? {});
    else if (kind === 'group_written') groups.set(id, resource ?? {});
    else if (kind === 'user_deleted') users.delete(id);
    else if (kind === 'group_deleted') groups.delete(id);
    else if (kind === 'members_changed') {
      const held = members.get(id) ?? new Set();
      for (const member of removed ?? []) held.delete(member);
      for (const member of added ?? []) held.add(member);
      members.set(id, held);
    } else throw new Error(`unknown change ${kind}`);
  }
  const memberships = [...members].flatMap(([group, held]) =>
    groups.has(group)
      ? [...held].filter((member) => users.has(member) || groups.has(member)).map((member) => `${group} ${member}`)
      : [],
  );
  return { users, groups, memberships: memberships.toSorted() };
}

import type { EventType, UserData } from '@rollcall/contract';
import { resolveRoles } from '@rollcall/events';
import type { NormalizedBatch, NormalizedEvent } from '@rollcall/events';

/** When each kind of traffic was first published in a batch; null: it was not. */
export interface Firsts {
  user: Date | null;
  group: Date | null;
  member: Date | null;
  /** A user came with a role that the provider gave them. */
  role: Date | null;
  /** A user lost access: made inactive or deleted. */
  deactivation: Date | null;
}

const OF_USERS: ReadonlySet<string> = new Set<EventType>([
  'organization.directory.user_created',
  'organization.directory.user_updated',
]);

/** What tells an admin how far the setup of the identity provider has come. */
export function findFirsts({
  events,
  users,
  memberships,
}: Pick<NormalizedBatch, 'events' | 'users' | 'memberships'>): Firsts {
  const inactive = new Set(users.upserts.filter(({ data }) => !data.active).map(({ id }) => id));
  const first = (type: EventType, matches: (event: NormalizedEvent) => boolean = () => true) =>
    events.find((event) => event.type === type && matches(event))?.occurredAt;
  const withRole = new Set(users.upserts.filter(({ data }) => hasSentRole(data)).map(({ id }) => id));
  const added = memberships.adds.length > 0;
  return {
    user: first('organization.directory.user_created') ?? null,
    group: first('organization.directory.group_created') ?? null,
    member: (added ? first('organization.directory.group_members_changed') : undefined) ?? null,
    role: events.find(({ type, resourceId }) => OF_USERS.has(type) && withRole.has(resourceId))?.occurredAt ?? null,
    deactivation:
      first('organization.directory.user_updated', ({ resourceId }) => inactive.has(resourceId)) ??
      first('organization.directory.user_deleted') ??
      null,
  };
}

/** Whether a role is the provider's own: one that a group or the default gives says nothing of what the provider sends. */
function hasSentRole({ raw_attributes: { roles } }: UserData): boolean {
  return resolveRoles(roles, [], { assignments: [], defaultRole: null }).length > 0;
}

import type { EventType } from '@rollcall/contract';
import type { NormalizedBatch, NormalizedEvent } from '@rollcall/events';

/** When each kind of traffic was first published in a batch; null: it was not. */
export interface Firsts {
  user: Date | null;
  group: Date | null;
  member: Date | null;
  /** A user lost access: made inactive or deleted. */
  deactivation: Date | null;
}

/** What tells an admin how far the setup of the identity provider has come. */
export function findFirsts({
  events,
  users,
  memberships,
}: Pick<NormalizedBatch, 'events' | 'users' | 'memberships'>): Firsts {
  const inactive = new Set(users.upserts.filter(({ data }) => !data.active).map(({ id }) => id));
  const first = (type: EventType, matches: (event: NormalizedEvent) => boolean = () => true) =>
    events.find((event) => event.type === type && matches(event))?.occurredAt;
  const added = memberships.adds.length > 0;
  return {
    user: first('organization.directory.user_created') ?? null,
    group: first('organization.directory.group_created') ?? null,
    member: (added ? first('organization.directory.group_members_changed') : undefined) ?? null,
    deactivation:
      first('organization.directory.user_updated', ({ resourceId }) => inactive.has(resourceId)) ??
      first('organization.directory.user_deleted') ??
      null,
  };
}

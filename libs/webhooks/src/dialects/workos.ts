import type { Deactivation, PreviousAttributes } from '@rollcall/contract';
import type { DialectMessage } from './dialect-message';
import { withKnownPlace } from './known-as';
import { readUserChange } from './read-event';
import type { StoredEvent, UserEvent } from './read-event';
import {
  toWorkosDirectory,
  toWorkosGroup,
  toWorkosGroupReference,
  toWorkosMember,
  toWorkosUser,
} from './workos-objects';

/** One event of WorkOS, as its webhooks and its list of events have it. */
export interface WorkosEvent {
  id: string;
  event: string;
  data: object;
  created_at: string;
  context: Record<string, unknown>;
}

/** An event as WorkOS sends it (`EventResponse` of `@workos-inc/node`). */
export function toWorkos(event: StoredEvent, deactivation: Deactivation): DialectMessage[] {
  return toWorkosEvents(event, deactivation).map((told) => ({
    id: told.id,
    type: told.event,
    body: JSON.stringify(told),
  }));
}

/**
 * The events that WorkOS has for one of ours, in order: none for what it does not know, one for each member who came or went of a
 * group. What came from there goes by the ids that it had there.
 */
export function toWorkosEvents(stored: StoredEvent, deactivation: Deactivation): WorkosEvent[] {
  const event = withKnownPlace('workos', stored);
  switch (event.type) {
    case 'organization.directory_created':
    case 'organization.directory_enabled':
      return [tell(event, 'dsync.activated', toWorkosDirectory(event.data))];
    case 'organization.directory_deleted': {
      const { external_key: _key, domains: _domains, ...directory } = toWorkosDirectory(event.data);
      return [tell(event, 'dsync.deleted', directory)];
    }
    case 'organization.directory.user_created':
    case 'organization.directory.user_updated':
    case 'organization.directory.user_deleted':
      return tellUser(event, deactivation);
    case 'organization.directory.group_created':
      return [tell(event, 'dsync.group.created', toWorkosGroup(event.data, event.occurred_at))];
    case 'organization.directory.group_updated': {
      const group = toWorkosGroup(event.data, event.occurred_at);
      return [tell(event, 'dsync.group.updated', withPrevious(group, event.previous_attributes, GROUP_KEYS))];
    }
    case 'organization.directory.group_deleted':
      return [tell(event, 'dsync.group.deleted', toWorkosGroup(event.data, event.occurred_at))];
    case 'organization.directory.group_members_changed':
      return tellMembers(event);
    default:
      return [];
  }
}

/** The id of our event in that of one of WorkOS', public form; null when it is none that was made here. */
export function readWorkosEventId(id: string): string | null {
  const match = /^event_([0-9a-z]{26})(?:_\d{1,6})?$/.exec(id);
  return match ? `evt_${match[1]}` : null;
}

function tellUser(event: UserEvent, deactivation: Deactivation): WorkosEvent[] {
  const change = readUserChange(event, deactivation);
  if (change === null) return [];
  const user = toWorkosUser(event.data, event.occurred_at);
  if (change === 'deleted') return [tell(event, 'dsync.user.deleted', user)];
  if (change === 'created') return [tell(event, 'dsync.user.created', user), ...tellGroups(event, user)];
  // Groups are no attribute of a user there: each is told of by an event of its own.
  const { groups: _groups, ...before } = event.previous_attributes ?? {};
  const isOfGroupsAlone = _groups !== undefined && Object.keys(before).length === 0;
  return isOfGroupsAlone ? [] : [tell(event, 'dsync.user.updated', withPrevious(user, before, USER_KEYS))];
}

/** A user who comes back was in groups all the time, which the receiver has forgotten with the user. */
function tellGroups({ data: { groups }, ...event }: UserEvent, user: { directory_id: string }): WorkosEvent[] {
  return groups.map((group, place) => {
    const data = { directory_id: user.directory_id, user, group: toWorkosGroupReference(group, user.directory_id) };
    return tell(event, 'dsync.group.user_added', data, place + 1);
  });
}

function tellMembers(event: Extract<StoredEvent, { type: `${string}.group_members_changed` }>): WorkosEvent[] {
  const { group, added, removed } = event.data;
  const told = [
    ...added.map((member) => ({ type: 'dsync.group.user_added', member })),
    ...removed.map((member) => ({ type: 'dsync.group.user_removed', member })),
  ];
  return told.map(({ type, member }, place) => {
    const user = toWorkosMember(member, group, event.occurred_at);
    const data = { directory_id: group.directory_id, user, group: toWorkosGroup(group, event.occurred_at) };
    return tell(event, type, data, place);
  });
}

/** `place`: where it stands among the events that one of ours becomes. */
function tell(
  { id, occurred_at }: Pick<StoredEvent, 'id' | 'occurred_at'>,
  type: string,
  data: object,
  place?: number,
): WorkosEvent {
  const own = id.replace(/^evt_/, 'event_');
  return {
    id: place === undefined ? own : `${own}_${place}`,
    event: type,
    data,
    created_at: occurred_at,
    context: {},
  };
}

/** Our attributes by the names that WorkOS has for them; those that are not here are in `custom_attributes`. */
const USER_KEYS: Readonly<Record<string, string>> = {
  dp_id: 'idp_id',
  email: 'email',
  given_name: 'first_name',
  family_name: 'last_name',
};
const GROUP_KEYS: Readonly<Record<string, string>> = { dp_id: 'idp_id', display_name: 'name' };
const CUSTOM_KEYS: Readonly<Record<string, string>> = {
  preferred_username: 'username',
  emails: 'emails',
  title: 'job_title',
  department: 'department_name',
  division: 'division_name',
  cost_center: 'cost_center_name',
  user_type: 'employee_type',
};

/** An object with the old values of what has changed of it, by the same names. */
function withPrevious(object: object, before: PreviousAttributes = {}, keys: Readonly<Record<string, string>>) {
  const previous: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(before)) {
    if (keys[key] !== undefined) previous[keys[key]] = value;
    else if (key === 'active') previous['state'] = value ? 'active' : 'inactive';
    else if (CUSTOM_KEYS[key] !== undefined) custom[CUSTOM_KEYS[key]] = value;
    else if (key === 'custom_attributes') Object.assign(custom, value);
  }
  if (Object.keys(custom).length > 0) previous['custom_attributes'] = custom;
  return { ...object, previous_attributes: previous };
}

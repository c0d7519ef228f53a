import type { Deactivation, DirectoryData, GroupData, ManagerData, UserData } from '@rollcall/contract';
import type { DialectMessage } from './dialect-message';
import { knownAs, withKnownPlace } from './known-as';
import { readUserChange } from './read-event';
import type { StoredEvent } from './read-event';

type Told = { [Type in keyof typeof NAMES]: Type }[keyof typeof NAMES];

/** The types that Scalekit has for directories, by what it calls them for people. */
const NAMES = {
  'organization.directory_enabled': 'Directory enabled',
  'organization.directory_disabled': 'Directory disabled',
  'organization.directory.user_created': 'Directory user created',
  'organization.directory.user_updated': 'Directory user updated',
  'organization.directory.user_deleted': 'Directory user deleted',
  'organization.directory.group_created': 'Directory group created',
  'organization.directory.group_updated': 'Directory group updated',
  'organization.directory.group_deleted': 'Directory group deleted',
} as const;

/**
 * An event as Scalekit sends it (the schema `webhooks` of its OpenAPI document); none of a type that it has not. What came from there
 * goes by the ids that it had there.
 */
export function toScalekit(stored: StoredEvent, deactivation: Deactivation): DialectMessage[] {
  const event = withKnownPlace('scalekit', stored);
  switch (event.type) {
    case 'organization.directory_enabled':
    case 'organization.directory_disabled':
      return [message(event, event.type, toDirectory(event.data))];
    case 'organization.directory.user_created':
    case 'organization.directory.user_updated':
    case 'organization.directory.user_deleted': {
      const change = readUserChange(event, deactivation);
      return change === null ? [] : [message(event, `organization.directory.user_${change}`, toUser(event.data))];
    }
    case 'organization.directory.group_created':
    case 'organization.directory.group_updated':
    case 'organization.directory.group_deleted':
      return [message(event, event.type, toGroup(event.data))];
    default:
      return [];
  }
}

function message(event: StoredEvent, type: Told, data: object): DialectMessage {
  const { id, environment_id, organization_id, occurred_at, object } = event;
  const envelope = { spec_version: '1', id, type, occurred_at, environment_id, organization_id, object };
  return { id, type, body: JSON.stringify({ ...envelope, data, display_name: NAMES[type] }) };
}

/** When it was last synchronized is not in the event: a repetition would tell another time. */
function toDirectory(directory: DirectoryData) {
  const { organization_id, directory_type, provider, enabled, status, updated_at, external_ids } = directory;
  const id = knownAs('scalekit', directory);
  const told = { id, organization_id, directory_type, provider, enabled, status, updated_at, last_sync_at: null };
  return { ...told, ...(external_ids && { external_ids }) };
}

function toUser(user: UserData) {
  return {
    ...user,
    id: knownAs('scalekit', user),
    manager: user.manager && toManager(user.manager),
    emails: user.emails.map(({ value }) => value),
    groups: user.groups.map((group) => ({
      id: knownAs('scalekit', group),
      name: group.name,
      display_name: group.name,
    })),
  };
}

function toManager({ id, value, display_name, external_ids }: ManagerData) {
  return { id: id === null ? null : knownAs('scalekit', { id, external_ids }), value, display_name };
}

function toGroup(group: GroupData) {
  const { organization_id, directory_id, display_name, external_id, dp_id, raw_attributes, external_ids } = group;
  const id = knownAs('scalekit', group);
  const told = { id, organization_id, directory_id, display_name, external_id, dp_id, raw_attributes };
  return { ...told, ...(external_ids && { external_ids }) };
}

import type { DirectoryData, GroupData, GroupMembersChangedData, PreviousAttributes, UserData } from './event-data';

const DIRECTORY_EVENT_TYPES = [
  'organization.directory_created',
  'organization.directory_enabled',
  'organization.directory_disabled',
  'organization.directory_deleted',
] as const;

const USER_EVENT_TYPES = [
  'organization.directory.user_created',
  'organization.directory.user_updated',
  'organization.directory.user_deleted',
] as const;

const GROUP_EVENT_TYPES = [
  'organization.directory.group_created',
  'organization.directory.group_updated',
  'organization.directory.group_deleted',
  'organization.directory.group_members_changed',
] as const;

/** Every type of a directory's event stream. */
export const EVENT_TYPES = [...DIRECTORY_EVENT_TYPES, ...USER_EVENT_TYPES, ...GROUP_EVENT_TYPES] as const;

/** Every type about the service itself; they go only to webhook endpoints that name them in `event_types`. */
export const OPERATIONAL_EVENT_TYPES = [
  'endpoint.failing',
  'endpoint.disabled',
  'delivery.exhausted',
  'delivery.recovered',
  'secret.expiring',
  'replay.finished',
  'directory.deprovisioning_held',
] as const;

/** A type of a directory's event stream. */
export type EventType = (typeof EVENT_TYPES)[number];

/** A type about the service itself. */
export type OperationalEventType = (typeof OPERATIONAL_EVENT_TYPES)[number];

/** What every event of a directory's stream carries, by webhook and by `GET /events` alike. */
interface Envelope<Type extends EventType, ObjectName extends string, Data> {
  spec_version: '1';
  /** Also the `webhook-id` header: the key by which to drop repeats. */
  id: string;
  type: Type;
  object: ObjectName;
  environment_id: string;
  organization_id: string;
  directory_id: string;
  /** The place in the directory's stream, from 1, without gap and without repeat. */
  sequence: number;
  /** RFC 3339, UTC. */
  occurred_at: string;
  /** Only on an example that was asked for with `:test`; see `isTestEvent`. */
  test?: true;
  data: Data;
}

export type UserCreatedEvent = Envelope<'organization.directory.user_created', 'DirectoryUser', UserData>;

/** Also a deactivation (`data.active` is false), and a change of groups or roles. */
export interface UserUpdatedEvent extends Envelope<'organization.directory.user_updated', 'DirectoryUser', UserData> {
  previous_attributes: PreviousAttributes<UserData>;
}

/** `data` is the user as last published. */
export type UserDeletedEvent = Envelope<'organization.directory.user_deleted', 'DirectoryUser', UserData>;

export type GroupCreatedEvent = Envelope<'organization.directory.group_created', 'DirectoryGroup', GroupData>;

export interface GroupUpdatedEvent extends Envelope<
  'organization.directory.group_updated',
  'DirectoryGroup',
  GroupData
> {
  previous_attributes: PreviousAttributes<GroupData>;
}

/** `data` is the group as last published. A `user_updated` for each of its members follows. */
export type GroupDeletedEvent = Envelope<'organization.directory.group_deleted', 'DirectoryGroup', GroupData>;

/** A `user_updated` for each user it names follows, with the user's groups as they are now. */
export type GroupMembersChangedEvent = Envelope<
  'organization.directory.group_members_changed',
  'DirectoryGroup',
  GroupMembersChangedData
>;

/** The directory itself. `directory_deleted` stands for all its users and groups. */
export type DirectoryEvent = {
  [Type in (typeof DIRECTORY_EVENT_TYPES)[number]]: Envelope<Type, 'Directory', DirectoryData>;
}[(typeof DIRECTORY_EVENT_TYPES)[number]];

export type UserEvent = UserCreatedEvent | UserUpdatedEvent | UserDeletedEvent;

export type GroupEvent = GroupCreatedEvent | GroupUpdatedEvent | GroupDeletedEvent | GroupMembersChangedEvent;

/** An event of a directory's numbered stream. */
export type DirectoryStreamEvent = DirectoryEvent | UserEvent | GroupEvent;

/** An event about the service itself, without a place in a directory's stream. */
export interface OperationalEvent {
  spec_version: '1';
  id: string;
  type: OperationalEventType;
  object: string;
  environment_id: string;
  organization_id: string | null;
  directory_id: string | null;
  sequence: null;
  occurred_at: string;
  /** Only on an example that was asked for with `:test`; see `isTestEvent`. */
  test?: true;
  data: Record<string, unknown>;
}

/**
 * Any event, told apart by `type`. Later versions of the server may send types that are not listed here: give a
 * `switch` over `type` a `default` that ignores them.
 */
export type RollcallEvent = DirectoryStreamEvent | OperationalEvent;

/** Whether an event is an example that the owner of the endpoint asked for: nothing has happened. Answer 2xx and do nothing. */
export function isTestEvent(event: RollcallEvent): boolean {
  return event.test === true;
}

/** Whether an event tells of a user; false for a test. */
export function isUserEvent(event: RollcallEvent): event is UserEvent {
  return isDirectoryStreamEvent(event) && includes(USER_EVENT_TYPES, event.type);
}

/** Whether an event tells of a group or its members; false for a test. */
export function isGroupEvent(event: RollcallEvent): event is GroupEvent {
  return isDirectoryStreamEvent(event) && includes(GROUP_EVENT_TYPES, event.type);
}

/** Whether an event tells of the directory itself: created, enabled, disabled or deleted; false for a test. */
export function isDirectoryEvent(event: RollcallEvent): event is DirectoryEvent {
  return isDirectoryStreamEvent(event) && includes(DIRECTORY_EVENT_TYPES, event.type);
}

/** Whether an event has a place in a directory's stream, also one of a type that this version does not know; false for a test. */
export function isDirectoryStreamEvent(event: RollcallEvent): event is DirectoryStreamEvent {
  return typeof event.sequence === 'number';
}

/** Whether an event is about the service itself; false for a test. */
export function isOperationalEvent(event: RollcallEvent): event is OperationalEvent {
  return !isTestEvent(event) && includes(OPERATIONAL_EVENT_TYPES, event.type);
}

function includes(types: readonly string[], type: string): boolean {
  return types.includes(type);
}

import { isEventType, isOperationalEventType, objectOf } from '@rollcall/contract';
import type {
  EventDataByType,
  EventObject,
  EventObjectOf,
  EventType,
  EventTypeOf,
  OperationalEventObject,
  OperationalEventType,
} from '@rollcall/contract';
import type { Arrived, PreviousAttributes } from './event-data';

export { EVENT_TYPES, OPERATIONAL_EVENT_TYPES } from '@rollcall/contract';
export type { EventType, OperationalEventType } from '@rollcall/contract';

/** What every event of a directory's stream carries, by webhook and by `GET /events` alike. */
interface Envelope<Type extends EventType, Data> {
  spec_version: '1';
  /** Also the `webhook-id` header: the key by which to drop repeats. */
  id: string;
  type: Type;
  object: EventObjectOf<Type>;
  environment_id: string;
  organization_id: string;
  directory_id: string;
  /** The place in the directory's stream, from 1, without gap and without repeat. */
  sequence: number;
  /** Rises when the server was restored: numbers of different epochs do not continue each other. Absent: 1. */
  epoch?: number;
  /** RFC 3339, UTC. */
  occurred_at: string;
  /** Only on an example that was asked for with `:test`; see `isTestEvent`. */
  test?: true;
  /** A person whom the event names was erased since: of them it has the ids alone, everything else is null or empty. */
  erased?: true;
  data: Data;
}

interface UpdateEnvelope<Type extends EventType, Data> extends Envelope<Type, Data> {
  previous_attributes: PreviousAttributes<Data>;
}

type UpdateType = Extract<EventType, `${string}_updated`>;

/** The event of a type, or of any of some types. */
type EventOf<Type extends EventType> = {
  [One in Type]: One extends UpdateType
    ? UpdateEnvelope<One, Arrived<EventDataByType[One]>>
    : Envelope<One, Arrived<EventDataByType[One]>>;
}[Type];

export type UserCreatedEvent = EventOf<'organization.directory.user_created'>;

/** Also a deactivation (`data.active` is false), and a change of groups or roles. */
export type UserUpdatedEvent = EventOf<'organization.directory.user_updated'>;

/** `data` is the user as last published. */
export type UserDeletedEvent = EventOf<'organization.directory.user_deleted'>;

export type GroupCreatedEvent = EventOf<'organization.directory.group_created'>;

export type GroupUpdatedEvent = EventOf<'organization.directory.group_updated'>;

/** `data` is the group as last published. A `user_updated` for each of its members follows. */
export type GroupDeletedEvent = EventOf<'organization.directory.group_deleted'>;

/** A `user_updated` for each user it names follows, with the user's groups as they are now. */
export type GroupMembersChangedEvent = EventOf<'organization.directory.group_members_changed'>;

/** The directory itself. `directory_deleted` stands for all its users and groups. */
export type DirectoryEvent = EventOf<EventTypeOf<'Directory'>>;

export type UserEvent = EventOf<EventTypeOf<'DirectoryUser'>>;

export type GroupEvent = EventOf<EventTypeOf<'DirectoryGroup'>>;

/** An event of a directory's numbered stream. */
export type DirectoryStreamEvent = DirectoryEvent | UserEvent | GroupEvent;

interface OperationalEnvelope<Type extends OperationalEventType> {
  spec_version: '1';
  id: string;
  type: Type;
  object: OperationalEventObject;
  environment_id: string;
  organization_id: string | null;
  directory_id: string | null;
  sequence: null;
  occurred_at: string;
  /** Only on an example that was asked for with `:test`; see `isTestEvent`. */
  test?: true;
  data: EventDataByType[Type];
}

/** An event about the service itself, without a place in a directory's stream; `type` tells what its `data` is. */
export type OperationalEvent = { [One in OperationalEventType]: OperationalEnvelope<One> }[OperationalEventType];

/**
 * Any event, told apart by `type`. Later versions of the server may send types that are not listed here: give a
 * `switch` over `type` a `default` that ignores them.
 */
export type RollcallEvent = DirectoryStreamEvent | OperationalEvent;

/** Whether an event is an example that the owner of the endpoint asked for: nothing has happened. Answer 2xx and do nothing. */
export function isTestEvent(event: RollcallEvent): boolean {
  return event.test === true;
}

/** Whether an event is about a user; false for a test. */
export function isUserEvent(event: RollcallEvent): event is UserEvent {
  return isDirectoryStreamEvent(event) && isAbout('DirectoryUser', event.type);
}

/** Whether an event is about a group or its members; false for a test. */
export function isGroupEvent(event: RollcallEvent): event is GroupEvent {
  return isDirectoryStreamEvent(event) && isAbout('DirectoryGroup', event.type);
}

/** Whether an event is about the directory itself: created, enabled, disabled or deleted; false for a test. */
export function isDirectoryEvent(event: RollcallEvent): event is DirectoryEvent {
  return isDirectoryStreamEvent(event) && isAbout('Directory', event.type);
}

/** Whether an event has a place in a directory's stream, also one of a type that this version does not know; false for a test. */
export function isDirectoryStreamEvent(event: RollcallEvent): event is DirectoryStreamEvent {
  return typeof event.sequence === 'number';
}

/** Whether an event is about the service itself; false for a test. */
export function isOperationalEvent(event: RollcallEvent): event is OperationalEvent {
  return !isTestEvent(event) && isOperationalEventType(event.type);
}

function isAbout(object: EventObject, type: string): boolean {
  return isEventType(type) && objectOf(type) === object;
}

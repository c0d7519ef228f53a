/** The `object` of an event: what its `data` describes. */
export type EventObject = 'Directory' | 'DirectoryUser' | 'DirectoryGroup';

/** The `object` of an operational event. */
export type OperationalEventObject =
  | 'WebhookEndpoint'
  | 'WebhookDelivery'
  | 'DirectorySecret'
  | 'WebhookReplay'
  | 'Directory';

const CATALOGUE = {
  'organization.directory_created': 'Directory',
  'organization.directory_enabled': 'Directory',
  'organization.directory_disabled': 'Directory',
  'organization.directory_deleted': 'Directory',
  'organization.directory.user_created': 'DirectoryUser',
  'organization.directory.user_updated': 'DirectoryUser',
  'organization.directory.user_deleted': 'DirectoryUser',
  'organization.directory.group_created': 'DirectoryGroup',
  'organization.directory.group_updated': 'DirectoryGroup',
  'organization.directory.group_deleted': 'DirectoryGroup',
  'organization.directory.group_members_changed': 'DirectoryGroup',
} as const satisfies Record<string, EventObject>;

const OPERATIONAL_CATALOGUE = {
  'endpoint.failing': 'WebhookEndpoint',
  'endpoint.disabled': 'WebhookEndpoint',
  'delivery.exhausted': 'WebhookDelivery',
  'delivery.recovered': 'WebhookDelivery',
  'secret.expiring': 'DirectorySecret',
  'replay.finished': 'WebhookReplay',
  'directory.deprovisioning_held': 'Directory',
} as const satisfies Record<string, OperationalEventObject>;

/** A type of the directory event stream: numbered by `sequence`, sent to every endpoint that does not filter it out. */
export type EventType = keyof typeof CATALOGUE;

/** A type about the service itself: `sequence` is null, sent only to endpoints that name it in `event_types`. */
export type OperationalEventType = keyof typeof OPERATIONAL_CATALOGUE;

/** The `object` of a type of the directory event stream. */
export type EventObjectOf<Type extends EventType> = (typeof CATALOGUE)[Type];

/** The types of the directory event stream that are about one kind of object. */
export type EventTypeOf<Kind extends EventObject> = {
  [Type in EventType]: EventObjectOf<Type> extends Kind ? Type : never;
}[EventType];

/** Every type of the directory event stream, in the order in which documentation lists them. */
export const EVENT_TYPES = Object.keys(CATALOGUE) as readonly EventType[];

/** Every operational type. */
export const OPERATIONAL_EVENT_TYPES = Object.keys(OPERATIONAL_CATALOGUE) as readonly OperationalEventType[];

/** What a type is called where it is clear whose events these are: `user_created` of `organization.directory.user_created`. */
export function shortEventType(type: string): string {
  return type.replace(/^organization\.(?:directory\.)?/, '');
}

/** Whether a text names a type of the directory event stream. */
export function isEventType(text: string): text is EventType {
  return Object.hasOwn(CATALOGUE, text);
}

/** Whether a text names an operational type. */
export function isOperationalEventType(text: string): text is OperationalEventType {
  return Object.hasOwn(OPERATIONAL_CATALOGUE, text);
}

/** The `object` that events of a type carry. */
export function objectOf(type: EventType): EventObject;
export function objectOf(type: EventType | OperationalEventType): EventObject | OperationalEventObject;
export function objectOf(type: EventType | OperationalEventType): EventObject | OperationalEventObject {
  return isEventType(type) ? CATALOGUE[type] : OPERATIONAL_CATALOGUE[type];
}

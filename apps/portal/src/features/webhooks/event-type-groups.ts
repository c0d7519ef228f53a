import { EVENT_TYPES, OPERATIONAL_EVENT_TYPES, type EventType, type OperationalEventType } from '@rollcall/contract';

export type AnyEventType = EventType | OperationalEventType;

interface EventTypeGroup {
  label: string;
  types: readonly AnyEventType[];
}

const ofStream = (part: string) => EVENT_TYPES.filter((type) => type.includes(part));

/** Every type of event, as people look for it. */
export const EVENT_TYPE_GROUPS: readonly EventTypeGroup[] = [
  { label: 'Directories', types: ofStream('.directory_') },
  { label: 'Users', types: ofStream('.user_') },
  { label: 'Groups', types: ofStream('.group_') },
  { label: 'Operation of the service', types: OPERATIONAL_EVENT_TYPES },
];

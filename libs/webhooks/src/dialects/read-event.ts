import type { Deactivation, EventDataByType, EventEnvelope, UserData } from '@rollcall/contract';

/** A stored event with its data by its type. */
export type StoredEvent = {
  [Type in keyof EventDataByType]: EventEnvelope<EventDataByType[Type]> & { type: Type };
}[keyof EventDataByType];

/** An event whose data is a user. */
export type UserEvent = Extract<StoredEvent, { data: UserData }>;

/** What a dialect's receiver learns of a user; null: nothing. */
export type UserChange = 'created' | 'updated' | 'deleted' | null;

/** The event in a stored body, which this server rendered. */
export function readEvent(body: string): StoredEvent {
  return JSON.parse(body) as StoredEvent;
}

/**
 * What an event of a user tells where a user who is not active counts as deleted (`delete`), so that a receiver which knows no
 * inactive users keeps none; where not (`update`), it tells what happened. Who is deleted while inactive is told as deleted once
 * more: the first time may have been before the endpoint was there, or before it was to hear of it so, and a leaver who stays is
 * worse than a repetition.
 */
export function readUserChange({ type, data, previous_attributes: before }: UserEvent, as: Deactivation): UserChange {
  const isActive = as === 'update' || data.active;
  const wasActive = as === 'update' || (before?.['active'] ?? data.active) === true;
  switch (type) {
    case 'organization.directory.user_created':
      return isActive ? 'created' : null;
    case 'organization.directory.user_deleted':
      return 'deleted';
    case 'organization.directory.user_updated':
      if (isActive) return wasActive ? 'updated' : 'created';
      return wasActive ? 'deleted' : null;
  }
}

import { objectOf } from '@rollcall/contract';
import type { EventEnvelope, EventType, OperationalEventType, PlaceIds, PreviousAttributes } from '@rollcall/contract';
import { publicId } from '@rollcall/platform';

/** An event before it is rendered. Ids are bare; `sequence`, organization and directory may be null on operational and test ones. */
export interface EventToRender {
  id: string;
  type: EventType | OperationalEventType;
  environmentId: string;
  organizationId: string | null;
  directoryId: string | null;
  sequence: number | null;
  /** Of a number in a directory's stream. */
  epoch?: number;
  occurredAt: Date;
  /** Of the organization and the directory. */
  externalIds?: PlaceIds | undefined;
  /** An example: nothing has happened. */
  test?: boolean;
  data: object;
  previousAttributes?: PreviousAttributes | undefined;
}

/** The largest body, in bytes of UTF-8, that still carries `raw_attributes`. */
export const EVENT_SIZE_LIMIT = 256_000;

/**
 * Renders an event to the text that is stored, signed, sent and answered: compact JSON. A body above
 * `EVENT_SIZE_LIMIT` is rendered with `raw_attributes: null` and `raw_attributes_omitted: true`.
 * @throws TypeError when the data is no JSON (a BigInt, a cycle)
 */
export function renderEvent(event: EventToRender): string {
  const body = JSON.stringify(envelopeOf(event, event.data));
  if (Buffer.byteLength(body) <= EVENT_SIZE_LIMIT) return body;
  return JSON.stringify(envelopeOf(event, omitRawAttributes(event.data)));
}

/** When a rendered event occurred; null when its text does not say so. */
export function occurredAtOf(body: string): Date | null {
  // It stands before the data, so that nothing of a customer's is found in its place.
  const time = /"occurred_at":"([^"]+)"/.exec(body.slice(0, ENVELOPE_HEAD))?.[1];
  return time === undefined ? null : new Date(time);
}

/** Longer than everything that an envelope has before that. */
const ENVELOPE_HEAD = 600;

function envelopeOf(event: EventToRender, data: object): EventEnvelope {
  return {
    spec_version: '1',
    id: publicId('evt', event.id),
    type: event.type,
    object: objectOf(event.type),
    environment_id: publicId('env', event.environmentId),
    organization_id: event.organizationId === null ? null : publicId('org', event.organizationId),
    directory_id: event.directoryId === null ? null : publicId('dir', event.directoryId),
    sequence: event.sequence,
    ...(event.epoch !== undefined && { epoch: event.epoch }),
    occurred_at: event.occurredAt.toISOString(),
    ...(event.externalIds && { external_ids: event.externalIds }),
    ...(event.test && { test: true }),
    data,
    ...(event.previousAttributes && { previous_attributes: event.previousAttributes }),
  };
}

function omitRawAttributes(data: object): object {
  if ('raw_attributes' in data) return { ...data, raw_attributes: null, raw_attributes_omitted: true };
  if ('group' in data && typeof data.group === 'object' && data.group !== null) {
    return { ...data, group: omitRawAttributes(data.group) };
  }
  return data;
}

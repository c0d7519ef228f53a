import { ApiProperty } from '@nestjs/swagger';
import { DELIVERY_STATES, EVENT_TYPES, OPERATIONAL_EVENT_TYPES } from '@rollcall/contract';
import type { DeliveryState } from '@rollcall/contract';
import { EnumField, IdParameter } from '../input/fields';
import { PageInfo, PageQuery } from '../paging/page-query';

class DeliveryAttemptItem {
  @ApiProperty({ type: 'integer', description: 'From 1.' })
  attempt: number;

  @ApiProperty({ type: String, format: 'date-time' })
  start_time: string;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'HTTP status; null when no answer came. With `error` null as well, nothing was sent: the endpoint’s dialect has nothing for the event.',
  })
  status: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Why it failed where the status does not say it: `timeout`, `refused`, `reset`, `dns`, `tls`, a blocked address, or `redirect` (which is not followed).',
  })
  error: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'number', nullable: true },
    description: 'Milliseconds by phase of the request.',
  })
  phases: Record<string, number | null>;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'As they were sent, the signature included. Empty when nothing could be sent.',
  })
  request_headers: Record<string, string>;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  response_headers: Record<string, string>;

  @ApiProperty({ type: String, description: 'The beginning of the answer: at most 16 kB.' })
  response_body: string;
}

export class DeliveryItem {
  @ApiProperty({ type: String, example: 'dlv_01kag3v2q9x8w7n6m5k4j3h2g1' })
  id: string;

  @ApiProperty({ type: String })
  webhook_endpoint_id: string;

  @ApiProperty({ type: String })
  event_id: string;

  @ApiProperty({ type: String })
  event_type: string;

  @ApiProperty({ type: String, nullable: true, description: 'null when the event concerns no directory.' })
  directory_id: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: "null when the event has no number in a directory's log.",
  })
  sequence: number | null;

  @ApiProperty({
    type: String,
    enum: [...DELIVERY_STATES],
    description: '`failed`: given up, `:retry` sends it once more. `canceled`: discarded while it waited.',
  })
  state: DeliveryState;

  @ApiProperty({ type: 'integer', description: 'Attempts made.' })
  attempt: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  first_attempt_time: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null unless pending.' })
  next_attempt_time: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finish_time: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'HTTP status of the last attempt; null without an answer, or without a request (`last_error` is null too): the endpoint’s dialect has nothing for the event.',
  })
  last_status: number | null;

  @ApiProperty({ type: String, nullable: true, description: '`error` of the last attempt.' })
  last_error: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The replay that sends it; null when it is sent because it happened.',
  })
  replay_id: string | null;

  @ApiProperty({
    type: Boolean,
    description:
      'An example event that `:test` sent: in no log, attempted once, and without effect on the health of the endpoint.',
  })
  test: boolean;

  @ApiProperty({ type: [DeliveryAttemptItem], description: 'First attempt first.' })
  attempts: DeliveryAttemptItem[];
}

export class DeliveryAnswer {
  @ApiProperty({ type: DeliveryItem })
  delivery: DeliveryItem;
}

export class DeliveryWithBodyAnswer extends DeliveryAnswer {
  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'What every attempt sends, byte for byte, in the dialect that the endpoint has by now: several messages one on each line, empty when it has none for the event. null when the event is not kept any more.',
  })
  request_body: string | null;
}

export class DeliveryList extends PageInfo {
  @ApiProperty({ type: [DeliveryItem] })
  deliveries: DeliveryItem[];
}

export class DeliveriesQuery extends PageQuery {
  @EnumField({ values: DELIVERY_STATES, description: 'Only deliveries in this state.' })
  state?: string;

  @EnumField({
    values: [...EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES],
    description: 'Only deliveries of events of this type.',
  })
  event_type?: string;

  @IdParameter({ prefix: 'org', description: 'Only deliveries of events of this organization.' })
  organization_id?: string;

  @IdParameter({ prefix: 'evt', description: 'Only deliveries of this event.' })
  event_id?: string;

  @IdParameter({ prefix: 'rpl', description: 'Only deliveries of this replay.' })
  replay_id?: string;
}

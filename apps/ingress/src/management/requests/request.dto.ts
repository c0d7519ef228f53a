import { ApiProperty } from '@nestjs/swagger';
import { DELIVERY_STATES, EVENT_TYPES, REQUEST_OUTCOMES, REQUEST_PUBLICATIONS } from '@rollcall/contract';
import type { DeliveryState, RequestOutcome, RequestPublication } from '@rollcall/contract';
import { isBareId, parseId } from '@rollcall/platform';
import { BooleanField, EnumField, field, IntegerParameter, TextField, TimeParameter } from '../input/fields';
import { PageQuery } from '../paging/page-query';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** The bare id in the id of a user or group, as the API shows it or as SCIM does; null for anything else. */
export function readResourceId(text: string): string | null {
  return parseId('diruser', text) ?? parseId('dirgroup', text) ?? (isBareId(text) ? text : null);
}

export class RequestsQuery extends PageQuery {
  @EnumField({ values: REQUEST_OUTCOMES, description: 'Only requests with this outcome.' })
  outcome?: RequestOutcome;

  @field({
    description: 'Only requests about this user or group: its id, or its id in SCIM.',
    must: 'must be the id of a user or group',
    schema: { type: String },
    isValid: (value) => typeof value === 'string' && readResourceId(value) !== null,
  })
  resource_id?: string;

  @TextField({
    max: 256,
    description: 'Only requests about the user with this userName, also those that were refused or only looked it up.',
  })
  user_name?: string;

  @EnumField({ values: METHODS, description: 'Only requests with this method.' })
  method?: string;

  @IntegerParameter({ min: 100, max: 599, description: 'Only requests that were answered with this status.' })
  status?: number;

  @TimeParameter({ description: 'Inclusive.' })
  from_time?: Date;

  @TimeParameter({ description: 'Inclusive.' })
  to_time?: Date;
}

export class RequestItem {
  @ApiProperty({
    type: String,
    example: 'req_01kag3v2q9x8w7n6m5k4j3h2g1',
    description: 'The `X-Request-Id` of the answer.',
  })
  id: string;

  @ApiProperty({ type: String, format: 'date-time' })
  occurred_at: string;

  @ApiProperty({ type: String })
  method: string;

  @ApiProperty({
    type: String,
    description: 'Behind the base URL of the directory. Of filters attribute and operator are shown, not the value.',
  })
  path: string;

  @ApiProperty({ type: 'integer' })
  status: number;

  @ApiProperty({ type: String, nullable: true, description: 'The detail keyword of RFC 7644 §3.12.' })
  scim_type: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it was refused, as the identity provider was told.' })
  detail: string | null;

  @ApiProperty({ type: Number, description: 'Milliseconds until the answer was sent.' })
  duration_ms: number;

  @ApiProperty({ type: String, nullable: true, description: 'The token that it came with.' })
  secret_id: string | null;

  @ApiProperty({ type: String, nullable: true })
  user_agent: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'What the identity provider calls it: the first of X-Okta-Request-Id, X-MS-Client-Request-Id, Client-Request-Id, X-MS-Correlation-Id, X-Correlation-Id, X-Request-Id and traceparent that was sent.',
  })
  correlation_id: string | null;

  @ApiProperty({ type: String, nullable: true })
  ip_address: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The user or group that it is about.' })
  resource_id: string | null;

  @ApiProperty({
    type: String,
    enum: [...REQUEST_OUTCOMES],
    description: '`unchanged`: all was so already. `refused`: 4xx. `failed`: 5xx.',
  })
  outcome: RequestOutcome;

  @ApiProperty({
    type: 'integer',
    description:
      'Requests just before this one that are not in the log: the directory sent more than it has room for, or went on over its limit.',
  })
  not_recorded: number;
}

export class RequestList {
  @ApiProperty({ type: [RequestItem], description: 'Newest first.' })
  requests: RequestItem[];

  @ApiProperty({
    type: String,
    description: 'Empty at the end of the list. There may be one behind a page that is not full: go on with it.',
  })
  next_page_token: string;
}

class RequestAttempt {
  @ApiProperty({ type: 'integer', description: 'From 1.' })
  attempt: number;

  @ApiProperty({ type: String, format: 'date-time' })
  start_time: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'HTTP status; null when no answer came.' })
  status: number | null;

  @ApiProperty({ type: String, nullable: true })
  error: string | null;
}

class RequestDelivery {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String })
  webhook_endpoint_id: string;

  @ApiProperty({ type: String, enum: [...DELIVERY_STATES] })
  state: DeliveryState;

  @ApiProperty({ type: 'integer', description: 'Attempts made.' })
  attempts: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null unless pending.' })
  next_attempt_time: string | null;

  @ApiProperty({ type: [RequestAttempt], description: 'First attempt first; at most 50, of `attempts`.' })
  attempt_log: RequestAttempt[];
}

class RequestEvent {
  @ApiProperty({ type: String })
  id: string;

  @ApiProperty({ type: String, enum: [...EVENT_TYPES] })
  type: string;

  @ApiProperty({ type: 'integer' })
  sequence: number;

  @ApiProperty({ type: String, format: 'date-time' })
  occurred_at: string;

  @ApiProperty({ type: String, description: 'The user or group that it is about.' })
  resource_id: string;

  @ApiProperty({ type: [RequestDelivery], description: 'Without replays, oldest first; at most 50.' })
  deliveries: RequestDelivery[];

  @ApiProperty({
    type: Boolean,
    description: 'Whether there are more deliveries than are shown; `listEventDeliveries` has them all.',
  })
  has_more_deliveries: boolean;
}

const BODY = {
  description:
    'Without passwords, tokens and, unless the environment keeps whole bodies, without any value but those of `schemas`, `id`, `userName`, `externalId`, `active`, `displayName`, ids of members, operation and path. A large one is `{"omitted": true, "bytes": …}`.',
  nullable: true,
} as const;

export class RequestTraceItem extends RequestItem {
  @ApiProperty({ ...BODY, type: 'object', additionalProperties: true })
  request_body: unknown;

  @ApiProperty({ ...BODY, type: 'object', additionalProperties: true })
  response_body: unknown;

  @ApiProperty({
    type: String,
    enum: [...REQUEST_PUBLICATIONS],
    description:
      'What has become of the change: `nothing` was changed; it is `pending`, `set_aside` because no event could be made of it, or `held` by the deprovision guard; it is `published`; or `no_event`: nothing of it is told.',
  })
  publication: RequestPublication;

  @ApiProperty({ type: [RequestEvent], description: 'In order; at most 100.' })
  events: RequestEvent[];

  @ApiProperty({ type: Boolean, description: 'Whether it led to more events than are shown.' })
  has_more_events: boolean;
}

export class RequestAnswer {
  @ApiProperty({ type: RequestTraceItem })
  request: RequestTraceItem;
}

export class RequestLogSettingsItem {
  @ApiProperty({ type: Boolean })
  keep_bodies: boolean;
}

export class RequestLogSettingsAnswer {
  @ApiProperty({ type: RequestLogSettingsItem })
  request_log_settings: RequestLogSettingsItem;
}

export class UpdateRequestLogSettingsBody {
  @BooleanField({
    description:
      'Whether the log keeps the bodies of SCIM requests whole but for passwords, tokens and names of members. Off by default.',
  })
  keep_bodies?: boolean;
}

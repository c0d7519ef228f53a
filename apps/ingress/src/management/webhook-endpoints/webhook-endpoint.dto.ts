import { ApiProperty } from '@nestjs/swagger';
import {
  DEACTIVATIONS,
  DIALECTS,
  EVENT_TYPES,
  MAX_OVERLAP_SECONDS,
  OPERATIONAL_EVENT_TYPES,
  ORDERINGS,
  PENDING_COUNT_MAX,
  WARNING_PERCENTS,
} from '@rollcall/contract';
import type { Deactivation, Dialect, EventType, OperationalEventType, Ordering } from '@rollcall/contract';
import { DEFAULT_OVERLAP_SECONDS } from '@rollcall/webhooks';
import { BooleanField, EnumField, EnumListField, IdListField, IntegerField, TextField } from '../input/fields';
import { NOTHING_DONE, PageInfo, UnavailableCells } from '../paging/page-query';

const TYPES = [...EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES];
const URL_MAX = 2_048;
const DESCRIPTION_MAX = 1_000;
const ORGANIZATIONS_MAX = 1_000;
const RATE_LIMIT_MAX = 1_000;
const RATE_LIMIT_DESCRIPTION =
  'Attempts per second at most, evenly spread; null: as many as the endpoint takes. Of an event that a dialect makes several messages of, each counts. `:test` is not held back by it.';
const TYPES_DESCRIPTION =
  'Only these; empty: all of the directory stream. Operational types are sent only where they are named.';
const ORGANIZATIONS_DESCRIPTION = 'Only events of these; empty: of all.';
const ORDERING_DESCRIPTION =
  '`resource`: events of one user or group in their order. `fifo`: all of a directory in order. `none`: as they come.';
const DIALECT_DESCRIPTION =
  'In whose form events are sent, with that signature: `scalekit`, `workos`. What has no counterpart there is not sent. null: as they are stored.';
const DEACTIVATION_DESCRIPTION =
  'How a dialect tells that a user is active no more: `delete`, as both origins do it: the user is deleted, and created when active again; `update`: the user has changed. null: `delete`. Without a dialect it has no effect.';

class EndpointSecretItem {
  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null: the current one.' })
  expire_time: string | null;
}

class EndpointHealthItem {
  @ApiProperty({ type: 'integer', description: 'Failed attempts since the last success.' })
  consecutive_failures: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'The first of them; null: the last attempt succeeded.',
  })
  failing_since: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'While its circuit is open: when the next probe goes out. Everything else waits. null: closed.',
  })
  circuit_open_until: string | null;

  @ApiProperty({
    type: 'integer',
    enum: [0, ...WARNING_PERCENTS],
    description: 'The last warning (`endpoint.failing`), in percent of the five days after which it is disabled.',
  })
  warned_percent: number;

  @ApiProperty({
    type: 'integer',
    description: `Deliveries that wait; ${PENDING_COUNT_MAX} stands for that many or more.`,
  })
  pending_deliveries: number;
}

export class WebhookEndpointItem {
  @ApiProperty({ type: String, example: 'whe_01kag3v2q9x8w7n6m5k4j3h2g1' })
  id: string;

  @ApiProperty({ type: String, format: 'uri' })
  url: string;

  @ApiProperty({ type: String })
  description: string;

  @ApiProperty({ type: [String] })
  event_types: string[];

  @ApiProperty({ type: [String] })
  organization_ids: string[];

  @ApiProperty({ type: String, enum: [...ORDERINGS] })
  ordering: Ordering;

  @ApiProperty({ type: 'integer', nullable: true, description: RATE_LIMIT_DESCRIPTION })
  rate_limit: number | null;

  @ApiProperty({ type: String, enum: [...DIALECTS], nullable: true, description: DIALECT_DESCRIPTION })
  dialect: Dialect | null;

  @ApiProperty({ type: String, enum: [...DEACTIVATIONS], nullable: true, description: DEACTIVATION_DESCRIPTION })
  deactivation: Deactivation | null;

  @ApiProperty({ type: Boolean, description: 'false: nothing is sent; events wait until it is true again.' })
  enabled: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Why the server disabled it: `gone` (410) or `failing` (nothing but failures for five days); null otherwise.',
  })
  disabled_reason: string | null;

  @ApiProperty({ type: EndpointHealthItem, description: 'How its deliveries fare; enabling starts it anew.' })
  health: EndpointHealthItem;

  @ApiProperty({ type: [EndpointSecretItem], description: 'Secrets that sign now, newest first.' })
  secrets: EndpointSecretItem[];

  @ApiProperty({ type: String, format: 'date-time' })
  create_time: string;

  @ApiProperty({ type: String, format: 'date-time' })
  update_time: string;
}

export class WebhookEndpointAnswer {
  @ApiProperty({ type: WebhookEndpointItem })
  webhook_endpoint: WebhookEndpointItem;
}

export class WebhookEndpointSecretAnswer extends WebhookEndpointAnswer {
  @ApiProperty({ type: String, description: 'The new signing secret (`whsec_…`); shown this once.' })
  secret: string;
}

export class WebhookEndpointList extends PageInfo {
  @ApiProperty({ type: [WebhookEndpointItem] })
  webhook_endpoints: WebhookEndpointItem[];
}

export class CreateWebhookEndpointBody {
  @TextField({ required: true, max: URL_MAX, description: 'Where events are POSTed to: a public https URL.' })
  url: string;

  @TextField({ nullable: true, min: 0, max: DESCRIPTION_MAX, description: 'For yourself.' })
  description?: string | null;

  @EnumListField({ nullable: true, values: TYPES, description: TYPES_DESCRIPTION })
  event_types?: string[] | null;

  @IdListField({ nullable: true, prefix: 'org', max: ORGANIZATIONS_MAX, description: ORGANIZATIONS_DESCRIPTION })
  organization_ids?: string[] | null;

  @EnumField({ nullable: true, values: ORDERINGS, description: `${ORDERING_DESCRIPTION} Default \`resource\`.` })
  ordering?: Ordering | null;

  @IntegerField({ nullable: true, min: 1, max: RATE_LIMIT_MAX, description: RATE_LIMIT_DESCRIPTION })
  rate_limit?: number | null;

  @EnumField({ nullable: true, values: DIALECTS, description: DIALECT_DESCRIPTION })
  dialect?: Dialect | null;

  @EnumField({ nullable: true, values: DEACTIVATIONS, description: DEACTIVATION_DESCRIPTION })
  deactivation?: Deactivation | null;

  @BooleanField({ nullable: true, description: 'Default true.' })
  enabled?: boolean | null;
}

export class UpdateWebhookEndpointBody {
  @TextField({ max: URL_MAX, description: 'Where events are POSTed to: a public https URL.' })
  url?: string;

  @TextField({ nullable: true, min: 0, max: DESCRIPTION_MAX, description: 'For yourself.' })
  description?: string | null;

  @EnumListField({ nullable: true, values: TYPES, description: TYPES_DESCRIPTION })
  event_types?: string[] | null;

  @IdListField({ nullable: true, prefix: 'org', max: ORGANIZATIONS_MAX, description: ORGANIZATIONS_DESCRIPTION })
  organization_ids?: string[] | null;

  @EnumField({ nullable: true, values: ORDERINGS, description: ORDERING_DESCRIPTION })
  ordering?: Ordering | null;

  @IntegerField({ nullable: true, min: 1, max: RATE_LIMIT_MAX, description: RATE_LIMIT_DESCRIPTION })
  rate_limit?: number | null;

  @EnumField({ nullable: true, values: DIALECTS, description: DIALECT_DESCRIPTION })
  dialect?: Dialect | null;

  @EnumField({ nullable: true, values: DEACTIVATIONS, description: DEACTIVATION_DESCRIPTION })
  deactivation?: Deactivation | null;

  @BooleanField({
    nullable: true,
    description:
      'false pauses: events wait. true forgets earlier failures and sends what has waited; call `:discard_pending` first to drop it.',
  })
  enabled?: boolean | null;
}

export class RotateSecretBody {
  @IntegerField({
    min: 0,
    max: MAX_OVERLAP_SECONDS,
    description: `Seconds the other secrets sign along; default ${DEFAULT_OVERLAP_SECONDS}.`,
  })
  overlap_seconds?: number;
}

export class TestWebhookEndpointBody {
  @EnumField({ values: TYPES, description: 'Which event; default `organization.directory.user_created`.' })
  type?: EventType | OperationalEventType;
}

export class DiscardedDeliveriesAnswer {
  @ApiProperty({ type: 'integer', description: 'Deliveries that are `canceled` now.' })
  canceled: number;

  @ApiProperty({ type: Boolean, description: 'There is more to discard: call again.' })
  has_more: boolean;

  @UnavailableCells(NOTHING_DONE)
  unavailable_cells?: string[];
}

import { EVENT_TYPES, OPERATIONAL_EVENT_TYPES, isEventType, objectOf } from '@rollcall/contract';
import type {
  DeliveryExhaustedData,
  DeliveryRecoveredData,
  DeprovisioningHeldData,
  DirectoryData,
  EndpointDisabledData,
  EndpointFailingData,
  EventDataByType,
  EventType,
  GroupMembersChangedData,
  MemberReference,
  OperationalEventType,
  ReplayData,
  SecretExpiringData,
} from '@rollcall/contract';
import { sampleEvent } from '@rollcall/events';
import type { ApiDocument, Operation, Parameter, Schema } from './document-types';

type AnyEventType = EventType | OperationalEventType;

/** Names the events apart from the answers of the API that have the same data with times. */
const SCHEMA_OF_DATA: Readonly<Record<keyof EventDataByType, string>> = {
  'organization.directory_created': 'DirectoryData',
  'organization.directory_enabled': 'DirectoryData',
  'organization.directory_disabled': 'DirectoryData',
  'organization.directory_deleted': 'DirectoryData',
  'organization.directory.user_created': 'UserData',
  'organization.directory.user_updated': 'UserData',
  'organization.directory.user_deleted': 'UserData',
  'organization.directory.group_created': 'GroupData',
  'organization.directory.group_updated': 'GroupData',
  'organization.directory.group_deleted': 'GroupData',
  'organization.directory.group_members_changed': 'GroupMembersChangedData',
  'endpoint.failing': 'EndpointFailingData',
  'endpoint.disabled': 'EndpointDisabledData',
  'delivery.exhausted': 'DeliveryExhaustedData',
  'delivery.recovered': 'DeliveryRecoveredData',
  'secret.expiring': 'SecretExpiringData',
  'replay.finished': 'ReplayData',
  'directory.deprovisioning_held': 'DeprovisioningHeldData',
};

const SUMMARIES: Readonly<Record<AnyEventType, string>> = {
  'organization.directory_created': 'A directory was created',
  'organization.directory_enabled': 'A directory was enabled',
  'organization.directory_disabled': 'A directory was disabled',
  'organization.directory_deleted': 'A directory was deleted, and with it all its users and groups',
  'organization.directory.user_created': 'A user was created',
  'organization.directory.user_updated': 'A user was changed; a deactivation too',
  'organization.directory.user_deleted': 'A user was deleted',
  'organization.directory.group_created': 'A group was created',
  'organization.directory.group_updated': 'A group was changed',
  'organization.directory.group_deleted': 'A group was deleted',
  'organization.directory.group_members_changed': 'Users came into a group or left it',
  'endpoint.failing': 'Every attempt of a webhook endpoint has failed for days; it will be disabled',
  'endpoint.disabled': 'A webhook endpoint was disabled by Rollcall',
  'delivery.exhausted': 'A delivery will not be tried again by itself',
  'delivery.recovered': 'A webhook endpoint that failed takes events again',
  'secret.expiring': 'A SCIM bearer token ends soon',
  'replay.finished': 'A replay has ended',
  'directory.deprovisioning_held': 'The deprovision guard of a directory holds changes until you decide',
};

const text: Schema = { type: 'string' };
const textOrNull: Schema = { type: ['string', 'null'] };
const time: Schema = { type: 'string', format: 'date-time' };
const timeOrNull: Schema = { type: ['string', 'null'], format: 'date-time' };
const integer: Schema = { type: 'integer' };
const integerOrNull: Schema = { type: ['integer', 'null'] };
const yesOrNo: Schema = { type: 'boolean' };
const texts: Schema = { type: 'array', items: text };
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** An object whose every key is always there; the compiler asks for each of them. */
const whole = <Data>(properties: Record<keyof Data & string, Schema>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});

/** The same with the ids of before, which only what was imported has. */
const wholeImported = <Data extends { external_ids?: Record<string, string> }>(
  properties: Record<Exclude<keyof Data, 'external_ids'> & string, Schema>,
): Schema => {
  const schema = whole<Omit<Data, 'external_ids'>>(properties);
  return { ...schema, properties: { ...schema.properties, external_ids: externalIds } };
};

const externalIds: Schema = {
  type: 'object',
  additionalProperties: text,
  description: 'Its ids at services that it was imported from, such as `scalekit`. Absent where there is none.',
};

const directory = {
  id: text,
  organization_id: text,
  name: text,
  directory_type: text,
  directory_provider: text,
  provider: { ...text, description: 'The same as directory_provider.' },
  enabled: yesOrNo,
};

const endpoint = {
  id: text,
  url: text,
  description: text,
  event_types: texts,
  organization_ids: texts,
  ordering: text,
  dialect: textOrNull,
  deactivation: textOrNull,
  rate_limit: integerOrNull,
  enabled: yesOrNo,
  disabled_reason: textOrNull,
  create_time: time,
  update_time: time,
};

const delivery = {
  id: text,
  webhook_endpoint_id: text,
  event_id: text,
  event_type: text,
  directory_id: textOrNull,
  sequence: integerOrNull,
  state: text,
  attempt: { ...integer, description: 'Attempts made.' },
  first_attempt_time: timeOrNull,
  finish_time: timeOrNull,
  last_status: integerOrNull,
  last_error: textOrNull,
};

const counted: Schema = { ...integer, description: 'Counted up to 10,000.' };

/** `data` of the events that no answer of the API shows, as libs/contract types it. */
const DATA_SCHEMAS: Readonly<Record<string, Schema>> = {
  DirectoryData: wholeImported<DirectoryData>({ ...directory, status: text, updated_at: time }),
  MemberReference: wholeImported<MemberReference>({ id: text, email: textOrNull, dp_id: textOrNull }),
  GroupMembersChangedData: whole<GroupMembersChangedData>({
    group: ref('GroupData'),
    added: { type: 'array', items: ref('MemberReference') },
    removed: { type: 'array', items: ref('MemberReference') },
  }),
  EndpointFailingData: whole<EndpointFailingData>({
    ...endpoint,
    percent: { ...integer, description: 'Of the time after which the endpoint is disabled.' },
    failing_since: time,
    disable_time: time,
    pending_deliveries: counted,
  }),
  EndpointDisabledData: whole<EndpointDisabledData>({
    ...endpoint,
    reason: { type: 'string', enum: ['gone', 'failing'] },
    failing_since: timeOrNull,
    pending_deliveries: counted,
  }),
  DeliveryExhaustedData: whole<DeliveryExhaustedData>({ ...delivery, exhausted_deliveries: integer }),
  DeliveryRecoveredData: whole<DeliveryRecoveredData>({
    ...delivery,
    failing_since: time,
    pending_deliveries: counted,
  }),
  SecretExpiringData: whole<SecretExpiringData>({
    id: text,
    organization_id: text,
    directory_id: text,
    secret_suffix: text,
    name: textOrNull,
    expire_time: time,
    days: { ...integer, description: 'So many are left, or fewer.' },
  }),
  ReplayData: whole<ReplayData>({
    id: textOrNull,
    webhook_endpoint_id: text,
    state: text,
    total: integer,
    done: integer,
    failed: integer,
    directory_id: textOrNull,
    from_sequence: integerOrNull,
    to_sequence: integerOrNull,
    from_time: timeOrNull,
    to_time: timeOrNull,
    types: texts,
    failed_only: yesOrNo,
    oldest_sequence: integerOrNull,
    events_expired: yesOrNo,
    create_time: time,
    finish_time: timeOrNull,
  }),
  DeprovisioningHeldData: whole<DeprovisioningHeldData>({
    ...directory,
    total_users: integer,
    held_users: integer,
    held_since: time,
    deprovision_guard: whole<DeprovisioningHeldData['deprovision_guard']>({
      max_users: integerOrNull,
      max_percent: { type: ['number', 'null'] },
      window_seconds: integer,
    }),
  }),
};

/**
 * Adds the events that webhook endpoints receive, one for each type, with the schema of its `data` and an example.
 * @param document has the schemas of users and groups, which those of the events follow
 */
export function addEventWebhooks(document: ApiDocument): void {
  const { schemas } = document.components;
  Object.assign(schemas, DATA_SCHEMAS, {
    UserData: asEventData(schemas.PlainUserItem ?? {}),
    GroupData: asEventData(schemas.PlainGroupItem ?? {}),
  });
  document.webhooks = {};
  for (const type of [...EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES]) {
    const name = schemaNameOf(type);
    schemas[name] = envelopeOf(type);
    document.webhooks[type] = { post: webhookOf(type, name) };
  }
}

/** The data of events has no times of its own, and raw attributes unless the event would be too large. */
function asEventData({ properties = {}, required = [] }: Schema): Schema {
  const { create_time: _created, update_time: _updated, ...others } = properties;
  return {
    type: 'object',
    properties: {
      ...others,
      raw_attributes: {
        type: ['object', 'null'],
        additionalProperties: true,
        description: 'As the identity provider sent them; null in an event that would be larger than 256 kB.',
      },
      raw_attributes_omitted: { type: 'boolean', description: 'true when they were left out.' },
    },
    required: [...required.filter((name) => name in others), 'raw_attributes'],
  };
}

/** `UserUpdatedEvent` of `organization.directory.user_updated`. */
function schemaNameOf(type: AnyEventType): string {
  const words = type.replace(/^organization\.(directory\.)?/, '').split(/[._]/);
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Event`;
}

function envelopeOf(type: AnyEventType): Schema {
  const isOfStream = isEventType(type);
  const isUpdate = type.endsWith('_updated');
  const properties: Record<string, Schema> = {
    spec_version: { type: 'string', enum: ['1'] },
    id: { type: 'string', description: 'Also the header `webhook-id`: the key by which to drop repeats.' },
    type: { type: 'string', enum: [type] },
    object: { type: 'string', enum: [objectOf(type)] },
    environment_id: text,
    organization_id: isOfStream ? text : textOrNull,
    directory_id: isOfStream ? text : textOrNull,
    sequence: isOfStream
      ? { ...integerOrNull, description: 'The place in the directory’s stream, from 1 without gap; null in a test.' }
      : { type: 'null' },
    occurred_at: time,
    data: ref(SCHEMA_OF_DATA[type]),
  };
  const required = Object.keys(properties);
  if (isOfStream) {
    properties.epoch = {
      ...integer,
      description: 'Rises when the server was restored: sequences of different epochs do not continue each other.',
    };
    properties.external_ids = {
      type: 'object',
      properties: { organization: externalIds, directory: externalIds },
      description: 'Of the organization and the directory. Absent where neither was imported.',
    };
    properties.erased = { ...yesOrNo, description: 'A person whom it names was erased since: of them it has the ids.' };
  }
  properties.test = { ...yesOrNo, description: 'true in an example that `:test` sent: nothing has happened.' };
  if (isUpdate) {
    properties.previous_attributes = {
      type: 'object',
      additionalProperties: true,
      description: 'The whole old value of each top-level key that changed; null for what was absent.',
    };
    required.push('previous_attributes');
  }
  return { type: 'object', properties, required };
}

const header = (name: string, description: string, example: string, required = true): Parameter => ({
  name,
  in: 'header',
  required,
  description,
  schema: text,
  example,
});

const HEADERS: Parameter[] = [
  header('webhook-id', 'The id of the event, the same at every attempt.', 'evt_000000000000000000000test1'),
  header('webhook-timestamp', 'When this attempt was signed, in seconds since 1970.', '1767258000'),
  header(
    'webhook-signature',
    'Standard Webhooks 1.0: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; several with spaces between them while secrets overlap.',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
  header('rollcall-replay', 'Only in a replay: its id.', 'rpl_000000000000000000000test1', false),
];

const EXAMPLE_TIME = new Date('2026-01-01T09:00:00Z');

function webhookOf(type: AnyEventType, schema: string): Operation {
  const example: unknown = JSON.parse(
    sampleEvent(type, {
      id: '000000000000000000000test1',
      environmentId: '000000000000000000000test1',
      occurredAt: EXAMPLE_TIME,
    }),
  );
  return {
    operationId: `on${schema}`,
    summary: SUMMARIES[type],
    description: `\`${type}\`, sent to ${
      isEventType(type) ? 'every endpoint that does not filter it out' : 'endpoints that name it in `event_types`'
    }. Delivered at least once, and again until the answer is 2xx or the attempts are used up.`,
    tags: ['Webhook endpoints'],
    parameters: HEADERS,
    requestBody: { required: true, content: { 'application/json': { schema: ref(schema), example } } },
    responses: {
      '204': { description: 'The event is safe with you. Any 2xx within 15 seconds says so.' },
      '400': { description: 'The signature does not hold. Like any other answer it means: deliver again later.' },
      '410': { description: 'Nobody listens here any more: the endpoint is disabled.' },
    },
    security: [],
  };
}

import { EVENT_TYPES, OPERATIONAL_EVENT_TYPES, isEventType, objectOf } from '@rollcall/contract';
import type { EventDataByType, EventType, OperationalEventType } from '@rollcall/contract';
import { sampleEvent } from '@rollcall/events';
import type { ApiDocument, Operation, Parameter, Schema } from './document-types';
import { DATA_SCHEMAS } from './event-data-schemas';
import { externalIds, integer, integerOrNull, ref, text, textOrNull, time, yesOrNo } from './schema-parts';

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

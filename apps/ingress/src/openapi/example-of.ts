import { resolveSchema } from './document-types';
import type { Schema } from './document-types';

const TIME = '2026-11-21T10:20:17.072Z';
const BARE_ID = '01kag3v2q9x8w7n6m5k4j3h2g1';

/** The value of each property that its schema does not say, by its name, or by the schema and the name where names mean several things. */
const VALUES: Readonly<Record<string, unknown>> = {
  access_token: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjbGllbnQifQ.c2lnbmF0dXJl',
  accent_color: '#1a56db',
  active: true,
  allowed_origins: 'https://app.example.com',
  api_key: 'sk_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG',
  attempt: 1,
  attempts: 1,
  client_id: 'clt_01kag3v2q9x8w7n6m5k4j3h2g1',
  client_secret: 'rcs_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG',
  complete: true,
  correlation_id: '7d0f6c0e-8a2f-4a7a-9f6e-2f7e5f3b9a10',
  cost_center: 'R&D-7',
  count: 1,
  country: 'GB',
  custom_attributes: { badge: '4711' },
  data: { id: `diruser_${BARE_ID}`, active: true },
  department: 'Research',
  'RoleItem.description': 'Reads and writes',
  description: 'Production',
  directory_endpoint: 'https://rollcall.example.com/scim/01kag3v2q9x8w7n6m5k4j3h2g1/v2',
  directory_id: `dir_${BARE_ID}`,
  display_name: 'Acme',
  'GroupItem.display_name': 'Engineering',
  'GroupSummaryItem.display_name': 'Engineering',
  'PlainGroupItem.display_name': 'Engineering',
  'ManagerItem.display_name': 'Charles Babbage',
  'UserGroupItem.display_name': 'Engineering',
  'RoleItem.display_name': 'Editor',
  division: 'Mathematics',
  done: 1,
  dp_id: '00u1a2b3c4',
  'GroupItem.dp_id': '00g1a2b3c4',
  'PlainGroupItem.dp_id': '00g1a2b3c4',
  duration_ms: 12.4,
  email: 'ada@example.com',
  employee_id: '1815',
  enabled: true,
  environment_id: `env_${BARE_ID}`,
  epoch: 1,
  event_id: `evt_${BARE_ID}`,
  event_type: 'organization.directory.user_updated',
  events: 1,
  expires_in: 3600,
  external_id: 'acme',
  'GroupItem.external_id': '00g1a2b3c4',
  'PlainGroupItem.external_id': '00g1a2b3c4',
  family_name: 'Lovelace',
  fallback_keys: 'title',
  formatted: '12 St James’s Square, London',
  from: 'Rollcall <rollcall@example.com>',
  from_sequence: 1,
  given_name: 'Ada',
  group_id: `dirgroup_${BARE_ID}`,
  group_name: 'Engineering',
  id: `diruser_${BARE_ID}`,
  'GroupReferenceItem.id': `dirgroup_${BARE_ID}`,
  'GroupSummaryItem.id': `dirgroup_${BARE_ID}`,
  'UserGroupItem.id': `dirgroup_${BARE_ID}`,
  'ManagerItem.id': 'diruser_01kag3v2q9x8w7n6m5k4j3h2g2',
  ip_address: '203.0.113.7',
  key: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
  language: 'en',
  last_status: 200,
  locale: 'en-GB',
  locality: 'London',
  location: 'https://rollcall.example.com/portal/open#0123456789abcdefghijklmnopqrstuvwxyz',
  logo_path: '/portal/api/logos/0123456789',
  logo_url: 'https://app.example.com/logo.png',
  map_to: 'team',
  max_percent: 30,
  max_users: 100,
  metadata: { plan: 'enterprise' },
  method: 'PATCH',
  name: 'Okta',
  'ApiClientItem.name': 'Backend',
  'ContactItem.name': 'Ada Lovelace',
  'EventSummaryItem.name': 'Ada Lovelace',
  'GroupReferenceItem.name': 'Engineering',
  'UserGroupItem.name': 'Engineering',
  'Feature.name': 'dir_sync',
  'UserItem.name': 'Ada Lovelace',
  'PlainUserItem.name': 'Ada Lovelace',
  'PublishedUserItem.name': 'Ada Lovelace',
  next_after: 'eyJhZnRlciI6NDJ9',
  next_page_token: '',
  nickname: 'Ada',
  organization: 'Acme',
  organization_id: `org_${BARE_ID}`,
  organization_name: 'Acme',
  organization_ids: `org_${BARE_ID}`,
  path: '/Users/01kag3v2q9x8w7n6m5k4j3h2g1',
  phone_number: '+44 20 7946 0000',
  phases: { connect: 1.2, first_byte: 24.5 },
  picture: 'https://example.com/ada.png',
  plain_secret: 'rct_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG',
  postal_code: 'SW1Y 4JH',
  preferred_username: 'ada@example.com',
  prev_page_token: '',
  previous_attributes: { title: 'Analyst' },
  primary: true,
  profile: 'https://example.com/ada',
  published: true,
  raw_attributes: { userName: 'ada@example.com', active: true },
  'GroupItem.raw_attributes': { displayName: 'Engineering' },
  'PlainGroupItem.raw_attributes': { displayName: 'Engineering' },
  region: 'England',
  request_body: { userName: 'ada@example.com' },
  'DeliveryWithBodyAnswer.request_body': '{"spec_version":"1","id":"evt_01kag3v2q9x8w7n6m5k4j3h2g1"}',
  request_headers: { 'content-type': 'application/json', 'webhook-id': `evt_${BARE_ID}` },
  request_id: 'req_01kag3v2q9x8w7n6m5k4j3h2g1',
  resource_id: BARE_ID,
  response_body: '',
  'RequestTraceItem.response_body': { userName: 'ada@example.com' },
  response_headers: { 'content-type': 'text/plain' },
  role_name: 'editor',
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw0123456789A=',
  secret_id: `sec_${BARE_ID}`,
  secret_suffix: 'DEFG',
  sequence: 42,
  state: 'England',
  status: 200,
  step_seconds: 3600,
  street_address: '12 St James’s Square',
  subscribed: true,
  support_contact: 'support@example.com',
  title: 'Mathematician',
  to_sequence: 42,
  total: 1,
  total_groups: 1,
  total_size: 1,
  total_users: 1,
  type: 'work',
  url: 'https://app.example.com/webhooks/rollcall',
  user_agent: 'Okta SCIM Client 1.0.0',
  user_id: `diruser_${BARE_ID}`,
  user_ids: `diruser_${BARE_ID}`,
  user_type: 'Employee',
  value: 'ada@example.com',
  'ExplainedFieldItem.value': { value: 'Research' },
  'ManagerItem.value': '01kag3v2q9x8w7n6m5k4j3h2g2',
  webhook_endpoint_id: `whe_${BARE_ID}`,
  window_seconds: 3600,
  zoneinfo: 'Europe/London',
};

/** What is null while nothing is wrong and nothing is under way. */
const USUALLY_NULL = new Set([
  'disabled_reason',
  'error',
  'failure',
  'held',
  'job',
  'last_error',
  'refused',
  'rules_job',
]);

/**
 * An example of a schema: what it says itself, else a value by the names of its properties. The document's test proves that it is
 * valid.
 * @param name of the schema in the document, for names that mean several things
 */
export function exampleOf(schema: Schema, schemas: Record<string, Schema>, name = ''): unknown {
  if (schema.$ref) return exampleOf(resolveSchema(schema, schemas), schemas, schema.$ref.split('/').at(-1));
  if (schema.example !== undefined) return schema.example;
  const [part] = schema.allOf ?? schema.oneOf ?? schema.anyOf ?? [];
  if (part) return exampleOf(part, schemas, name);
  if (!schema.properties) return {};
  const entries = Object.entries(schema.properties);
  return Object.fromEntries(entries.map(([key, value]) => [key, exampleOfProperty(value, key, { schemas, name })]));
}

interface Place {
  schemas: Record<string, Schema>;
  /** The schema that has the property. */
  name: string;
}

function exampleOfProperty(schema: Schema, key: string, { schemas, name }: Place): unknown {
  if (schema.example !== undefined) return schema.example;
  if (isNullable(schema) && USUALLY_NULL.has(key)) return null;
  const [part] = schema.allOf ?? schema.oneOf ?? schema.anyOf ?? [];
  if (part) return exampleOfProperty(part, key, { schemas, name });
  if (schema.$ref || schema.properties) return exampleOf(schema, schemas, name);
  if (schema.items) return [exampleOfProperty(schema.items, key, { schemas, name })];
  if (schema.enum) return schema.enum[0];
  if (schema.format === 'date-time') return TIME;
  const value = VALUES[`${name}.${key}`] ?? VALUES[key];
  if (value !== undefined && fits(value, schema)) return value;
  return isNullable(schema) ? null : emptyOf(schema);
}

const typesOf = ({ type = [] }: Schema): readonly string[] => (typeof type === 'string' ? [type] : type);

function isNullable(schema: Schema): boolean {
  return typesOf(schema).includes('null') || (schema.anyOf?.some(isNullable) ?? false);
}

/** Names are shared: `status` is a number here and a text there. */
function fits(value: unknown, schema: Schema): boolean {
  const kind = Number.isInteger(value) ? ['integer', 'number'] : [typeof value];
  return kind.some((type) => typesOf(schema).includes(type));
}

function emptyOf(schema: Schema): unknown {
  const [type] = typesOf(schema);
  if (type === 'boolean') return false;
  if (type === 'integer' || type === 'number') return schema.minimum ?? 0;
  return type === 'object' ? {} : 'example';
}

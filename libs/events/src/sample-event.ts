import { isEventType } from '@rollcall/contract';
import type {
  DirectoryData,
  EventDataByType,
  EventType,
  GroupData,
  MemberReference,
  OperationalEventType,
  PreviousAttributes,
  UserData,
  WebhookDeliveryData,
  WebhookEndpointData,
} from '@rollcall/contract';
import { publicId } from '@rollcall/platform';
import type { IdPrefix } from '@rollcall/platform';
import { renderEvent } from './render-event';

/** What a sample takes from the outside; bare ids. */
export interface SampleContext {
  id: string;
  environmentId: string;
  occurredAt: Date;
}

/**
 * The body of an example event of a type: complete in shape, made of names and ids that are nobody's. It has no place in
 * any log, so its `sequence` is null whatever its type, and says `test: true`.
 */
export function sampleEvent(
  type: EventType | OperationalEventType,
  { id, environmentId, occurredAt }: SampleContext,
): string {
  const isOfDirectory = isEventType(type) || DIRECTORY_SUBJECTS.has(type);
  return renderEvent({
    id,
    type,
    environmentId,
    organizationId: isOfDirectory ? ORGANIZATION : null,
    directoryId: isOfDirectory ? DIRECTORY : null,
    sequence: null,
    occurredAt,
    test: true,
    data: SAMPLES[type],
    previousAttributes: PREVIOUS[type],
  });
}

/** Operational types that concern one directory. */
const DIRECTORY_SUBJECTS: ReadonlySet<string> = new Set(['secret.expiring', 'directory.deprovisioning_held']);

/** Bare ids that could be real and show that they are not. */
const sampleId = (number: number): string => `test${number}`.padStart(26, '0');
const sample = (prefix: IdPrefix, number = 1): string => publicId(prefix, sampleId(number));

const ORGANIZATION = sampleId(1);
const DIRECTORY = sampleId(1);
const EARLIER = '2026-01-01T09:00:00.000Z';
const LATER = '2026-01-01T10:00:00.000Z';

const described = {
  id: sample('dir'),
  organization_id: sample('org'),
  name: 'Test directory',
  directory_type: 'SCIM',
  directory_provider: 'CUSTOM',
  provider: 'CUSTOM',
  enabled: true,
};

const directory: DirectoryData = { ...described, status: 'COMPLETED', updated_at: EARLIER };

const user: UserData = {
  id: sample('diruser'),
  organization_id: sample('org'),
  directory_id: sample('dir'),
  dp_id: 'test-user-1',
  preferred_username: 'test.user@example.com',
  email: 'test.user@example.com',
  emails: [{ value: 'test.user@example.com', type: 'work', primary: true }],
  active: true,
  name: 'Test User',
  given_name: 'Test',
  family_name: 'User',
  nickname: 'Tess',
  picture: 'https://example.com/test-user.png',
  phone_number: '+1 202 555 0100',
  address: {
    formatted: '1 Example Street, Exampleton',
    street_address: '1 Example Street',
    locality: 'Exampleton',
    region: 'EX',
    state: 'EX',
    postal_code: '00000',
    country: 'US',
  },
  title: 'Senior Example',
  user_type: 'Employee',
  department: 'Examples',
  division: 'Tests',
  cost_center: '0000',
  employee_id: '000001',
  organization: 'Example Inc.',
  manager: { id: sample('diruser', 2), value: sampleId(2), display_name: 'Test Manager' },
  profile: 'https://example.com/test-user',
  language: 'en-US',
  locale: 'en-US',
  zoneinfo: 'Etc/UTC',
  groups: [{ id: sample('dirgroup'), name: 'Test group' }],
  roles: [{ role_name: 'member' }],
  custom_attributes: { badge: 'test' },
  raw_attributes: {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    externalId: 'test-user-1',
    userName: 'test.user@example.com',
    active: true,
  },
};

const group: GroupData = {
  id: sample('dirgroup'),
  organization_id: sample('org'),
  directory_id: sample('dir'),
  dp_id: 'test-group-1',
  external_id: 'test-group-1',
  display_name: 'Test group',
  total_users: 1,
  raw_attributes: {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    externalId: 'test-group-1',
    displayName: 'Test group',
  },
};

const member = (number: number): MemberReference => ({
  id: sample('diruser', number),
  email: `test.user.${number}@example.com`,
  dp_id: `test-user-${number}`,
});

const endpoint: WebhookEndpointData = {
  id: sample('whe'),
  url: 'https://example.com/webhooks/rollcall',
  description: 'Test endpoint',
  event_types: [],
  organization_ids: [],
  ordering: 'resource',
  rate_limit: null,
  dialect: null,
  deactivation: null,
  enabled: true,
  disabled_reason: null,
  create_time: EARLIER,
  update_time: EARLIER,
};

const delivery: WebhookDeliveryData = {
  id: sample('dlv'),
  webhook_endpoint_id: sample('whe'),
  event_id: sample('evt'),
  event_type: 'organization.directory.user_created',
  directory_id: sample('dir'),
  sequence: 1,
  state: 'succeeded',
  attempt: 2,
  first_attempt_time: EARLIER,
  finish_time: LATER,
  last_status: 200,
  last_error: null,
};

const SAMPLES: Readonly<EventDataByType> = {
  'organization.directory_created': { ...directory, status: 'DRAFT' },
  'organization.directory_enabled': directory,
  'organization.directory_disabled': { ...directory, enabled: false },
  'organization.directory_deleted': { ...directory, enabled: false },
  'organization.directory.user_created': user,
  'organization.directory.user_updated': user,
  'organization.directory.user_deleted': user,
  'organization.directory.group_created': group,
  'organization.directory.group_updated': group,
  'organization.directory.group_deleted': group,
  'organization.directory.group_members_changed': { group, added: [member(1)], removed: [member(2)] },
  'endpoint.failing': {
    ...endpoint,
    percent: 50,
    failing_since: EARLIER,
    disable_time: '2026-01-06T09:00:00.000Z',
    pending_deliveries: 1,
  },
  'endpoint.disabled': {
    ...endpoint,
    enabled: false,
    disabled_reason: 'gone',
    reason: 'gone',
    failing_since: null,
    pending_deliveries: 1,
  },
  'delivery.exhausted': {
    ...delivery,
    state: 'failed',
    attempt: 10,
    last_status: null,
    last_error: 'timeout',
    exhausted_deliveries: 1,
  },
  'delivery.recovered': { ...delivery, failing_since: EARLIER, pending_deliveries: 1 },
  'secret.expiring': {
    id: sample('sec'),
    organization_id: sample('org'),
    directory_id: sample('dir'),
    secret_suffix: 'test',
    name: 'Okta',
    expire_time: '2026-01-15T09:00:00.000Z',
    days: 14,
  },
  'replay.finished': {
    id: sample('rpl'),
    webhook_endpoint_id: sample('whe'),
    state: 'finished',
    total: 1,
    done: 1,
    failed: 0,
    directory_id: sample('dir'),
    from_sequence: 1,
    to_sequence: 1,
    from_time: null,
    to_time: null,
    types: [],
    failed_only: false,
    oldest_sequence: 1,
    events_expired: false,
    create_time: EARLIER,
    finish_time: LATER,
  },
  'directory.deprovisioning_held': {
    ...described,
    total_users: 100,
    held_users: 40,
    held_since: EARLIER,
    deprovision_guard: { max_users: null, max_percent: 30, window_seconds: 3_600 },
  },
};

const PREVIOUS: Partial<Record<EventType | OperationalEventType, PreviousAttributes>> = {
  'organization.directory.user_updated': { title: 'Example', department: null } satisfies Partial<UserData>,
  'organization.directory.group_updated': { display_name: 'Former test group' } satisfies Partial<GroupData>,
};

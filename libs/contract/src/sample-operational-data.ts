import type { OperationalEventType } from './event-types';
import type { EventDataByType } from './event-data';
import { sampleId } from './sample-id';
import type { WebhookDeliveryData, WebhookEndpointData } from './operational-data';

const EARLIER = '2026-01-01T09:00:00.000Z';
const LATER = '2026-01-01T10:00:00.000Z';

const endpoint: WebhookEndpointData = {
  id: sampleId('whe'),
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
  id: sampleId('dlv'),
  webhook_endpoint_id: sampleId('whe'),
  event_id: sampleId('evt'),
  event_type: 'organization.directory.user_created',
  directory_id: sampleId('dir'),
  sequence: 1,
  state: 'succeeded',
  attempt: 2,
  first_attempt_time: EARLIER,
  finish_time: LATER,
  last_status: 200,
  last_error: null,
};

/** An example of what each operational event says, complete in shape, of ids that are nobody's. */
export const SAMPLE_OPERATIONAL_DATA: Readonly<Pick<EventDataByType, OperationalEventType>> = {
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
    id: sampleId('sec'),
    organization_id: sampleId('org'),
    directory_id: sampleId('dir'),
    secret_suffix: 'test',
    name: 'Okta',
    expire_time: '2026-01-15T09:00:00.000Z',
    days: 14,
  },
  'replay.finished': {
    id: sampleId('rpl'),
    webhook_endpoint_id: sampleId('whe'),
    state: 'finished',
    total: 1,
    done: 1,
    failed: 0,
    directory_id: sampleId('dir'),
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
    id: sampleId('dir'),
    organization_id: sampleId('org'),
    name: 'Test directory',
    directory_type: 'SCIM',
    directory_provider: 'CUSTOM',
    provider: 'CUSTOM',
    enabled: true,
    total_users: 100,
    held_users: 40,
    held_since: EARLIER,
    deprovision_guard: { max_users: null, max_percent: 30, window_seconds: 3_600 },
  },
};

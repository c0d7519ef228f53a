import { isEventType, objectOf } from '@rollcall/contract';
import type { EventDataByType, EventType, OperationalEventType } from '@rollcall/contract';
import type { RollcallEvent } from '../events/rollcall-event';
import { TestDirectory, testId } from './test-directory';

/** The event of one type. */
export type EventOfType<Type extends EventType | OperationalEventType> = Extract<RollcallEvent, { type: Type }>;

/**
 * An example of an event of a type, complete in shape: of a directory's stream what a small directory publishes, with its place in it.
 * @param overrides take the place of top-level keys, such as `data` or `sequence`
 */
export function createTestEvent<Type extends EventType | OperationalEventType>(
  type: Type,
  overrides: Partial<EventOfType<Type>> = {},
): EventOfType<Type> {
  const event = isEventType(type) ? streamEvent(type) : operationalEvent(type);
  return { ...(event as EventOfType<Type>), ...overrides };
}

/** Lives through everything that can happen to a directory. */
function streamEvent(type: EventType): RollcallEvent {
  const directory = new TestDirectory();
  const person = { given_name: 'Test', family_name: 'User', name: 'Test User', email: 'test.user@example.com' };
  const user = directory.createUser({ ...person, preferred_username: person.email, dp_id: 'test-user-1' });
  const group = directory.createGroup({ display_name: 'Test group', dp_id: 'test-group-1' });
  directory.updateUser(user.id, { title: 'Example' });
  directory.addMember(group.id, user.id);
  directory.updateGroup(group.id, { display_name: 'Renamed test group' });
  directory.setEnabled(false);
  directory.setEnabled(true);
  directory.deleteGroup(group.id);
  directory.deleteUser(user.id);
  directory.delete();
  const event = directory.events.find((published) => published.type === type);
  if (event) return event;
  throw new TypeError(`There is no type of event called ${type}.`);
}

function operationalEvent(type: OperationalEventType): RollcallEvent {
  const isOfDirectory = type === 'secret.expiring' || type === 'directory.deprovisioning_held';
  return {
    spec_version: '1',
    id: testId('evt', 1),
    type,
    object: objectOf(type),
    environment_id: testId('env', 1),
    organization_id: isOfDirectory ? testId('org', 1) : null,
    directory_id: isOfDirectory ? testId('dir', 1) : null,
    sequence: null,
    occurred_at: LATER,
    data: OPERATIONAL_DATA[type],
  } as RollcallEvent;
}

const EARLIER = '2026-01-01T09:00:00.000Z';
const LATER = '2026-01-01T10:00:00.000Z';

const endpoint = {
  id: testId('whe', 1),
  url: 'https://example.com/webhooks/rollcall',
  description: 'Test endpoint',
  event_types: [],
  organization_ids: [],
  ordering: 'resource' as const,
  dialect: null,
  deactivation: null,
  rate_limit: null,
  enabled: true,
  disabled_reason: null,
  create_time: EARLIER,
  update_time: EARLIER,
};

const delivery = {
  id: testId('dlv', 1),
  webhook_endpoint_id: endpoint.id,
  event_id: testId('evt', 2),
  event_type: 'organization.directory.user_created',
  directory_id: testId('dir', 1),
  sequence: 2,
  state: 'succeeded' as const,
  attempt: 2,
  first_attempt_time: EARLIER,
  finish_time: LATER,
  last_status: 200,
  last_error: null,
};

const OPERATIONAL_DATA: Readonly<Pick<EventDataByType, OperationalEventType>> = {
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
  'delivery.exhausted': { ...delivery, state: 'failed', last_status: 500, exhausted_deliveries: 1 },
  'delivery.recovered': { ...delivery, failing_since: EARLIER, pending_deliveries: 1 },
  'secret.expiring': {
    id: testId('sec', 1),
    organization_id: testId('org', 1),
    directory_id: testId('dir', 1),
    secret_suffix: 'test',
    name: 'Okta',
    expire_time: '2026-01-15T09:00:00.000Z',
    days: 14,
  },
  'replay.finished': {
    id: testId('rpl', 1),
    webhook_endpoint_id: endpoint.id,
    state: 'finished',
    total: 1,
    done: 1,
    failed: 0,
    directory_id: testId('dir', 1),
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
    id: testId('dir', 1),
    organization_id: testId('org', 1),
    name: 'Test directory',
    directory_type: 'SCIM',
    directory_provider: 'CUSTOM',
    provider: 'CUSTOM',
    enabled: true,
    total_users: 100,
    held_users: 40,
    held_since: EARLIER,
    deprovision_guard: { max_users: null, max_percent: 30, window_seconds: 3600 },
  },
};

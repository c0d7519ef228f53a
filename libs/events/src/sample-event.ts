import { bareSampleId, isEventType, SAMPLE_OPERATIONAL_DATA, sampleId } from '@rollcall/contract';
import type {
  DirectoryData,
  EventDataByType,
  EventType,
  GroupData,
  MemberReference,
  OperationalEventType,
  PreviousAttributes,
  UserData,
} from '@rollcall/contract';
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

const ORGANIZATION = bareSampleId(1);
const DIRECTORY = bareSampleId(1);
const EARLIER = '2026-01-01T09:00:00.000Z';

const directory: DirectoryData = {
  id: sampleId('dir'),
  organization_id: sampleId('org'),
  name: 'Test directory',
  directory_type: 'SCIM',
  directory_provider: 'CUSTOM',
  provider: 'CUSTOM',
  enabled: true,
  status: 'COMPLETED',
  updated_at: EARLIER,
};

const user: UserData = {
  id: sampleId('diruser'),
  organization_id: sampleId('org'),
  directory_id: sampleId('dir'),
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
  manager: { id: sampleId('diruser', 2), value: bareSampleId(2), display_name: 'Test Manager' },
  profile: 'https://example.com/test-user',
  language: 'en-US',
  locale: 'en-US',
  zoneinfo: 'Etc/UTC',
  groups: [{ id: sampleId('dirgroup'), name: 'Test group' }],
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
  id: sampleId('dirgroup'),
  organization_id: sampleId('org'),
  directory_id: sampleId('dir'),
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
  id: sampleId('diruser', number),
  email: `test.user.${number}@example.com`,
  dp_id: `test-user-${number}`,
});

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
  ...SAMPLE_OPERATIONAL_DATA,
};

const PREVIOUS: Partial<Record<EventType | OperationalEventType, PreviousAttributes>> = {
  'organization.directory.user_updated': { title: 'Example', department: null } satisfies Partial<UserData>,
  'organization.directory.group_updated': { display_name: 'Former test group' } satisfies Partial<GroupData>,
};

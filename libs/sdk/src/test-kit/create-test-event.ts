import { isEventType, objectOf, SAMPLE_OPERATIONAL_DATA, sampleId } from '@rollcall/contract';
import type { EventType, OperationalEventType } from '@rollcall/contract';
import type { RollcallEvent } from '../events/rollcall-event';
import { TestDirectory } from './test-directory';

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
    id: sampleId('evt'),
    type,
    object: objectOf(type),
    environment_id: sampleId('env'),
    organization_id: isOfDirectory ? sampleId('org') : null,
    directory_id: isOfDirectory ? sampleId('dir') : null,
    sequence: null,
    occurred_at: LATER,
    data: SAMPLE_OPERATIONAL_DATA[type],
  } as RollcallEvent;
}

const LATER = '2026-01-01T10:00:00.000Z';

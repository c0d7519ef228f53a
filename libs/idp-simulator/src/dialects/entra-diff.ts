import type { Person } from '../scenario';
import { CORE_USER, ENTERPRISE_USER, type Subject } from './dialect';
import { type ProfileStyle, SIMPLE_ATTRIBUTES } from './map-profile';

interface Operation {
  op: string;
  path?: string;
  value?: unknown;
}

const ADDRESS_PARTS = ['streetAddress', 'locality', 'region', 'postalCode', 'country'] as const;

/**
 * The PATCH operations with which Entra turns one profile into another: one operation per attribute with a path, or with the
 * flag one pathless replace whose keys are dotted paths, and operations of their own for filtered paths.
 * @param before the profile as last sent
 */
export function diffProfile(
  before: Partial<Person>,
  subject: Subject,
  style: ProfileStyle,
  flag: boolean,
): Operation[] {
  const { person } = subject;
  const single = [...diffSimple(before, person), ...diffCustom(before, person, style)];
  const filtered = [...diffFiltered(before, person), ...diffManager(before, subject)];
  const operations = flag ? gather(single) : single;
  return [...operations, ...filtered, ...diffRoles(before, person, flag)].map((operation) => {
    return { ...operation, op: flag ? operation.op.toLowerCase() : operation.op };
  });
}

/** What is set goes into one value with dotted keys; what is removed stays an operation with a path. */
function gather(operations: Operation[]): Operation[] {
  const set = operations.filter(({ op }) => op !== 'Remove');
  const value = Object.fromEntries(set.map(({ path, value }) => [path, value]));
  return [...(set.length > 0 ? [{ op: 'Replace', value }] : []), ...operations.filter(({ op }) => op === 'Remove')];
}

function diffSimple(before: Partial<Person>, after: Person): Operation[] {
  return SIMPLE_ATTRIBUTES.flatMap(({ field, schema, path }) =>
    compare(schema === CORE_USER ? path : `${schema}:${path}`, before[field], after[field]),
  );
}

function diffCustom(before: Partial<Person>, after: Person, style: ProfileStyle): Operation[] {
  const names = new Set([...Object.keys(before.custom ?? {}), ...Object.keys(after.custom ?? {})]);
  return [...names].flatMap((name) =>
    compare(`${style.customSchema}:${name}`, before.custom?.[name], after.custom?.[name]),
  );
}

function diffFiltered(before: Partial<Person>, after: Person): Operation[] {
  return [
    ...compare('emails[type eq "work"].value', before.email, after.email),
    ...compare('phoneNumbers[type eq "work"].value', before.workPhone, after.workPhone),
    ...compare('phoneNumbers[type eq "mobile"].value', before.mobilePhone, after.mobilePhone),
    ...ADDRESS_PARTS.flatMap((part) =>
      compare(`addresses[type eq "work"].${part}`, before.address?.[part], after.address?.[part]),
    ),
  ];
}

/** The manager goes as the bare id of the application's user, and is cleared with an empty text. */
function diffManager(before: Partial<Person>, { person, manager }: Subject): Operation[] {
  const path = `${ENTERPRISE_USER}:manager`;
  if (before.managerId === person.managerId) return [];
  if (person.managerId === undefined) return [{ op: 'Replace', path, value: '' }];
  return manager?.remoteId ? [{ op: before.managerId ? 'Replace' : 'Add', path, value: manager.remoteId }] : [];
}

/** App roles travel as JSON inside a text, with the flag as objects (AppRoleAssignmentsComplex). */
function diffRoles(before: Partial<Person>, after: Person, flag: boolean): Operation[] {
  if (JSON.stringify(before.roles) === JSON.stringify(after.roles)) return [];
  const values = after.roles?.values ?? [];
  if (values.length === 0) return [{ op: 'Remove', path: 'roles' }];
  const roles = values.map((value) => ({ value, displayName: value }));
  return [{ op: 'Add', path: 'roles', value: flag ? roles : roles.map((role) => ({ value: JSON.stringify(role) })) }];
}

function compare(path: string, before: unknown, after: unknown): Operation[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (after === undefined) return [{ op: 'Remove', path }];
  return [{ op: before === undefined ? 'Add' : 'Replace', path, value: after }];
}

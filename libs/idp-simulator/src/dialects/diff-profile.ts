import type { Person } from '../scenario';
import { CORE_USER, ENTERPRISE_USER, type Subject } from './dialect';
import { type ProfileStyle, SIMPLE_ATTRIBUTES } from './map-profile';

interface Operation {
  op: string;
  path?: string;
  value?: unknown;
}

const ADDRESS_PARTS = ['streetAddress', 'locality', 'region', 'postalCode', 'country'] as const;

/** How a provider writes the operations of one PATCH. */
export interface PatchForm {
  /** `Add`, `Replace` and `Remove` instead of lower case. */
  capitalised: boolean;
  /** One pathless replace whose keys are dotted paths, instead of one operation per attribute; filtered paths stay apart. */
  gathered: boolean;
  /** Roles as JSON inside a text instead of objects. */
  rolesAsText: boolean;
}

/**
 * The PATCH operations that turn one profile into another.
 * @param before the profile as last sent
 */
export function diffProfile(
  before: Partial<Person>,
  subject: Subject,
  style: ProfileStyle,
  form: PatchForm,
): Operation[] {
  const { person } = subject;
  const single = [...diffSimple(before, person), ...diffCustom(before, person, style)];
  const filtered = [...diffFiltered(before, person), ...diffManager(before, subject, style)];
  const operations = form.gathered ? gather(single) : single;
  return [...operations, ...filtered, ...diffRoles(before, person, form)].map((operation) => {
    return { ...operation, op: form.capitalised ? operation.op : operation.op.toLowerCase() };
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

/** A manager who is not at the application yet is left out; none at all is an empty text. */
function diffManager(before: Partial<Person>, { person, manager }: Subject, style: ProfileStyle): Operation[] {
  const path = `${ENTERPRISE_USER}:manager`;
  if (before.managerId === person.managerId) return [];
  if (person.managerId === undefined) return [{ op: 'Replace', path, value: '' }];
  const value = manager && style.manager(manager);
  return value === undefined ? [] : [{ op: before.managerId ? 'Replace' : 'Add', path, value }];
}

/** Entra's app roles (AppRoleAssignmentsComplex) have a display name, and may travel as text. */
function diffRoles(before: Partial<Person>, after: Person, { rolesAsText }: PatchForm): Operation[] {
  if (JSON.stringify(before.roles) === JSON.stringify(after.roles)) return [];
  const roles = (after.roles?.values ?? []).map((value) => ({ value, displayName: value }));
  if (roles.length === 0) return [{ op: 'Remove', path: 'roles' }];
  const value = rolesAsText ? roles.map((role) => ({ value: JSON.stringify(role) })) : roles;
  return [{ op: 'Add', path: 'roles', value }];
}

function compare(path: string, before: unknown, after: unknown): Operation[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (after === undefined) return [{ op: 'Remove', path }];
  return [{ op: before === undefined ? 'Add' : 'Replace', path, value: after }];
}

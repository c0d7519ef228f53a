import type { Person } from '../scenario';
import { CORE_USER, ENTERPRISE_USER, type Subject } from './dialect';

/** Fields that map to one simple attribute: schema, then the attribute's path within it. */
export const SIMPLE_ATTRIBUTES: { field: keyof Person; schema: string; path: string }[] = [
  { field: 'userName', schema: CORE_USER, path: 'userName' },
  { field: 'givenName', schema: CORE_USER, path: 'name.givenName' },
  { field: 'familyName', schema: CORE_USER, path: 'name.familyName' },
  { field: 'displayName', schema: CORE_USER, path: 'displayName' },
  { field: 'nickName', schema: CORE_USER, path: 'nickName' },
  { field: 'title', schema: CORE_USER, path: 'title' },
  { field: 'userType', schema: CORE_USER, path: 'userType' },
  { field: 'locale', schema: CORE_USER, path: 'locale' },
  { field: 'timezone', schema: CORE_USER, path: 'timezone' },
  { field: 'preferredLanguage', schema: CORE_USER, path: 'preferredLanguage' },
  { field: 'employeeNumber', schema: ENTERPRISE_USER, path: 'employeeNumber' },
  { field: 'department', schema: ENTERPRISE_USER, path: 'department' },
  { field: 'division', schema: ENTERPRISE_USER, path: 'division' },
  { field: 'costCenter', schema: ENTERPRISE_USER, path: 'costCenter' },
  { field: 'organization', schema: ENTERPRISE_USER, path: 'organization' },
];

type Attributes = Record<string, unknown>;

/** Where dialects differ in an otherwise equal user body. */
export interface ProfileStyle {
  /** Okta's custom applications leave the type of the one e-mail address out. */
  emailType: 'work' | null;
  /** URN of the application's own extension schema. */
  customSchema: string;
  /** What is sent as the manager; undefined leaves the attribute out. */
  manager: (manager: NonNullable<Subject['manager']>) => unknown;
}

/**
 * Writes a person's profile over a user body: an empty one (create) or the application's own representation (replace).
 * What the person does not have is removed from the body; what is not mapped stays as it came.
 * @returns a new body, with `schemas` naming the containers it uses
 */
export function mapProfile(base: Attributes, subject: Subject, style: ProfileStyle): Attributes {
  const { person } = subject;
  const body = structuredClone(base);
  for (const { field, schema, path } of SIMPLE_ATTRIBUTES) setPath(containerOf(body, schema), path, person[field]);
  mapMultiValued(body, person, style);
  const manager = subject.manager ? style.manager(subject.manager) : undefined;
  setPath(containerOf(body, ENTERPRISE_USER), 'manager', manager);
  mapRoles(body, person);
  if (person.custom) body[style.customSchema] = { ...(body[style.customSchema] as Attributes), ...person.custom };
  for (const [key, value] of Object.entries(body)) {
    if (key.startsWith('urn:') && isEmptyObject(value)) delete body[key];
  }
  body.schemas = listSchemas(body);
  return body;
}

function mapMultiValued(body: Attributes, person: Person, style: ProfileStyle): void {
  const type = style.emailType ? { type: style.emailType } : {};
  const others = asList(body.emails).filter((email) => email.primary !== true && email.value !== person.email);
  body.emails = [{ primary: true, value: person.email, ...type }, ...others];
  const phones = [
    ...(person.workPhone ? [{ value: person.workPhone, type: 'work' }] : []),
    ...(person.mobilePhone ? [{ value: person.mobilePhone, type: 'mobile' }] : []),
  ];
  setList(body, 'phoneNumbers', phones);
  setList(body, 'addresses', person.address ? [{ type: 'work', primary: true, ...person.address }] : []);
}

function mapRoles(body: Attributes, person: Person): void {
  if (!person.roles) return;
  const { form, values } = person.roles;
  const typed = values.map((value) => ({ type: value, value }));
  if (form === 'plain') body.roles = values;
  else if (form === 'typed') body.roles = typed;
  else {
    delete body.roles;
    body[CORE_USER] = { roles: typed };
  }
}

/** The core schema's URN is never listed twice, and a container is listed once it is used. */
function listSchemas(body: Attributes): string[] {
  const known = Array.isArray(body.schemas) ? (body.schemas as string[]) : [];
  return [...new Set([CORE_USER, ...known, ...Object.keys(body).filter((key) => key.startsWith('urn:'))])];
}

function containerOf(body: Attributes, schema: string): Attributes {
  if (schema === CORE_USER) return body;
  body[schema] ??= {};
  return body[schema] as Attributes;
}

function setPath(target: Attributes, path: string, value: unknown): void {
  const [head = '', rest] = path.split('.');
  if (rest !== undefined) {
    target[head] = { ...(target[head] as Attributes) };
    setPath(target[head] as Attributes, rest, value);
  } else if (value === undefined) delete target[head];
  else target[head] = value;
}

function setList(body: Attributes, key: string, values: Attributes[]): void {
  if (values.length > 0) body[key] = values;
  else delete body[key];
}

function asList(value: unknown): Attributes[] {
  return Array.isArray(value) ? (value as Attributes[]) : [];
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

import type { UserData } from '@rollcall/contract';
import { ENTERPRISE_USER_URN } from '@rollcall/scim';
import type { AssignmentRules, AttributeMapping, CanonicalResource } from './change';
import { compileAttribute, isAttributePath } from './compile-rules';
import type { GroupOfUser } from './normalize-user';
import { pickElement, readElements, readFlag, readObject, readText } from './read-values';
import type { JsonObject } from './read-values';
import { resolveRoles } from './resolve-roles';

/** Where the value of a normalized field comes from; null: from no attribute that was sent. */
export interface ExplainedField {
  /** `custom_attributes.<name>` for the application's own. */
  field: string;
  value: unknown;
  scimPath: string | null;
}

/** What gives a user a role: the attribute `roles`, groups with it assigned, or that nothing else gives one. */
export interface ExplainedRole {
  roleName: string;
  source: 'attribute' | 'group' | 'default';
  scimPath: string | null;
  groups: GroupOfUser[];
}

/** Says of a normalized user which attribute each field was read from. Groups and roles have explanations of their own. */
export function explainFields(
  resource: CanonicalResource,
  data: UserData,
  { attributeMappings }: AssignmentRules,
): ExplainedField[] {
  const fields = FIELDS.map((field) => ({ field, value: data[field], scimPath: PATHS[field](resource, data) }));
  const custom = attributeMappings.map((mapping) => ({
    field: `custom_attributes.${mapping.map_to}`,
    value: data.custom_attributes[mapping.map_to] ?? null,
    scimPath: findMapped(resource, mapping),
  }));
  return [...fields, ...custom];
}

/** Says what gives a user each of its roles, in the order of the roles. */
export function explainRoles(
  resource: CanonicalResource,
  { roles }: UserData,
  groups: readonly GroupOfUser[],
  rules: AssignmentRules,
): ExplainedRole[] {
  const alone = { ...rules, assignments: [], defaultRole: null };
  const sent = new Set(resolveRoles(resource['roles'], [], alone).map(({ role_name }) => role_name));
  return roles.map(({ role_name: roleName }): ExplainedRole => {
    const assigned = new Set(
      rules.assignments.filter((assignment) => assignment.role_name === roleName).map(({ group_id }) => group_id),
    );
    const giving = groups.filter(({ id }) => assigned.has(id));
    if (sent.has(roleName)) return { roleName, source: 'attribute', scimPath: 'roles', groups: giving };
    return { roleName, source: giving.length > 0 ? 'group' : 'default', scimPath: null, groups: giving };
  });
}

type Field = Exclude<keyof UserData, 'id' | 'organization_id' | 'directory_id' | ExplainedElsewhere>;
type ExplainedElsewhere =
  | 'groups'
  | 'roles'
  | 'custom_attributes'
  | 'raw_attributes'
  | 'raw_attributes_omitted'
  | 'external_ids';

/** The attribute that a field was read from; null: from none that was sent. */
type FindPath = (resource: CanonicalResource, data: UserData) => string | null;

/** In the order in which a page shows them: each as `normalizeUser` reads it. */
const PATHS: Readonly<Record<Field, FindPath>> = {
  preferred_username: plain('userName'),
  email: findEmail,
  emails: plain('emails'),
  active: (resource) => (Object.hasOwn(resource, 'active') ? 'active' : null),
  dp_id: plain('externalId'),
  name: findName,
  given_name: nameOf('givenName'),
  family_name: nameOf('familyName'),
  nickname: plain('nickName'),
  picture: preferred('photos', ['photo']),
  phone_number: preferred('phoneNumbers', ['work', 'mobile']),
  address: preferred('addresses', ['work'], ''),
  title: plain('title'),
  user_type: plain('userType'),
  department: enterprise('department'),
  division: enterprise('division'),
  cost_center: enterprise('costCenter'),
  employee_id: enterprise('employeeNumber'),
  organization: enterprise('organization'),
  manager: enterprise('manager'),
  profile: plain('profileUrl'),
  language: plain('preferredLanguage'),
  locale: plain('locale'),
  zoneinfo: plain('timezone'),
};

const FIELDS = Object.keys(PATHS) as Field[];

function plain(attribute: string): FindPath {
  return (resource) => (Object.hasOwn(resource, attribute) ? attribute : null);
}

function nameOf(part: string): FindPath {
  return ({ name }) => (readText(readObject(name)[part]) === null ? null : `name.${part}`);
}

function enterprise(attribute: string): FindPath {
  const path = `${ENTERPRISE_USER_URN}:${attribute}`;
  const read = compileAttribute(path);
  return (resource) => ((read(resource) ?? null) === null ? null : path);
}

function preferred(attribute: string, types: readonly string[], part = '.value'): FindPath {
  return (resource) => {
    const elements = readElements(resource[attribute]);
    const shown = part === '' ? elements : elements.filter(({ value }) => readText(value) !== null);
    const element = pickElement(shown, types);
    return element === undefined ? null : `${attribute}${describeElement(element)}${part}`;
  };
}

/** How a filter tells an element from the others; nothing where it has neither mark nor type. */
function describeElement(element: JsonObject): string {
  if (readFlag(element['primary'])) return '[primary eq true]';
  const type = readText(element['type']);
  return type === null ? '' : `[type eq "${type}"]`;
}

function findEmail(resource: CanonicalResource, { email }: UserData): string | null {
  if (email === null) return null;
  const same = (value: unknown) => readText(value)?.trim() === email;
  const element = pickElement(
    readElements(resource['emails']).filter(({ value }) => same(value)),
    ['work'],
  );
  if (element) return `emails${describeElement(element)}.value`;
  return same(resource['userName']) ? 'userName' : null;
}

function findName(resource: CanonicalResource, { name }: UserData): string | null {
  if (name === null) return null;
  if (readText(resource['displayName']) !== null) return 'displayName';
  const { givenName, familyName, formatted } = readObject(resource['name']);
  const [given, family] = [readText(givenName) !== null, readText(familyName) !== null];
  if (given && family) return 'name.givenName, name.familyName';
  if (readText(formatted) !== null) return 'name.formatted';
  return given ? 'name.givenName' : 'name.familyName';
}

function findMapped(resource: CanonicalResource, { key, fallback_keys = [] }: AttributeMapping): string | null {
  const paths = [key, ...fallback_keys].filter(isAttributePath);
  return paths.find((path) => (compileAttribute(path)(resource) ?? null) !== null) ?? null;
}

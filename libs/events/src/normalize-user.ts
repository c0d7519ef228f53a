import type { AddressData, GroupReference, ManagerData, UserData } from '@rollcall/contract';
import { isBareId, publicId } from '@rollcall/platform';
import { ENTERPRISE_USER_URN } from '@rollcall/scim';
import type { CanonicalResource, KnownManager, NormalizeContext, RoleRules } from './change';
import { compileAttribute } from './compile-rules';
import { omitAttributes } from './omit-attributes';
import { readCustomAttributes } from './read-custom-attributes';
import { pickElement, readElements, readFlag, readObject, readText, readWebAddress } from './read-values';
import type { JsonObject } from './read-values';
import { readEmails, resolveEmail } from './resolve-email';
import type { LastKnown } from './resolve-email';
import { resolveRoles } from './resolve-roles';

/** A group a user is in: its bare id and the name it was last published with. */
export interface GroupOfUser {
  id: string;
  name: string | null;
  /** Of an imported one. */
  external_ids?: Record<string, string>;
}

/** What of a user does not stand in its resource. */
export interface UserSurroundings {
  userId: string;
  /** In the order in which `groups` shall list them. */
  groups: readonly GroupOfUser[];
  /** The user as last published, null before the first event. */
  published: LastKnown | null;
  /** Another user of the directory, by bare id; absent: nobody else is known. */
  managerOf?: (userId: string) => KnownManager | null;
}

/** The attributes of the enterprise extension (RFC 7643 §4.3). */
const enterprise = {
  department: compileAttribute(`${ENTERPRISE_USER_URN}:department`),
  division: compileAttribute(`${ENTERPRISE_USER_URN}:division`),
  costCenter: compileAttribute(`${ENTERPRISE_USER_URN}:costCenter`),
  employeeNumber: compileAttribute(`${ENTERPRISE_USER_URN}:employeeNumber`),
  organization: compileAttribute(`${ENTERPRISE_USER_URN}:organization`),
  manager: compileAttribute(`${ENTERPRISE_USER_URN}:manager`),
};

/**
 * Normalizes a stored SCIM user (RFC 7643 §4.1, §4.3) to the `data` of its events. Every key is present in the answer;
 * an attribute of an unexpected shape counts as absent and still stands in `raw_attributes`.
 * @param resource the canonical resource; it is not changed, and `raw_attributes` shares its values
 */
export function normalizeUser(
  resource: CanonicalResource,
  { userId, groups, published, managerOf = nobody }: UserSurroundings,
  context: NormalizeContext,
): UserData {
  const name = readObject(resource['name']);
  const userName = readText(resource['userName']);
  const emails = readEmails(resource['emails']);
  const active = isActive(resource);
  return {
    id: publicId('diruser', userId),
    organization_id: publicId('org', context.organizationId),
    directory_id: publicId('dir', context.directoryId),
    dp_id: readText(resource['externalId']),
    preferred_username: userName,
    email: resolveEmail(emails, { userName, active, published }),
    emails,
    active,
    name: readFullName(readText(resource['displayName']), name),
    given_name: readText(name['givenName']),
    family_name: readText(name['familyName']),
    nickname: readText(resource['nickName']),
    picture: readWebAddress(readPreferred(resource['photos'], ['photo'])),
    phone_number: readPreferred(resource['phoneNumbers'], ['work', 'mobile']),
    address: readAddress(resource['addresses']),
    title: readText(resource['title']),
    user_type: readText(resource['userType']),
    department: readText(enterprise.department(resource)),
    division: readText(enterprise.division(resource)),
    cost_center: readText(enterprise.costCenter(resource)),
    employee_id: readText(enterprise.employeeNumber(resource)),
    organization: readText(enterprise.organization(resource)),
    manager: readManager(enterprise.manager(resource), managerOf),
    profile: readWebAddress(resource['profileUrl']),
    language: readText(resource['preferredLanguage']),
    locale: readText(resource['locale']),
    zoneinfo: readText(resource['timezone']),
    groups: groups.map(referToGroup),
    roles: resolveRoles(
      resource['roles'],
      groups.map((group) => group.id),
      context.rules,
    ),
    custom_attributes: readCustomAttributes(resource, context.rules.attributes),
    raw_attributes: omitAttributes(resource, ['id', 'meta', 'groups', 'password']),
  };
}

/**
 * A published user in other groups: only `groups` and `roles` differ.
 * @param groups the groups the user is in now
 */
export function regroupUser(data: UserData, groups: readonly GroupOfUser[], rules: RoleRules): UserData {
  const groupIds = groups.map((group) => group.id);
  return {
    ...data,
    groups: groups.map(referToGroup),
    roles: resolveRoles(data.raw_attributes['roles'], groupIds, rules),
  };
}

function referToGroup({ id, name, external_ids }: GroupOfUser): GroupReference {
  return { id: publicId('dirgroup', id), name, ...(external_ids && { external_ids }) };
}

/** RFC 7643 gives `active` no default; a user who exists and is not said to be inactive is active. */
export function isActive(resource: CanonicalResource): boolean {
  const value = resource['active'];
  return value === undefined || value === null ? true : readFlag(value);
}

function readFullName(displayName: string | null, name: JsonObject): string | null {
  const given = readText(name['givenName']);
  const family = readText(name['familyName']);
  if (displayName !== null) return displayName;
  if (given !== null && family !== null) return `${given} ${family}`;
  return readText(name['formatted']) ?? given ?? family;
}

/** The value of the primary element, else of the first type that is there, else of the first. */
function readPreferred(value: unknown, types: readonly string[]): string | null {
  const elements = readElements(value).filter((element) => readText(element['value']) !== null);
  return readText(pickElement(elements, types)?.['value']);
}

function readAddress(value: unknown): AddressData | null {
  const address = pickElement(readElements(value), ['work']);
  if (address === undefined) return null;
  const region = readText(address['region']);
  const data = {
    formatted: readText(address['formatted']),
    street_address: readText(address['streetAddress']),
    locality: readText(address['locality']),
    region,
    state: region,
    postal_code: readText(address['postalCode']),
    country: readText(address['country']),
  };
  return Object.values(data).every((part) => part === null) ? null : data;
}

/** A manager who is a user of the directory has that user's name, another one the name that was sent. */
function readManager(held: unknown, managerOf: (userId: string) => KnownManager | null): ManagerData | null {
  const [manager] = readElements(held);
  const value = readText(manager?.['value']);
  const displayName = readText(manager?.['displayName']);
  if (value === null && displayName === null) return null;
  const userId = managerIdOf(manager);
  const known = userId === null ? null : managerOf(userId);
  return {
    id: userId === null ? null : publicId('diruser', userId),
    value,
    display_name: known?.name ?? displayName,
    ...(known?.external_ids && { external_ids: known.external_ids }),
  };
}

/** The bare id of the user whom a resource names as manager; null when it names none, or somebody from elsewhere. */
export function readManagerId(resource: CanonicalResource): string | null {
  return managerIdOf(readElements(enterprise.manager(resource))[0]);
}

function managerIdOf(manager: JsonObject | undefined): string | null {
  const value = readText(manager?.['value']);
  return value !== null && isBareId(value) ? value : null;
}

function nobody(): null {
  return null;
}

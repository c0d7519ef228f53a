import { ENTERPRISE_USER_URN } from '@rollcall/scim';
import type { ForeignGroup, ForeignUser } from './source';

type Fields = Readonly<Record<string, unknown>>;

/** What a service calls the attributes of a user, in the order in which they are looked for. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  userName: ['preferred_username', 'username', 'email'],
  externalId: ['dp_id', 'idp_id'],
  displayName: ['name'],
  nickName: ['nickname'],
  title: ['title', 'job_title'],
  userType: ['user_type', 'employee_type'],
  profileUrl: ['profile'],
  preferredLanguage: ['language'],
  locale: ['locale'],
  timezone: ['zoneinfo'],
};

const ENTERPRISE: Readonly<Record<string, readonly string[]>> = {
  department: ['department', 'department_name'],
  division: ['division', 'division_name'],
  costCenter: ['cost_center', 'cost_center_name'],
  employeeNumber: ['employee_id', 'employee_number'],
  organization: ['organization'],
};

/**
 * The SCIM body of a user as its identity provider would send it: what it did send, where the service kept that, else what the service
 * made of it. The one place for the attributes of all services, which call them alike.
 * @param fields of the user, those of more detail behind the others
 */
export function toScimUser(...fields: readonly Fields[]): Record<string, unknown> {
  const known: Fields = Object.assign({}, ...fields.toReversed().map(withoutEmpty)) as Fields;
  const raw = asObject(known['raw_attributes']);
  const active = readActive(known);
  if (typeof raw['userName'] === 'string') {
    const { id: _id, meta: _meta, groups: _groups, password: _password, ...sent } = raw;
    return { active, ...sent };
  }
  const name = withoutEmpty({
    givenName: known['given_name'] ?? known['first_name'],
    familyName: known['family_name'] ?? known['last_name'],
  });
  const enterprise = pickFields(known, ENTERPRISE);
  const phone = known['phone_number'];
  return {
    ...pickFields(known, ATTRIBUTES),
    active,
    ...(Object.keys(name).length > 0 && { name }),
    emails: readEmails(known),
    ...(typeof phone === 'string' && { phoneNumbers: [{ value: phone, type: 'work', primary: true }] }),
    ...(Object.keys(enterprise).length > 0 && { [ENTERPRISE_USER_URN]: enterprise }),
  };
}

/** The same of a group, without its members. */
export function toScimGroup(...fields: readonly Fields[]): Record<string, unknown> {
  const known: Fields = Object.assign({}, ...fields.toReversed().map(withoutEmpty)) as Fields;
  const raw = asObject(known['raw_attributes']);
  const externalId = raw['externalId'] ?? known['external_id'] ?? known['dp_id'] ?? known['idp_id'];
  const displayName = raw['displayName'] ?? known['display_name'] ?? known['name'];
  return { displayName, ...(typeof externalId === 'string' && { externalId }) };
}

/** Whether something read of a service is one of its people. */
export function isUser(person: ForeignUser | ForeignGroup): person is ForeignUser {
  return 'groupIds' in person;
}

function readActive(known: Fields): boolean {
  if (typeof known['active'] === 'boolean') return known['active'];
  return known['state'] !== 'inactive' && known['state'] !== 'suspended';
}

/** Addresses are texts or objects, or there is but one. */
function readEmails(known: Fields): object[] {
  const given = Array.isArray(known['emails']) ? (known['emails'] as unknown[]) : [];
  const listed = given.map((email) => (typeof email === 'string' ? { value: email } : asObject(email)));
  const first = typeof known['email'] === 'string' ? known['email'] : undefined;
  const others = listed.filter(({ value }) => typeof value === 'string' && value !== first);
  const own =
    first === undefined
      ? []
      : [{ type: 'work', ...listed.find(({ value }) => value === first), value: first, primary: true }];
  return [...own, ...others.map(({ value, type }) => ({ value, ...(typeof type === 'string' && { type }) }))];
}

function pickFields(known: Fields, names: Readonly<Record<string, readonly string[]>>): Record<string, unknown> {
  const found = Object.entries(names).map(([attribute, keys]) => {
    const key = keys.find((each) => typeof known[each] === 'string');
    return [attribute, key === undefined ? null : known[key]] as const;
  });
  return withoutEmpty(Object.fromEntries(found));
}

function withoutEmpty(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** An e-mail address of a user, as its identity provider sent it (RFC 7643 §4.1.2). */
export interface EmailData {
  value: string;
  type: string | null;
  primary: boolean;
}

/** A postal address; `state` repeats `region` for consumers that know it by that name. */
export interface AddressData {
  formatted: string | null;
  street_address: string | null;
  locality: string | null;
  region: string | null;
  state: string | null;
  postal_code: string | null;
  country: string | null;
}

/**
 * A user's manager: `value` as sent, `id` the directory user it names when it has the form of a SCIM id, `display_name` that of the
 * user, else the one that was sent.
 */
export interface ManagerData {
  id: string | null;
  value: string | null;
  display_name: string | null;
  /** Of the directory user who it is, as that one's own events have them. */
  external_ids?: Record<string, string>;
}

/** A group as a user's `groups` lists it. */
export interface GroupReference {
  id: string;
  name: string | null;
  /** As the group's own events have them. */
  external_ids?: Record<string, string>;
}

/** A role as a user's `roles` lists it. */
export interface RoleReference {
  role_name: string;
}

const text = null as string | null;

/** A user of whom nothing is known: every normalized field, and with it the type of `UserData`. */
export const EMPTY_USER = {
  id: '',
  organization_id: '',
  directory_id: '',
  dp_id: text,
  preferred_username: text,
  email: text,
  emails: [] as EmailData[],
  active: true,
  name: text,
  given_name: text,
  family_name: text,
  nickname: text,
  picture: text,
  phone_number: text,
  address: null as AddressData | null,
  title: text,
  user_type: text,
  department: text,
  division: text,
  cost_center: text,
  employee_id: text,
  organization: text,
  manager: null as ManagerData | null,
  profile: text,
  language: text,
  locale: text,
  zoneinfo: text,
  groups: [] as GroupReference[],
  roles: [] as RoleReference[],
  custom_attributes: {} as Record<string, unknown>,
  raw_attributes: {} as Record<string, unknown>,
};

type UserFields = typeof EMPTY_USER;

/** `data` of a `DirectoryUser` event: the whole normalized user, every key always present. */
export interface UserData extends UserFields {
  /** Its ids at services that it was imported from; absent where there is none. */
  external_ids?: Record<string, string>;
}

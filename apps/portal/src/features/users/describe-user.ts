import type { UserData } from '@rollcall/contract';
import type { DirectoryUser } from '@rollcall/sdk';

interface UserFact {
  label: string;
  value: string;
}

interface UserDescription {
  account: UserFact[];
  /** Only sections that have something to show. */
  sections: { title: string; facts: UserFact[] }[];
}

type Section = 'Account' | 'Person' | 'Work' | 'Custom attributes';

/** Where and how a field is shown. */
interface Shown {
  section: Section;
  read: (user: DirectoryUser) => [label: string, value: string | null][];
}

/** What the drawer shows of each field, in reading order; null: in its title, in a tab of its own, or not at all. */
const FIELDS: Record<keyof UserData, Shown | null> = {
  id: null,
  organization_id: null,
  directory_id: null,
  active: null,
  name: null,
  groups: null,
  raw_attributes: null,
  preferred_username: show('Account', 'User name', (user) => user.preferred_username),
  email: show('Account', 'Email', (user) => user.email),
  emails: show('Account', 'Other emails', ({ emails, email }) =>
    listTexts(emails.map(({ value }) => value).filter((value) => value !== email)),
  ),
  roles: show('Account', 'Roles', ({ roles }) => listTexts(roles.map((role) => role.role_name))),
  dp_id: show('Account', 'External ID', (user) => user.dp_id),
  given_name: show('Person', 'Given name', (user) => user.given_name),
  family_name: show('Person', 'Family name', (user) => user.family_name),
  nickname: show('Person', 'Nickname', (user) => user.nickname),
  phone_number: show('Person', 'Phone', (user) => user.phone_number),
  address: show('Person', 'Address', describeAddress),
  profile: show('Person', 'Profile', (user) => user.profile),
  picture: show('Person', 'Picture', (user) => user.picture),
  language: show('Person', 'Language', (user) => user.language),
  locale: show('Person', 'Locale', (user) => user.locale),
  zoneinfo: show('Person', 'Time zone', (user) => user.zoneinfo),
  title: show('Work', 'Title', (user) => user.title),
  department: show('Work', 'Department', (user) => user.department),
  division: show('Work', 'Division', (user) => user.division),
  organization: show('Work', 'Organization', (user) => user.organization),
  cost_center: show('Work', 'Cost center', (user) => user.cost_center),
  employee_id: show('Work', 'Employee ID', (user) => user.employee_id),
  user_type: show('Work', 'User type', (user) => user.user_type),
  manager: show('Work', 'Manager', ({ manager }) => manager?.display_name ?? manager?.value ?? null),
  custom_attributes: {
    section: 'Custom attributes',
    read: (user) => Object.entries(user.custom_attributes).map(([key, value]) => [key, toText(value)]),
  },
};

/** The normalized fields of a user as labelled texts, in reading order; what the provider did not send is left out. */
export function describeUser(user: DirectoryUser): UserDescription {
  const titles = ['Person', 'Work', 'Custom attributes'] as const;
  const sections = titles.map((title) => ({ title, facts: describeSection(user, title) }));
  return {
    account: describeSection(user, 'Account'),
    sections: sections.filter((section) => section.facts.length > 0),
  };
}

function describeSection(user: DirectoryUser, section: Section): UserFact[] {
  return Object.values(FIELDS)
    .flatMap((field) => (field?.section === section ? field.read(user) : []))
    .flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

function show(section: Section, label: string, read: (user: DirectoryUser) => string | null): Shown {
  return { section, read: (user) => [[label, read(user)]] };
}

function listTexts(texts: readonly string[]): string {
  return texts.join(', ');
}

function describeAddress({ address }: DirectoryUser): string | null {
  if (!address) return null;
  if (address.formatted) return address.formatted;
  const { street_address, locality, region, state, postal_code, country } = address;
  const parts = [street_address, [postal_code, locality].filter(Boolean).join(' '), region ?? state, country];
  return parts.filter(Boolean).join(', ');
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
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

type Section = 'account' | 'person' | 'work' | 'custom';

/** The titles of those behind the account, in reading order. */
const TITLES: Record<Exclude<Section, 'account'>, MessageDescriptor> = {
  person: msg`Person`,
  work: msg({ message: 'Work', context: 'user' }),
  custom: msg`Custom attributes`,
};

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
  external_ids: null,
  preferred_username: show('account', msg`User name`, (user) => user.preferred_username),
  email: show('account', msg`Email`, (user) => user.email),
  emails: show('account', msg`Other emails`, ({ emails, email }) =>
    listTexts(emails.map(({ value }) => value).filter((value) => value !== email)),
  ),
  roles: show('account', msg`Roles`, ({ roles }) => listTexts(roles.map((role) => role.role_name))),
  dp_id: show('account', msg`External ID`, (user) => user.dp_id),
  given_name: show('person', msg`Given name`, (user) => user.given_name),
  family_name: show('person', msg`Family name`, (user) => user.family_name),
  nickname: show('person', msg`Nickname`, (user) => user.nickname),
  phone_number: show('person', msg`Phone`, (user) => user.phone_number),
  address: show('person', msg({ message: 'Address', context: 'postal' }), describeAddress),
  profile: show('person', msg({ message: 'Profile', context: 'web page' }), (user) => user.profile),
  picture: show('person', msg`Picture`, (user) => user.picture),
  language: show('person', msg({ message: 'Language', context: 'user' }), (user) => user.language),
  locale: show('person', msg`Locale`, (user) => user.locale),
  zoneinfo: show('person', msg`Time zone`, (user) => user.zoneinfo),
  title: show('work', msg({ message: 'Title', context: 'job' }), (user) => user.title),
  department: show('work', msg`Department`, (user) => user.department),
  division: show('work', msg`Division`, (user) => user.division),
  organization: show('work', msg({ message: 'Organization', context: 'user' }), (user) => user.organization),
  cost_center: show('work', msg`Cost center`, (user) => user.cost_center),
  employee_id: show('work', msg`Employee ID`, (user) => user.employee_id),
  user_type: show('work', msg`User type`, (user) => user.user_type),
  manager: show('work', msg`Manager`, ({ manager }) => manager?.display_name ?? manager?.value ?? null),
  custom_attributes: {
    section: 'custom',
    read: (user) => Object.entries(user.custom_attributes).map(([key, value]) => [key, toText(value)]),
  },
};

/** The normalized fields of a user as labelled texts, in reading order; what the provider did not send is left out. */
export function describeUser(user: DirectoryUser): UserDescription {
  const sections = (['person', 'work', 'custom'] as const).map((section) => ({
    title: i18n._(TITLES[section]),
    facts: describeSection(user, section),
  }));
  return {
    account: describeSection(user, 'account'),
    sections: sections.filter((section) => section.facts.length > 0),
  };
}

function describeSection(user: DirectoryUser, section: Section): UserFact[] {
  return Object.values(FIELDS)
    .flatMap((field) => (field?.section === section ? field.read(user) : []))
    .flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

function show(section: Section, label: MessageDescriptor, read: (user: DirectoryUser) => string | null): Shown {
  return { section, read: (user) => [[i18n._(label), read(user)]] };
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

import type { DirectoryUser } from '@rollcall/sdk';

export interface UserFact {
  label: string;
  value: string;
}

export interface UserDescription {
  account: UserFact[];
  /** Only sections that have something to show. */
  sections: { title: string; facts: UserFact[] }[];
}

/** The normalized fields of a user as labelled texts, in reading order; what the provider did not send is left out. */
export function describeUser(user: DirectoryUser): UserDescription {
  const others = user.emails.filter((email) => email.value !== user.email).map((email) => email.value);
  const account = pick([
    ['User name', user.preferred_username],
    ['Email', user.email],
    ['Other emails', others.join(', ')],
    ['Roles', user.roles.map((role) => role.role_name).join(', ')],
    ['External ID', user.dp_id],
  ]);
  const sections = [
    { title: 'Person', facts: describePerson(user) },
    { title: 'Work', facts: describeWork(user) },
    {
      title: 'Custom attributes',
      facts: pick(Object.entries(user.custom_attributes).map(([key, value]) => [key, toText(value)])),
    },
  ];
  return { account, sections: sections.filter((section) => section.facts.length > 0) };
}

function describePerson(user: DirectoryUser): UserFact[] {
  return pick([
    ['Given name', user.given_name],
    ['Family name', user.family_name],
    ['Nickname', user.nickname],
    ['Phone', user.phone_number],
    ['Address', describeAddress(user)],
    ['Profile', user.profile],
    ['Picture', user.picture],
    ['Language', user.language],
    ['Locale', user.locale],
    ['Time zone', user.zoneinfo],
  ]);
}

function describeWork(user: DirectoryUser): UserFact[] {
  return pick([
    ['Title', user.title],
    ['Department', user.department],
    ['Division', user.division],
    ['Organization', user.organization],
    ['Cost center', user.cost_center],
    ['Employee ID', user.employee_id],
    ['User type', user.user_type],
    ['Manager', user.manager?.display_name ?? user.manager?.value ?? null],
  ]);
}

function describeAddress({ address }: DirectoryUser): string | null {
  if (!address) return null;
  if (address.formatted) return address.formatted;
  const { street_address, locality, region, state, postal_code, country } = address;
  const parts = [street_address, [postal_code, locality].filter(Boolean).join(' '), region ?? state, country];
  return parts.filter(Boolean).join(', ');
}

function pick(entries: [string, string | null][]): UserFact[] {
  return entries.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

import type { Person } from '@rollcall/idp-simulator';
import { buildOktaUser } from '../../../../libs/testing/src/build-okta-user';

/** How much one directory has to import. */
export interface ImportSize {
  users: number;
  groups: number;
  /** Of each group. */
  members: number;
}

/** The share of one of so many directories that import together. */
export function divideSize({ users, groups, members }: ImportSize, directories: number): ImportSize {
  return { users: users / directories, groups: groups / directories, members };
}

/** The users of a group, by their numbers in the directory: each group has others than the one before, all are in as many. */
export function membersOf(group: number, { users, members }: ImportSize): number[] {
  return Array.from({ length: members }, (_, index) => (group * members + index) % users);
}

/** What of `buildOktaUser` an identity provider knows as texts of a person. */
type Known = Pick<
  Person,
  'userName' | 'nickName' | 'title' | 'userType' | 'locale' | 'timezone' | 'preferredLanguage'
> & {
  name: Pick<Person, 'givenName' | 'familyName'>;
};

/** The user `buildOktaUser(n)` as a person whom the identity provider knows. */
export function buildPerson(n: number): Person {
  const { name, ...known } = buildOktaUser(n) as unknown as Known;
  const { userName, nickName, title, userType, locale, timezone, preferredLanguage } = known;
  return {
    id: `00u${String(n).padStart(17, '0')}`,
    userName,
    givenName: name.givenName,
    familyName: name.familyName,
    email: userName,
    displayName: `${name.givenName} ${name.familyName}`,
    nickName,
    title,
    userType,
    locale,
    timezone,
    preferredLanguage,
    employeeNumber: String(100_000 + n),
    department: 'Engineering',
    division: 'Product',
    costCenter: `CC-${n % 50}`,
    workPhone: `+1 555 ${String(n % 10_000_000).padStart(7, '0')}`,
  };
}

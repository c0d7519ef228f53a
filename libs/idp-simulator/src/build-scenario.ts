import type { Action, Group, Person, Scenario } from './scenario';

const GIVEN_NAMES = [
  'Ada',
  'Bruno',
  'Chiara',
  'Dmitri',
  'Elif',
  'Femi',
  'Grace',
  'Hiro',
  'Ines',
  'Jonas',
  'Khadija',
  'Łukasz',
];
const FAMILY_NAMES = [
  'Marlow',
  'Nakamura',
  'Okafor',
  'Petrov',
  'Quist',
  'Rossi',
  'Sørensen',
  'Tanaka',
  'Usman',
  'Vidal',
  'Weber',
];

const DEPARTMENTS = [
  { name: 'Engineering', titles: ['Software Engineer', 'Site Reliability Engineer'], costCenter: 'CC-100' },
  { name: 'Design', titles: ['Product Designer', 'Researcher'], costCenter: 'CC-200' },
  { name: 'Sales', titles: ['Account Executive', 'Sales Engineer'], costCenter: 'CC-300' },
  { name: 'Finance', titles: ['Controller', 'Analyst'], costCenter: 'CC-400' },
];

const PLACES = [
  {
    streetAddress: 'Storgata 1',
    locality: 'Oslo',
    postalCode: '0155',
    country: 'NO',
    locale: 'nb-NO',
    timezone: 'Europe/Oslo',
  },
  {
    streetAddress: '1 Main St',
    locality: 'Boston',
    region: 'MA',
    postalCode: '02101',
    country: 'US',
    locale: 'en-US',
    timezone: 'America/New_York',
  },
  {
    streetAddress: '三番町 5',
    locality: 'Tokyo',
    postalCode: '102-0075',
    country: 'JP',
    locale: 'ja-JP',
    timezone: 'Asia/Tokyo',
  },
];

/** The one who is offboarded, returns and leaves for good in every scenario. */
const LEAVER = 2;
const MOVER = 1;

/**
 * A small company and a working day of its identity provider: everybody is assigned, the departments' groups are pushed, then
 * people change jobs, leave and return, and groups are renamed and removed.
 * @param options `people`: how many, at least 4. The same number always gives the same scenario.
 */
export function buildScenario({ people: count }: { people: number }): Scenario {
  if (!Number.isInteger(count) || count < 4) throw new RangeError('a scenario needs at least 4 people');
  const people = Array.from({ length: count }, (_, index) => buildPerson(index));
  const groups = buildGroups(people);
  return { people, groups, actions: buildDay(people, groups) };
}

function buildPerson(index: number): Person {
  const givenName = pick(GIVEN_NAMES, index);
  const familyName = pick(FAMILY_NAMES, index);
  const department = pick(DEPARTMENTS, index);
  const { locale, timezone, ...address } = pick(PLACES, index);
  const round = Math.floor(index / (GIVEN_NAMES.length * FAMILY_NAMES.length));
  const userName = `${toAscii(givenName)}.${toAscii(familyName)}${round > 0 ? round + 1 : ''}@northwind.example`;
  return {
    id: `00u${index.toString(36).padStart(17, '0')}`,
    userName,
    email: userName,
    givenName,
    familyName,
    displayName: `${givenName} ${familyName}`,
    title: pick(department.titles, Math.floor(index / DEPARTMENTS.length)),
    userType: index % 5 === 4 ? 'Contractor' : 'Employee',
    locale,
    timezone,
    employeeNumber: String(1000 + index),
    department: department.name,
    costCenter: department.costCenter,
    organization: 'Northwind',
    workPhone: `+47 555 ${String(index).padStart(4, '0')}`,
    address,
    ...(index > 0 ? { managerId: `00u${'0'.repeat(17)}` } : {}),
    ...(index % 4 === 0 ? { roles: { form: 'typed' as const, values: ['member'] } } : {}),
  };
}

function buildGroups(people: Person[]): Group[] {
  const departments = DEPARTMENTS.map(({ name }, index) => ({
    id: `00g${index.toString(36).padStart(17, '0')}`,
    name,
    members: people.filter((person) => person.department === name).map((person) => person.id),
  }));
  const everyone = {
    id: `00g${'everyone'.padStart(17, '0')}`,
    name: 'Everyone at Northwind',
    members: people.map((person) => person.id),
  };
  return [...departments, everyone];
}

function buildDay(people: Person[], groups: Group[]): Action[] {
  const [boss, mover, leaver] = [0, MOVER, LEAVER].map((index) => people[index]?.id ?? '');
  const [engineering, design, sales, finance] = groups.map((group) => group.id);
  if (!boss || !mover || !leaver || !engineering || !design || !sales || !finance)
    throw new RangeError('scenario too small');
  return [
    { kind: 'test-connection' },
    ...people.map((person): Action => ({ kind: 'assign', person: person.id })),
    ...groups.map((group): Action => ({ kind: 'push-group', group: group.id })),
    {
      kind: 'change-profile',
      person: mover,
      set: { title: 'Engineering Manager', department: 'Engineering', costCenter: 'CC-100' },
    },
    { kind: 'change-members', group: design, add: [], remove: [mover] },
    { kind: 'change-members', group: engineering, add: [mover], remove: [] },
    {
      kind: 'change-profile',
      person: boss,
      set: { familyName: 'Lovelace', displayName: 'Ada Lovelace', workPhone: undefined },
    },
    { kind: 'rename-group', group: sales, name: 'Sales & Partnerships' },
    { kind: 'deactivate', person: leaver },
    { kind: 'reactivate', person: leaver },
    { kind: 'change-members', group: sales, add: [mover], remove: [leaver] },
    { kind: 'refill-group', group: engineering },
    { kind: 'unassign', person: leaver },
    { kind: 'remove-group', group: finance },
  ];
}

function pick<T>(values: readonly T[], index: number): T {
  return values[index % values.length] as T;
}

/** User names are ASCII, names of people are not. */
function toAscii(text: string): string {
  const plain = text.normalize('NFD').replaceAll(/\p{Diacritic}/gu, '');
  return plain.replaceAll('ł', 'l').replaceAll('Ł', 'L').replaceAll('ø', 'o').toLowerCase();
}

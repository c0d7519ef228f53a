import type { Random } from './create-random';
import { ACME, anyText, CORE_USER, ENTERPRISE } from './generate-json';

/** Attribute paths that exist, nearly exist and cannot exist. */
export const PATHS = [
  'id',
  'userName',
  'externalId',
  'displayName',
  'title',
  'active',
  'name',
  'name.givenName',
  'emails',
  'emails.value',

  'emails.type',
  'emails.primary',
  'roles',
  'groups',
  'groups.value',
  'members',
  'members.value',
  'meta',
  'meta.created',

  'meta.lastModified',
  'meta.version',
  'schemas',
  'password',
  'x509Certificates.value',
  'addresses.country',
  'manager',

  'department',
  `${ENTERPRISE}:manager.value`,
  `${ENTERPRISE}:department`,
  ENTERPRISE,
  CORE_USER,
  `${CORE_USER}:userName`,

  ACME,
  `${ACME}:level`,
  `${ACME}:tags`,
  'shoeSize',
  'urn:nobody:1.0:User:x',
  'USERNAME',
  'nothing.here',
  '$ref',
  'a.b.c',

  '__proto__',
  'constructor.name',
  'emails.__proto__',
  '1st',
  'é',
  'urn:',
  ':',
  '.',
  'a-b',
  'members.$ref',
  'name.formatted',
] as const;

const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'EQ', 'pr', 'like'];

/** Values that filters meet: literals of the stored data, so that some match. */
export function anyFilter(random: Random, values: readonly string[], depth = 0): string {
  const kind = random.below(depth > 3 ? 3 : 7);
  if (kind === 3) return `not (${anyFilter(random, values, depth + 1)})`;
  if (kind === 4) return `(${anyFilter(random, values, depth + 1)})`;
  if (kind === 5) {
    const joint = random.pick([' and ', ' or ', ' AND ', '  or  ']);
    return random.times(2 + random.below(2), () => anyFilter(random, values, depth + 1)).join(joint);
  }
  const path = random.pick(PATHS);
  if (kind === 6) return `${path}[${anyFilter(random, values, depth + 2)}]${random.chance(0.2) ? '.value eq "x"' : ''}`;
  const operator = random.pick(OPERATORS);
  return operator === 'pr' ? `${path} pr` : `${path} ${operator} ${anyLiteral(random, values)}`;
}

function anyLiteral(random: Random, values: readonly string[]): string {
  if (random.chance(0.4) && values.length > 0) return JSON.stringify(random.pick(values));
  if (random.chance(0.5)) return JSON.stringify(anyText(random).slice(0, 200));
  return random.pick([
    'true',
    'false',
    'null',
    '0',
    '-1.5e3',
    '1e400',
    '"2026-11-21T00:00:00Z"',
    'nothing',
    '"',
    '""',
    "'x'",
  ]);
}

/** Text with characters dropped, doubled, swapped or put in. */
export function mutateText(random: Random, text: string): string {
  let mutated = text;
  for (let edits = 1 + random.below(3); edits > 0; edits--) {
    const at = random.below(mutated.length + 1);
    const middle = random.pick([
      '',
      mutated.slice(at, at + 1).repeat(2),
      random.pick('()[]"\\. :eo\u0000é'.split('')),
      ' and ',
    ]);
    mutated = mutated.slice(0, at) + middle + mutated.slice(at + 1);
  }
  return mutated;
}

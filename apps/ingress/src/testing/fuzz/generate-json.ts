import type { Random } from './create-random';

/** A number as its JSON text, which JavaScript could not hold. */
export class RawNumber {
  constructor(readonly text: string) {}
}

/** An object as the list of its members, so that keys may repeat and `__proto__` is a key like any other. */
export class RawObject {
  constructor(readonly members: [key: string, value: unknown][]) {}
}

export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ACME = 'urn:acme:params:scim:schemas:extension:acme:2.0:User';

/** Text that breaks parsers, stores, comparisons and the objects it becomes a key of. */
export const ODD_TEXTS = [
  '',
  ' ',
  '\t\n',
  '"',
  '\\',
  "'",
  '`',
  '%',
  '_',
  '%00',
  '../..',
  '<script>',
  '{{7*7}}',
  '$1',
  "'; DROP TABLE x; --",

  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udc00y',
  '\ufeff',
  '\u202e',
  '\u0130',
  'ß',
  'ǅ',
  'e\u0301',
  '👩‍👩‍👧',
  '\uffff',
  '𝕊𝕔',

  'null',
  'true',
  'True',
  'FALSE',
  '0',
  '1e5',
  'NaN',
  '[]',
  '{}',
  'bulkId:a',
  'bulkId:',
  'undefined',
  '[object Object]',

  '2026-11-21T10:00:00Z',
  '2026-02-30T00:00:00Z',
  '0000-00-00T00:00:00Z',
  '9999-12-31T23:59:59.999999999+14:00',
  'W/"1"',
] as const;

const HOSTILE_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'length',
  'then',
  'toJSON',
  '',

  'schemas',
  'id',
  'meta',
  'groups',
  'members',
  'password',
  'userName',
  'USERNAME',
  'active',
  'emails',
  'name',
  '$ref',

  'name.givenName',
  'emails[type eq "work"].value',
  'a.b',
  'a[0]',
  'é',
  'a b',
  '\u0000',
  '\ud800',
  'value',
  'type',
  'primary',

  CORE_USER,
  CORE_GROUP,
  ENTERPRISE,
  ACME,
  `${ENTERPRISE}:department`,
  `${CORE_USER}:title`,
  'urn:',
  ':',
  'x'.repeat(300),
];

const NUMBERS = [
  '0',
  '-0',
  '-1',
  '1.5',
  '9007199254740993',
  '1e308',
  '1e400',
  '-1e400',
  '1e-400',
  '123456789012345678901234567890',
];

export function anyKey(random: Random): string {
  return random.chance(0.7) ? random.pick(HOSTILE_KEYS) : random.pick(ODD_TEXTS);
}

export function anyText(random: Random): string {
  if (random.chance(0.05)) return random.pick(['x', 'é', '\\', '🦊']).repeat(random.below(5_000));
  const text = random.pick(ODD_TEXTS);
  return random.chance(0.3) ? text + random.pick(ODD_TEXTS) : text;
}

/** Any JSON value, to be written by `printJson`. */
export function anyJson(random: Random, depth = 0): unknown {
  const kind = random.below(depth > 4 ? 5 : 9);
  switch (kind) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return new RawNumber(random.pick(NUMBERS));
    case 3:
    case 4:
      return anyText(random);
    case 5:
    case 6:
      return random.times(random.below(4), () => anyJson(random, depth + 1));
    default:
      return new RawObject(random.times(random.below(5), () => [anyKey(random), anyJson(random, depth + 1)]));
  }
}

/** Arrays or objects nested far deeper than any resource. */
export function deepJson(random: Random): unknown {
  let value: unknown = random.pick([1, null, 'x']);
  const isArray = random.chance(0.5);
  for (let depth = random.pick([10, 31, 33, 100, 2_000]); depth > 0; depth--) {
    value = isArray ? [value] : new RawObject([[random.pick(['a', 'name', '__proto__', 'value']), value]]);
  }
  return value;
}

/** JSON text. Iterative where values can be deep: arrays and objects are printed by an explicit stack. */
export function printJson(value: unknown): string {
  const parts: string[] = [];
  const rest: unknown[] = [value];
  while (rest.length > 0) {
    const top = rest.pop();
    if (top instanceof Printed) parts.push(top.text);
    else if (top instanceof RawNumber) parts.push(top.text);
    else if (Array.isArray(top))
      pushList(
        rest,
        '[',
        ']',
        top.map((element: unknown) => [element]),
      );
    else if (typeof top === 'object' && top !== null) {
      const members = top instanceof RawObject ? top.members : Object.entries(top);
      pushList(
        rest,
        '{',
        '}',
        members.map(([key, held]) => [new Printed(`${JSON.stringify(key)}:`), held]),
      );
    } else parts.push(JSON.stringify(top) ?? 'null');
  }
  return parts.join('');
}

class Printed {
  constructor(readonly text: string) {}
}

/** Puts a list on the stack, last part first. */
function pushList(rest: unknown[], open: string, close: string, items: unknown[][]): void {
  rest.push(new Printed(close));
  for (let index = items.length - 1; index >= 0; index--) {
    rest.push(...(items[index] ?? []).toReversed());
    if (index > 0) rest.push(new Printed(','));
  }
  rest.push(new Printed(open));
}

/** A value with one thing about it changed: replaced, dropped, repeated, wrapped, renamed or moved. */
export function mutateJson(random: Random, value: unknown): unknown {
  if (random.chance(0.15)) return anyJson(random);
  if (Array.isArray(value)) return mutateList(random, value);
  if (typeof value !== 'object' || value === null || value instanceof RawNumber) {
    return random.pick<() => unknown>([() => anyJson(random), () => [value], () => ({ value })])();
  }
  const members = (value instanceof RawObject ? value.members : Object.entries(value)).map(
    ([key, held]): [string, unknown] => [key, held],
  );
  const at = random.below(members.length);
  const member = members[at];
  if (!member || random.chance(0.1)) members.push([anyKey(random), anyJson(random)]);
  else if (random.chance(0.6)) members[at] = [member[0], mutateJson(random, member[1])];
  else if (random.chance(0.3)) members.splice(at, 1);
  else if (random.chance(0.25)) members.push(member);
  else
    members[at] = [
      random.chance(0.5) ? random.pick([member[0].toUpperCase(), ` ${member[0]}`]) : anyKey(random),
      member[1],
    ];
  return new RawObject(members);
}

function mutateList(random: Random, list: unknown[]): unknown {
  const at = random.below(list.length);
  if (list.length === 0 || random.chance(0.2)) return [...list, anyJson(random)];
  if (random.chance(0.5)) return list.map((element, index) => (index === at ? mutateJson(random, element) : element));
  return random.pick<() => unknown>([
    () => list.filter((_, index) => index !== at),
    () => [...list, list[at]],
    () => list[at],
    () => [list],
  ])();
}

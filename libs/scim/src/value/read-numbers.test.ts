import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateFilter } from '../filter/evaluate-filter';
import { parseFilter } from '../filter/parse-filter';
import { refusal } from '../fixtures/refusal';
import type { JsonValue, ScimResource } from '../json';
import { applyPatch } from '../patch/apply-patch';
import { readResource } from '../resource/read-resource';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { groupResourceType, userResourceType } from '../schema/resource-types';
import { printDecimal } from './print-decimal';

const number = fc.oneof(fc.maxSafeInteger(), fc.double({ min: -1e9, max: 1e9, noNaN: true }));

/** A body with a value in a place for text, the path of that place, and the attribute that a PATCH names. */
const PLACES: [string, (value: JsonValue) => Record<string, JsonValue>][] = [
  ['externalId', (value) => ({ externalId: value })],
  ['userName', (value) => ({ userName: value })],
  ['title', (value) => ({ title: value })],
  ['name.familyName', (value) => ({ name: { familyName: value } })],
  ['phoneNumbers.value', (value) => ({ phoneNumbers: [{ value, type: 'work' }] })],
  ['addresses.postalCode', (value) => ({ addresses: [{ postalCode: value }] })],
  [`${ENTERPRISE_USER_URN}:employeeNumber`, (value) => ({ [ENTERPRISE_USER_URN]: { employeeNumber: value } })],
  [`${ENTERPRISE_USER_URN}:manager`, (value) => ({ [ENTERPRISE_USER_URN]: { manager: value } })],
];

const read = (body: object): ScimResource => readResource({ userName: 'u', ...body }, userResourceType).resource;

describe('a number where text belongs', () => {
  it.each(PLACES)('is the decimal text of it, and is found by that: %s', (path, bodyOf) => {
    fc.assert(
      fc.property(number, (value) => {
        const text = printDecimal(value) ?? '';
        const resource = read(bodyOf(value));
        expect(resource).toEqual(read(bodyOf(text)));
        expect(evaluateFilter(parseFilter(`${path} eq "${text}"`), resource, userResourceType)).toBe(true);
        const operation = { op: 'replace' as const, value: bodyOf(value) };
        expect(applyPatch(resource, [operation], userResourceType, { strict: true }).changed).toBe(false);
      }),
    );
  });

  it('is text in a list of bare values, in roles and among members', () => {
    expect(read({ phoneNumbers: [4930123456], roles: [7] })).toMatchObject({
      phoneNumbers: [{ value: '4930123456' }],
      roles: ['7'],
    });
    const group = { displayName: 42, members: [{ value: 1001 }, 1002] };
    expect(readResource(group, groupResourceType)).toMatchObject({
      resource: { displayName: '42' },
      members: ['1001', '1002'],
    });
  });

  it('is removed from a list as the text that it became', () => {
    const operation = { op: 'remove' as const, path: 'phoneNumbers', value: [{ value: 1 }] };
    const patched = applyPatch(read({ phoneNumbers: [1, 2] }), [operation], userResourceType, { strict: false });
    expect(patched.resource['phoneNumbers']).toEqual([{ value: '2' }]);
  });

  it.each([2 ** 53, -1e20])('is refused where parsing may have lost digits (%d)', (value) => {
    expect(refusal(() => read({ externalId: value }))).toBe('400 invalidValue');
    expect(() => read({ externalId: value })).toThrow('Send a number of so many digits as text, in quotes.');
  });

  it.each<JsonValue>([true, {}, ['x', 'y']])(
    'is the only other type that text is read from, and %j is not',
    (value) => {
      expect(refusal(() => read({ title: value }))).toBe('400 invalidValue');
    },
  );
});

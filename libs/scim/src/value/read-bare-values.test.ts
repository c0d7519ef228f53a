import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateFilter } from '../filter/evaluate-filter';
import { parseFilter } from '../filter/parse-filter';
import { refusal } from '../fixtures/refusal';
import type { JsonValue, ScimResource } from '../json';
import { applyPatch } from '../patch/apply-patch';
import type { PatchOperation } from '../patch/parse-patch-request';
import { readResource } from '../resource/read-resource';
import { userResourceType } from '../schema/resource-types';

const read = (body: object): ScimResource => readResource({ userName: 'u', ...body }, userResourceType).resource;

function patch(before: object, ...operations: PatchOperation[]): ScimResource {
  return applyPatch(read(before), operations, userResourceType, { strict: false }).resource;
}

/** Attributes whose values are objects that have a `value` of text. */
const list = fc.constantFrom('emails', 'phoneNumbers', 'ims', 'photos');
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });

describe('a bare text where an object with a value belongs', () => {
  it('is read as that object, alone or in a list, and found by it', () => {
    fc.assert(
      fc.property(list, text, (name, value) => {
        const asObject = read({ [name]: [{ value }] });
        expect(read({ [name]: [value] })).toEqual(asObject);
        expect(read({ [name]: value })).toEqual(asObject);
        expect(read({ [name]: [{ value }, value] })).toEqual(asObject);
        const filter = parseFilter(`${name}.value eq ${JSON.stringify(value)}`);
        expect(evaluateFilter(filter, asObject, userResourceType)).toBe(true);
      }),
    );
  });

  it('means the same in a PATCH, with and without path', () => {
    fc.assert(
      fc.property(list, text, fc.constantFrom('add' as const, 'replace' as const), (name, value, op) => {
        const before = { [name]: [{ value: 'before', type: 'work' }] };
        for (const sent of [value, [value]]) {
          const expected = patch(before, { op, path: name, value: [{ value }] });
          expect(patch(before, { op, path: name, value: sent })).toEqual(expected);
          expect(patch(before, { op, value: { [name]: sent } })).toEqual(expected);
        }
        const selected: PatchOperation = { op, path: `${name}[type eq "work"]`, value };
        expect(patch(before, selected)[name]).toEqual([{ value, type: 'work' }]);
      }),
    );
  });

  it.each(['', [''], [{ value: 'a' }, '']])('says nothing when it is empty (%j)', (emails) => {
    const expected = Array.isArray(emails) && emails.length > 1 ? [{ value: 'a' }] : undefined;
    expect(read({ emails })['emails']).toEqual(expected);
  });

  it('stays bare where the attribute takes that', () => {
    expect(read({ roles: ['admin'], entitlements: 'gold' })).toMatchObject({
      roles: ['admin'],
      entitlements: ['gold'],
    });
  });

  it.each<[string, JsonValue]>([
    ['addresses', ['1 Main Street']],
    ['name', 'Barbara Jensen'],
    ['emails', [true]],
    ['emails', [['a@x']]],
    ['x509Certificates', ['not base64!']],
  ])('is refused where it would be a guess: %s %j', (name, value) => {
    expect(refusal(() => read({ [name]: value }))).toBe('400 invalidValue');
  });
});

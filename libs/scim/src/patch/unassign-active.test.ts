import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../json';
import { readResource } from '../resource/read-resource';
import { replaceResource } from '../resource/replace-resource';
import { userResourceType } from '../schema/resource-types';
import { USER_URN } from '../schema/user-schema';
import { applyPatch } from './apply-patch';
import type { PatchOperation } from './parse-patch-request';

const path = fc.constantFrom('active', 'ACTIVE', `${USER_URN}:active`);
const nothing = fc.constantFrom<JsonValue>(null, [], [null]);

/** Every way to say that `active` has no value. */
const operation: fc.Arbitrary<PatchOperation> = fc.oneof(
  fc.record({ op: fc.constantFrom('replace' as const, 'add' as const), path, value: nothing }),
  fc.record({ op: fc.constant('remove' as const), path }),
  fc.record({ op: fc.constant('remove' as const), path, value: fc.constantFrom(true, false) }),
  fc.record({ op: fc.constantFrom('replace' as const, 'add' as const), value: nothing.map((active) => ({ active })) }),
  fc.record({
    op: fc.constant('replace' as const),
    value: nothing.map((active) => ({ [USER_URN]: { active } })),
  }),
);

describe('active without a value', () => {
  it.each([true, false])('keeps %s, whatever the PATCH, and is no change', (active) => {
    const user = readResource({ userName: 'bjensen', active }, userResourceType).resource;
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 3 }), fc.boolean(), (operations, strict) => {
        expect(applyPatch(user, operations, userResourceType, { strict })).toEqual({ resource: user, changed: false });
      }),
    );
  });

  it.each([{}, { active: null }, { [USER_URN]: { active: null } }])('keeps what is stored on a PUT of %j', (sent) => {
    const user = readResource({ userName: 'bjensen', active: false }, userResourceType).resource;
    const next = readResource({ userName: 'bjensen', ...sent }, userResourceType).resource;
    expect(replaceResource(user, next, userResourceType)).toEqual({ resource: user, changed: false });
  });

  it('does not outlast a value that comes with it', () => {
    const user = readResource({ userName: 'bjensen', active: false }, userResourceType).resource;
    const operations: PatchOperation[] = [
      { op: 'remove', path: 'active' },
      { op: 'add', path: 'active', value: 'True' },
    ];
    expect(applyPatch(user, operations, userResourceType, { strict: false }).resource['active']).toBe(true);
  });
});

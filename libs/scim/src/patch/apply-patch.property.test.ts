import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue, ScimResource } from '../json';
import { resolveAttributePath } from '../path/resolve-attribute-path';
import { readResource } from '../resource/read-resource';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { groupResourceType, userResourceType } from '../schema/resource-types';
import { ScimError } from '../scim-error';
import { applyPatch } from './apply-patch';
import { parsePatchRequest } from './parse-patch-request';
import type { PatchOperation } from './parse-patch-request';
import { planGroupPatch } from './plan-group-patch';

const base: ScimResource = readResource(
  {
    userName: 'bjensen',
    title: 'Boss',
    name: { givenName: 'Barbara', familyName: 'Jensen' },
    active: true,
    emails: [
      { value: 'work@x', type: 'work', primary: true },
      { value: 'home@x', type: 'home' },
    ],
    roles: ['admin', { value: 'billing' }],
    favoriteColor: 'blue',
    [ENTERPRISE_USER_URN]: { department: 'Sales', manager: { value: 'm1' } },
    'urn:x:custom:2.0:User': { tag: 'a' },
  },
  userResourceType,
).resource;

const paths = [
  'userName',
  'title',
  'name',
  'name.givenName',
  'active',
  'emails',
  'emails.value',
  'emails[type eq "work"].value',
  'emails[type eq "other"]',
  'emails[primary eq "True"].primary',
  'roles',
  'roles[value eq "admin"].display',
  'favoriteColor',
  'favoriteColor.shade',
  'newThing',
  'newThing[a eq "b"].c',
  'manager',
  ENTERPRISE_USER_URN,
  `${ENTERPRISE_USER_URN}:department`,
  `${ENTERPRISE_USER_URN}:manager.value`,
  'urn:x:custom:2.0:User:tag',
  'urn:x:custom:2.0:User',
  'members',
  'members[value eq "a"]',
];

const hostile = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty');
const key = fc.oneof(
  fc.constantFrom(...paths, 'value', 'type', 'primary', 'id', 'meta', 'schemas'),
  hostile,
  fc.string(),
);
const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonValue>(null, true, false, 'True', '', 'x', 'work', 1, -0.5),
    fc.string({ unit: 'binary' }),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('json')), { maxLength: 4 }).map((entries): JsonValue => Object.fromEntries(entries)),
  ),
}));
const path = fc.oneof(
  fc.constantFrom(...paths),
  hostile,
  hostile.map((name) => `name.${name}`),
  fc.string(),
);
const operation: fc.Arbitrary<JsonValue> = fc
  .record({ op: fc.constantFrom('add', 'Remove', 'REPLACE', 'x'), path, value: json }, { requiredKeys: ['op'] })
  .map((fields): JsonObject => ({ ...fields }));
const request = fc
  .array(operation, { minLength: 1, maxLength: 4 })
  .map((Operations) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations }));

const original = JSON.stringify(base);

/** The result, or undefined when refused with a 4xx ScimError; anything else thrown fails the property. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof ScimError && error.status >= 400 && error.status < 500) return undefined;
    throw error;
  }
}

describe('applyPatch on any request', () => {
  it('gives a result or a 4xx, leaves what it was given alone, and pollutes no prototype', () => {
    const inherited = Object.getOwnPropertyNames(Object.prototype).toSorted().join();
    fc.assert(
      fc.property(request, fc.boolean(), (body, strict) => {
        const result = attempt(() => applyPatch(base, parsePatchRequest(body), userResourceType, { strict }));
        expect(JSON.stringify(base)).toBe(original);
        expect(Object.getOwnPropertyNames(Object.prototype).toSorted().join()).toBe(inherited);
        assertCanonical(result?.resource ?? base);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives a resource that reads back as itself', () => {
    fc.assert(
      fc.property(request, (body) => {
        const result = attempt(() => applyPatch(base, parsePatchRequest(body), userResourceType, { strict: false }));
        if (result === undefined) return;
        expect(readResource(result.resource, userResourceType).resource).toEqual(result.resource);
      }),
      { numRuns: 1000 },
    );
  });

  it('changes nothing that no operation names', () => {
    const named = fc.constantFrom(...paths.filter((text) => !text.startsWith('members')));
    const operations = fc.array(
      fc.record({ op: fc.constantFrom<PatchOperation['op']>('add', 'remove', 'replace'), path: named, value: json }),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(operations, (list) => {
        const result = attempt(() => applyPatch(base, list, userResourceType, { strict: false }));
        if (result === undefined) return;
        const touched = new Set(['schemas', ...list.map((each) => topLevelKey(each.path))]);
        const keys = [...Object.keys(base), ...Object.keys(result.resource)].filter((key) => !touched.has(key));
        expect(keys.filter((key) => result.resource[key] !== base[key])).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('is atomic: with a refused operation at the end nothing is applied', () => {
    fc.assert(
      fc.property(request, (body) => {
        const operations = attempt(() => parsePatchRequest(body)) ?? [];
        const bad: PatchOperation = { op: 'replace', path: 'userName', value: '' };
        expect(
          attempt(() => applyPatch(base, [...operations, bad], userResourceType, { strict: false })),
        ).toBeUndefined();
        expect(JSON.stringify(base)).toBe(original);
      }),
      { numRuns: 500 },
    );
  });
});

describe('planGroupPatch on any request', () => {
  it('gives steps of distinct members and operations without members, or a 4xx', () => {
    fc.assert(
      fc.property(request, (body) => {
        const plan = attempt(() => planGroupPatch(parsePatchRequest(body), groupResourceType));
        if (plan === undefined) return;
        for (const step of plan.membership) {
          if (step.kind === 'removeAll') continue;
          expect(step.members.length).toBeGreaterThan(0);
          expect(new Set(step.members).size).toBe(step.members.length);
        }
        const group = readResource({ displayName: 'g' }, groupResourceType).resource;
        const result = attempt(() => applyPatch(group, plan.attributeOperations, groupResourceType, { strict: false }));
        expect(Object.keys(result?.resource ?? {})).not.toContain('members');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('readResource on any body', () => {
  it('gives a canonical resource that reads back as itself, or a 4xx', () => {
    const body = fc.oneof(
      json,
      json.map((value) => (typeof value === 'object' && !Array.isArray(value) ? { ...value, userName: 'x' } : value)),
    );
    fc.assert(
      fc.property(body, (value) => {
        const result = attempt(() => readResource(value, userResourceType));
        if (result === undefined) return;
        assertCanonical(result.resource);
        expect(readResource(result.resource, userResourceType).resource).toEqual(result.resource);
      }),
      { numRuns: 1000 },
    );
  });
});

function assertCanonical(resource: ScimResource): void {
  expect(findUnsafe(resource)).toEqual([]);
  expect(Object.values(resource)).not.toContain(null);
  expect(Object.values(resource)).not.toContainEqual([]);
  for (const name of ['emails', 'roles']) {
    const values = (resource[name] ?? []) as JsonValue[];
    const primary = values.filter((value) => typeof value === 'object' && (value as JsonObject)['primary'] === true);
    expect(primary.length).toBeLessThan(2);
  }
}

/** The objects within that have another prototype than they should, or a key that reaches it. */
function findUnsafe(value: JsonValue): JsonValue[] {
  if (typeof value !== 'object' || value === null) return [];
  const expected: unknown = Array.isArray(value) ? Array.prototype : Object.prototype;
  const unsafe = Object.keys(value).some((name) => /^(__proto__|constructor|prototype)$/.test(name));
  const own = unsafe || Object.getPrototypeOf(value) !== expected ? [value] : [];
  return [...own, ...Object.values(value).flatMap(findUnsafe)];
}

function topLevelKey(text: string): string {
  const { container, attribute } = resolveAttributePath(userResourceType, text.split('[')[0] ?? '');
  return container ?? attribute ?? '';
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json';
import { readResource } from '../resource/read-resource';
import { ENTERPRISE_USER_URN } from '../schema/enterprise-user-schema';
import { groupResourceType, userResourceType } from '../schema/resource-types';
import { USER_URN } from '../schema/user-schema';
import { learnExtensions } from './learn-extensions';
import { observeExtensions } from './observe-extensions';
import { renderResourceTypes } from './render-resource-types';
import { renderSchemas } from './render-schemas';

const BADGE = 'urn:acme:params:scim:schemas:extension:badge:2.0:User';
const types = [userResourceType, groupResourceType];

const observe = (body: JsonObject, type = userResourceType) =>
  observeExtensions(readResource({ userName: 'x', displayName: 'x', ...body }, type).resource, type);
const schemasOf = (...bodies: JsonObject[]): Map<unknown, JsonObject> =>
  new Map(
    renderSchemas(
      learnExtensions(
        types,
        bodies.flatMap((body) => observe(body)),
      ),
      'b',
    ).map((s) => [s['id'], s]),
  );
const attributesOf = (schema: JsonObject | undefined): unknown =>
  ((schema?.['attributes'] ?? []) as JsonObject[]).map(({ name, type, multiValued }) => [name, type, multiValued]);

describe('observeExtensions', () => {
  it('sees the attributes of foreign containers, with their sub-attributes', () => {
    const desk: JsonObject[] = [{ floor: 3, tags: ['a'], deeper: { x: 1 } }, { floor: 'top' }];
    expect(observe({ [BADGE]: { level: 1.5, desk }, shoeSize: 42, title: 'x' })).toEqual([
      { resourceType: 'User', schema: BADGE, path: 'level', types: ['decimal'], multiValued: false },
      { resourceType: 'User', schema: BADGE, path: 'desk', types: ['complex'], multiValued: true },
      { resourceType: 'User', schema: BADGE, path: 'desk.floor', types: ['integer', 'string'], multiValued: false },
      { resourceType: 'User', schema: BADGE, path: 'desk.tags', types: ['string'], multiValued: true },
    ]);
  });

  it('sees in a known extension only what its schema lacks, and nothing of the core schema', () => {
    const body = { title: 'x', [USER_URN]: { nickName: 'y' }, [ENTERPRISE_USER_URN]: { department: 'd', badge: true } };
    expect(observe(body).map(({ schema, path }) => [schema, path])).toEqual([[ENTERPRISE_USER_URN, 'badge']]);
  });

  it.each([
    ['a name that is none', { [BADGE]: { 'a b': 1, '1st': 2, é: 3, 'a.b': 4 } }],
    ['a URN with spaces', { 'urn:a b': { c: 1 } }],
    ['a very long URN', { [`urn:${'x'.repeat(600)}`]: { c: 1 } }],
    ['a message of the protocol', { 'urn:ietf:params:scim:api:messages:2.0:PatchOp': { c: 1 } }],
    ['what is no container', { 'urn:x:y': 'text' }],
    ['lists in lists', { [BADGE]: { a: [[1]] } }],
  ])('does not see %s', (_name, body) => {
    expect(observe(body)).toEqual([]);
  });

  it('looks at 500 attributes at most', () => {
    const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`a${n}`, n]));
    expect(observe({ [BADGE]: many })).toHaveLength(500);
  });
});

describe('learnExtensions', () => {
  it('makes a schema of a foreign container, with every characteristic as the server treats it', () => {
    const schema = schemasOf({ [BADGE]: { number: 7, home: { city: 'Bonn' } } }).get(BADGE);
    const common = {
      description: 'Learned from what the identity provider sent.',
      multiValued: false,
      required: false,
      caseExact: false,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'none',
    };
    expect(schema).toMatchObject({ schemas: [expect.stringMatching(/Schema$/)], id: BADGE, name: BADGE });
    expect(schema?.['attributes']).toEqual([
      { ...common, name: 'number', type: 'integer' },
      { ...common, name: 'home', type: 'complex', subAttributes: [{ ...common, name: 'city', type: 'string' }] },
    ]);
  });

  it('infers a type from all that was seen', () => {
    const containers: JsonObject[] = [
      { number: 1, both: 1, flag: true, mixed: true, role: 'r', list: 'one' },
      { number: 2, both: 1.5, flag: false, mixed: 'no', ROLE: { value: 'r' }, list: ['one', 'two'] },
    ];
    const bodies = containers.map((container) => ({ [BADGE]: container }));
    expect(attributesOf(schemasOf(...bodies).get(BADGE))).toEqual([
      ['number', 'integer', false],
      ['both', 'decimal', false],
      ['flag', 'boolean', false],
      ['mixed', 'string', false],
      ['role', 'complex', false],
      ['list', 'string', true],
    ]);
  });

  it('adds to a known extension what it lacked, and changes no core schema', () => {
    const plain = schemasOf();
    const schemas = schemasOf({ [ENTERPRISE_USER_URN]: { badge: 1 }, [USER_URN.toLowerCase()]: { spare: 1 } });
    expect([...schemas.keys()]).toEqual([...plain.keys()]);
    expect(schemas.get(USER_URN)).toEqual(plain.get(USER_URN));
    const added = (attributesOf(schemas.get(ENTERPRISE_USER_URN)) as unknown[]).slice(-1);
    expect(added).toEqual([['badge', 'integer', false]]);
    const onGroup = observe({ [USER_URN]: { spare: 1 } }, groupResourceType);
    expect(renderSchemas(learnExtensions(types, onGroup), 'b')).toEqual([...plain.values()]);
  });

  it('names an extension in the resource types that have it', () => {
    const observed = [
      ...observe({ [BADGE]: { a: 1 } }),
      ...observe({ [ENTERPRISE_USER_URN]: { a: 1 } }, groupResourceType),
    ];
    const rendered = renderResourceTypes(learnExtensions(types, observed), 'b');
    expect(rendered.map(({ schemaExtensions }) => schemaExtensions)).toEqual([
      [
        { schema: ENTERPRISE_USER_URN, required: false },
        { schema: BADGE, required: false },
      ],
      [{ schema: ENTERPRISE_USER_URN, required: false }],
    ]);
  });

  it('makes schemas of whatever arrives: names once, no complex sub-attribute, no null', () => {
    const container = fc.dictionary(fc.constantFrom('a', 'A', 'b', '$ref', 'value', 'x y'), fc.jsonValue());
    const body = fc.dictionary(fc.constantFrom(BADGE, BADGE.toUpperCase(), ENTERPRISE_USER_URN, 'urn:x'), container);
    fc.assert(
      fc.property(fc.array(body, { maxLength: 4 }), fc.boolean(), (bodies, group) => {
        const type = group ? groupResourceType : userResourceType;
        const observed = bodies.flatMap((sent) =>
          observeExtensions(JSON.parse(JSON.stringify(sent)) as JsonObject, type),
        );
        const rendered = renderSchemas(learnExtensions(types, observed), 'b');
        expect(JSON.stringify(rendered)).not.toContain('null');
        for (const { attributes } of rendered) {
          const names = (attributes as JsonObject[]).map(({ name }) => (name as string).toLowerCase());
          expect(new Set(names).size).toBe(names.length);
        }
      }),
    );
  });
});

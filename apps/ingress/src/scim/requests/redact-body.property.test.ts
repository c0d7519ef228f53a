import { array, assert, constantFrom, dictionary, letrec, oneof, property, record, string } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { JsonValue } from '@rollcall/scim';
import { expect, it } from 'vitest';
import { redactBody } from './redact-body';
import { redactPath } from './redact-path';

/** What stands in every value that must not be kept. */
const LEAK = 'leak';
const LEAKED_NUMBER = 4_242_424_242;

const leaked = string({ maxLength: 8 }).map((text) => `${LEAK}${text}${LEAK}`);

/** Attributes whose values are kept at the top of a resource, and nowhere below. */
const KEPT = ['id', 'userName', 'externalId', 'active', 'displayName', 'USERNAME'];
const OTHERS = [
  'password',
  'name',
  'emails',
  'phoneNumbers',
  'members',
  'meta',
  'title',
  'schemas',
  'value',
  'filter',
  'token',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  'emails[type eq "work"].value',
];

const { value: anyValue } = letrec<{ value: JsonValue }>((tie) => ({
  value: oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaked,
    constantFrom(LEAKED_NUMBER),
    array(tie('value'), { maxLength: 3 }),
    dictionary(constantFrom(...KEPT, ...OTHERS), tie('value'), { maxKeys: 4 }),
  ),
}));

const anyResource: Arbitrary<JsonValue> = dictionary(constantFrom(...OTHERS), anyValue, { maxKeys: 5 });

const anyPatch: Arbitrary<JsonValue> = array(
  record({
    op: oneof(constantFrom('add', 'Replace', 'remove'), leaked),
    path: oneof(
      constantFrom('name.givenName', 'emails[type eq "work"].value', 'members', 'password', `title eq "${LEAK}"`),
      leaked.map((text) => `emails[value eq ${JSON.stringify(text)}]`),
    ),
    value: anyValue,
  }),
  { maxLength: 4 },
).map((operations) => ({ Operations: operations }));

function expectNoLeak(text: string | null): void {
  expect(text).not.toContain(LEAK);
  expect(text).not.toContain(String(LEAKED_NUMBER));
}

it('keeps no value of an attribute outside the list, wherever it stands', () => {
  assert(property(oneof(anyResource, anyPatch), (body) => expectNoLeak(redactBody(body, false, 0))));
});

it('keeps no value that a filter compares with', () => {
  const operator = constantFrom('eq', 'co', 'sw', 'EQ', 'ne');
  const attribute = constantFrom('userName', 'emails.value', 'externalId', 'emails[type eq "work" and value');
  assert(
    property(attribute, operator, leaked, (name, comparison, text) => {
      const filter = `${name} ${comparison} ${JSON.stringify(text)}${name.includes('[') ? ']' : ''}`;
      expectNoLeak(redactPath('/scim/01kag3v2q9x8w7n6m5k4j3h2g1/v2/Users?filter=x', { filter, [text]: text }));
      expectNoLeak(redactPath(`/scim/x/v2/Users/${encodeURIComponent(text)}`, {}));
    }),
  );
});

import { groupResourceType, parsePatchRequest, planGroupPatch, readResource } from '@rollcall/scim';
import { expect, it } from 'vitest';
import type { ScimCall } from '../scim-call';
import { takeGroupBody } from './take-group-body';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** Some of them twice. */
const members = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ value: `u${n % (count - 10)}`, display: 'Ann', type: 'User' }));

const take = (body: unknown) => takeGroupBody({ body: structuredClone(body) } as ScimCall);

const read = (body: unknown) => readResource(body, groupResourceType);
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const plan = (body: unknown) =>
  planGroupPatch(parsePatchRequest({ ...(body as object), schemas: [PATCH] }), groupResourceType);

it.each([
  ['a group', read, { displayName: 'G', Members: members(12_000) }],
  ['a group with a container', read, { displayName: 'G', [CORE]: { members: members(12_000) } }],
  ['an unknown list', read, { displayName: 'G', others: members(6_000), more: { members: members(6_000) } }],
  ['a short list', read, { displayName: 'G', members: members(100) }],
  ['a PATCH of a path', plan, { Operations: [{ op: 'Add', path: `${CORE}:members`, value: members(12_000) }] }],
  ['a PATCH without', plan, { operations: [{ op: 'replace', value: { members: members(12_000) } }] }],
  ['a PATCH of another path', plan, { Operations: [{ op: 'add', path: 'notes', value: members(6_000) }] }],
])('makes of %s in parts what it is at once', async (_, readIt, body) => {
  expect(readIt(await take(body))).toEqual(readIt(body));
});

it.each([
  ['a member without id', [...members(12_000), { display: 'x' }]],
  ['too many members', members(100_001)],
])('refuses %s as at once', async (_, list) => {
  const body = { displayName: 'G', members: list };
  let expected: unknown;
  try {
    read(body);
  } catch (error) {
    expected = error;
  }
  expect(expected).toBeInstanceOf(Error);
  await expect(take(body)).rejects.toEqual(expected);
});

it('gives others their turn in between', async () => {
  let turns = 0;
  const body = take({ displayName: 'G', members: members(50_000) });
  const turn = () => {
    turns += 1;
    next = setImmediate(turn);
  };
  let next = setImmediate(turn);
  await body;
  clearImmediate(next);
  expect(turns).toBeGreaterThan(5);
});

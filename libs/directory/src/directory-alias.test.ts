import { newId, timeOfId } from '@rollcall/platform';
import { expect, it } from 'vitest';
import { importedId, isAlias, isForeignToken, readAlias } from './directory-alias';

it.each([
  ['/directory/dir_123/scim/v2', { alias: 'scalekit.dir_123', rest: '' }],
  ['/directory/dir_123/scim/v2/Users/5?attributes=id', { alias: 'scalekit.dir_123', rest: '/Users/5?attributes=id' }],
  ['/scim/v2.0/AbC-1', { alias: 'workos.AbC-1', rest: '' }],
  ['/scim/v2.0/AbC-1?startIndex=1', { alias: 'workos.AbC-1', rest: '?startIndex=1' }],
  ['/directory/dir_123/scim/v20/Users', null],
  ['/directory/dir%2f123/scim/v2/Users', null],
  ['/directory//scim/v2/Users', null],
  [`/directory/${'d'.repeat(129)}/scim/v2`, null],
  ['/scim/01kag3v2q9x8w7n6m5k4j3h2g1/v2/Users', null],
  ['/api/v1/directory/dir_123/scim/v2', null],
])('reads %s as %j', (path, expected) => {
  expect(readAlias(path)).toEqual(expected);
  if (expected) expect(isAlias(expected.alias)).toBe(true);
});

it('takes no id of a directory for an alias', () => {
  expect(isAlias('01kag3v2q9x8w7n6m5k4j3h2g1')).toBe(false);
});

it.each([
  ['x'.repeat(24), true],
  ['x'.repeat(23), false],
  ['x'.repeat(513), false],
  [`${'x'.repeat(24)} y`, false],
  [`${'x'.repeat(24)}ä`, false],
])('tells of %j whether it can be a token: %s', (text, expected) => {
  expect(isForeignToken(text)).toBe(expected);
});

it('gives whoever was imported the same id whenever it is asked for, in each directory another', () => {
  const [first, second] = [newId(), newId()];
  expect(importedId(first, 'diruser_1')).toBe(importedId(first, 'diruser_1'));
  expect(new Set([first, second].flatMap((id) => ['1', '2'].map((of) => importedId(id, of)))).size).toBe(4);
  expect(timeOfId(importedId(first, 'diruser_1'))).toEqual(timeOfId(first));
});

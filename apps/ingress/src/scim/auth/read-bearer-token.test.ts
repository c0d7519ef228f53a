import { expect, it } from 'vitest';
import { readBearerToken } from './read-bearer-token';

it.each([
  ['abc', 'abc'],
  ['Bearer abc', 'abc'],
  ['bearer abc', 'abc'],
  ['BEARER  Bearer\tabc ', 'abc'],
  ['', undefined],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['Basic abc', undefined],
  ['Bearer abc def', undefined],
  [undefined, undefined],
])('reads %j as %j', (authorization, token) => {
  expect(readBearerToken(authorization)).toBe(token);
});

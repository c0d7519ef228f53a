import { expect, it } from 'vitest';
import { isRead } from './is-read';

it.each([
  ['GET', '/scim/:key/v2/Users', true],
  ['HEAD', '/scim/:key/v2/Users', true],
  ['OPTIONS', '/scim/:key/v2/Users', true],
  ['POST', '/scim/:key/v2/Users/.search', true],
  ['POST', '/scim/:key/v2/Users', false],
  ['PATCH', '/scim/:key/v2/Users/:id', false],
  ['DELETE', undefined, false],
])('tells of %s %s whether it only reads', (method, url, expected) => {
  expect(isRead({ method, routeOptions: { url } as never })).toBe(expected);
});

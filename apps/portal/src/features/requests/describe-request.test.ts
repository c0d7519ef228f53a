import { expect, it } from 'vitest';
import { adviseOnRefusal } from './advise-on-refusal';
import { describeAsked, describeEvent } from './describe-request';

it.each([
  ['POST', '/Users', 'Create a user'],
  ['PATCH', '/Groups/01kag3v2q9x8w7n6m5k4j3h2g1', 'Change a group'],
  ['GET', '/Users?filter=userName eq "[redacted]"', 'Search users'],
  ['GET', '/Users?startIndex=1&count=2', 'List users'],
  ['POST', '/Users/.search', 'Search users'],
  ['POST', '/.search', 'Search users and groups'],
  ['BREW', '/Users', 'BREW /Users'],
  ['constructor', '/Users', 'constructor /Users'],
  ['GET', '/ServiceProviderConfig', 'Read what the server can do'],
  ['POST', '/Bulk', 'Many changes at once'],
  ['GET', '/[redacted]', 'GET /[redacted]'],
  ['GET', '/constructor', 'GET /constructor'],
])('says of %s %s: %s', (method, path, words) => {
  expect(describeAsked({ method, path })).toBe(words);
});

it('names an event in words', () => {
  expect(describeEvent('organization.directory.group_members_changed')).toBe('Group members changed');
  expect(describeEvent('organization.directory.user_praised')).toBe('organization.directory.user_praised');
});

it('has a cause and a remedy for whatever went wrong, and none for what went through', () => {
  const advise = (status: number, scim_type: string | null, outcome: 'refused' | 'changed' = 'refused') =>
    adviseOnRefusal({ status, scim_type, path: '/Users', outcome }, 'Okta');
  expect(advise(409, 'uniqueness')?.cause).toBe('There is a user with this user name already.');
  expect(advise(401, null)?.remedy).toContain('Okta');
  expect(advise(404, null)?.cause).toBe('This directory has no such user. It may have been deleted.');
  expect(advise(418, null)?.cause).toBe('The request could not be carried out.');
  expect(advise(200, null, 'changed')).toBeNull();
});

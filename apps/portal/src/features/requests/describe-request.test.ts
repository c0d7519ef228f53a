import { expect, it } from 'vitest';
import { adviseOnRefusal } from './advise-on-refusal';
import { describeAsked, describeAttempt, describeEvent } from './describe-request';

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

it.each([
  [200, null, 'answered 200'],
  [302, 'redirect', 'answered 302 (a redirect, which is not followed)'],
  [null, null, 'no answer'],
  [null, 'timeout', 'no answer (not within 15 seconds)'],
  [null, 'dns', 'no answer (the host name was not found)'],
  [null, 'address_not_public', 'no answer (the app’s address is not one that may be called)'],
  [null, 'constructor', 'no answer (constructor)'],
])('says in words how an attempt ended that has the status %s and the error %s', (status, error, words) => {
  const said = describeAttempt({ attempt: 2, start_time: '2026-08-31T17:04:05.000Z', status, error });
  expect(said).toMatch(/^Attempt 2, .*2026.*: /);
  expect(said.endsWith(`: ${words}`)).toBe(true);
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

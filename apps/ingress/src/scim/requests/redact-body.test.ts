import { describe, expect, it } from 'vitest';
import { redactBody, userNameKeyOf } from './redact-body';
import { redactPath } from './redact-path';
import { redactDetail } from './redact-text';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ID = '01kag3v2q9x8w7n6m5k4j3h2g1';
const redact = (body: unknown, whole = false, bytes = 0): unknown =>
  JSON.parse(redactBody(body, whole, bytes) ?? 'null') as unknown;

describe('a body in the log', () => {
  it('has the shape of what was sent and the values of the list alone', () => {
    const sent = {
      schemas: [USER],
      userName: 'ann@acme.test',
      externalId: '00u1',
      active: 'True',
      displayName: 'Ann',
      password: 'hunter2',
      name: { givenName: 'Ann', familyName: null },
      emails: [{ value: 'ann@acme.test', primary: true }],
    };
    expect(redact(sent)).toEqual({
      schemas: [USER],
      userName: 'ann@acme.test',
      externalId: '00u1',
      active: 'True',
      displayName: 'Ann',
      password: '[redacted]',
      name: { givenName: '[redacted]', familyName: null },
      emails: [{ value: '[redacted]', primary: '[redacted]' }],
    });
  });

  it('has operation and path of a PATCH, and the value where its attribute is in the list', () => {
    const Operations = [
      { op: 'Replace', path: 'active', value: false },
      { op: 'replace', path: 'emails[value eq "ann@acme.test"].type', value: 'home' },
      { op: 'add', path: 'members', value: [{ value: ID, display: 'Ann' }] },
      { op: 'replace', value: { userName: 'ann', title: 'CEO' } },
    ];
    expect(redact({ Operations })).toEqual({
      Operations: [
        { op: 'Replace', path: 'active', value: false },
        { op: 'replace', path: 'emails[value eq "[redacted]"].type', value: '[redacted]' },
        { op: 'add', path: 'members', value: [{ value: ID, display: '[redacted]' }] },
        { op: 'replace', value: { userName: 'ann', title: '[redacted]' } },
      ],
    });
  });

  it('keeps of a bulk request what it does, not with which data', () => {
    const Operations = [
      { method: 'POST', path: '/Users', bulkId: 'ann', data: { userName: 'ann' } },
      { method: 'PATCH', path: `/Users/${ID}`, bulkId: '7', data: { Operations: [{ op: 'add', value: 'ann' }] } },
    ];
    const data = { Operations: [{ op: '[redacted]', value: '[redacted]' }] };
    const kept = {
      Operations: [
        { method: 'POST', path: '/Users', bulkId: '[redacted]', data: { userName: '[redacted]' } },
        { method: 'PATCH', path: `/Users/${ID}`, bulkId: '7', data },
      ],
    };
    expect([redact({ Operations }), redact({ Operations }, true)]).toEqual([kept, kept]);
  });

  it('names nobody of a list or a search, also where bodies are kept whole', () => {
    const meta = { resourceType: 'User', version: 'W/"1"' };
    const ann = { schemas: [USER], id: ID, userName: 'ann', externalId: '00u1', displayName: 'Ann', meta };
    const list = { totalResults: 1, Resources: [ann] };
    const search = { filter: 'userName eq "ann"', count: 5 };
    const none = '[redacted]';
    const kept = [
      { totalResults: 1, Resources: [{ ...ann, userName: none, externalId: none, displayName: none }] },
      { filter: 'userName eq "[redacted]"', count: 5 },
    ];
    expect([list, search].map((body) => redact(body))).toEqual(kept);
    expect([list, search].map((body) => redact(body, true))).toEqual(kept);
  });

  it('is whole where the environment wants it, but for secrets and names of members', () => {
    const sent = {
      title: 'CEO',
      password: 'hunter2',
      Operations: [
        { op: 'replace', path: 'password', value: 'hunter2' },
        { op: 'add', path: 'members', value: [{ value: ID, display: 'Ann' }] },
      ],
      members: [{ value: ID, type: 'User', display: 'Ann' }],
    };
    expect(redact(sent, true)).toEqual({
      title: 'CEO',
      password: '[redacted]',
      Operations: [
        { op: 'replace', path: 'password', value: '[redacted]' },
        { op: 'add', path: 'members', value: [{ value: ID, display: '[redacted]' }] },
      ],
      members: [{ value: ID, type: 'User', display: '[redacted]' }],
    });
  });

  it('is cut where it is long, deep or large', () => {
    const deep: unknown = JSON.parse('{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000));
    expect(redactBody(deep, false, 30_001)?.length).toBeLessThan(200);
    expect(redactBody(deep, true, 30_001)?.length).toBeLessThan(200);
    const members = Array.from({ length: 90_000 }, () => ({ value: ID }));
    expect(redact({ members })).toMatchObject({ members: expect.arrayContaining(['[89950 more]']) as unknown });
  });

  it('is its size in bytes as it was sent where that is too much, also in a script of more bytes than characters', () => {
    const fits = { title: 'x'.repeat(10_000) };
    expect(redact(fits, true, 10_012)).toEqual(fits);
    expect(redact({ title: 'я'.repeat(10_000) }, true, 20_012)).toEqual({ omitted: true, bytes: 20_012 });
  });
});

it('folds the userName that a body is about', () => {
  expect(userNameKeyOf({ USERNAME: 'Ann@ACME.test' })).toBe('ann@acme.test');
  expect(userNameKeyOf({ Operations: [] })).toBeNull();
});

it('shows of an address what is no person’s', () => {
  const at = (path: string, query: object = {}) => redactPath(`/scim/${ID}/v2${path}`, query);
  expect(at('/Users?filter=userName', { filter: 'userName eq "ann@acme.test"', startIndex: '1', count: '2' })).toBe(
    '/Users?filter=userName eq "[redacted]"&startIndex=1&count=2',
  );
  expect(at(`/Groups/${ID}?excludedAttributes=members`, { excludedAttributes: 'members' })).toBe(
    `/Groups/${ID}?excludedAttributes=members`,
  );
  expect(at(`/Groups/${ID}`)).toBe(`/Groups/${ID}`);
  expect(at('/Users/ann@acme.test')).toBe('/Users/[redacted]');
  expect(at('//Users/?access_token=sk_1', { access_token: 'sk_1' })).toBe('/Users?[redacted]=[redacted]');
});

it('takes out of a reason what it quotes of a request', () => {
  expect(redactDetail('"ann smith" is no attribute path. Write "userName".')).toBe(
    '"[redacted]" is no attribute path. Write "userName".',
  );
  expect(redactDetail('No user is called ann@acme.test here.')).toBe('No user is called [redacted] here.');
});

import { describe, expect, it } from 'vitest';
import { findDialect } from './index';
import {
  ada,
  bo,
  type Canned,
  CORE_USER,
  ENTERPRISE,
  last,
  outline,
  PATCH_OP,
  provider,
  record,
  team,
  EMPTY_LIST,
} from './testing/record-requests';

describe('okta, app catalogue', () => {
  it('tests the connection with the one request that Okta always sends, and its headers', async () => {
    const { baseUrl, requests } = await record();
    await provider('okta', baseUrl).perform({ kind: 'test-connection' });
    expect(outline(requests)).toEqual(['GET /Users?startIndex=1&count=2']);
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer t0ken',
      'user-agent': 'Okta SCIM Client 1.0.0',
      accept: 'application/scim+json',
      'accept-charset': 'utf-8',
      'accept-encoding': 'gzip,deflate',
    });
    expect(requests[0]?.headers).not.toHaveProperty('content-type');
  });

  it('reads groups in the connector test when Import Groups is ticked', async () => {
    const { baseUrl, requests } = await record();
    const okta = provider('okta', baseUrl, { dialect: findDialect('okta', { importGroups: true }) });
    await okta.perform({ kind: 'test-connection' });
    expect(outline(requests)[1]).toBe('GET /Groups?startIndex=1&count=100');
  });

  it('creates a person it does not find, with a placeholder password and no groups', async () => {
    const { baseUrl, requests } = await record();
    await provider('okta', baseUrl).perform({ kind: 'assign', person: ada.id });
    expect(outline(requests)).toEqual([
      'GET /Users?filter=userName eq "ada@x.example"&startIndex=1&count=100',
      'POST /Users',
    ]);
    expect(requests[0]?.path).toContain('filter=userName%20eq%20%22ada%40x.example%22');
    expect(requests[1]?.headers['content-type']).toBe('application/scim+json; charset=utf-8');
    expect(requests[1]?.body).toEqual({
      schemas: [CORE_USER],
      userName: ada.userName,
      name: { givenName: 'Ada', familyName: 'Ray' },
      emails: [{ primary: true, value: ada.email, type: 'work' }],
      externalId: ada.id,
      groups: [],
      password: '1mz050nq',
      active: true,
    });
  });

  it('sends the enterprise extension only when something maps to it', async () => {
    const { baseUrl, requests } = await record();
    await provider('okta', baseUrl).perform({ kind: 'assign', person: bo.id });
    expect(last(requests).body).toMatchObject({
      schemas: [CORE_USER, ENTERPRISE],
      [ENTERPRISE]: { department: 'R&D' },
    });
  });

  it('links a person it finds: PUT of what it read, then PATCH active when the person is inactive; never POST', async () => {
    const found = {
      id: 'r9',
      schemas: [CORE_USER],
      meta: { version: 'W/"1"' },
      name: { formatted: 'Old', givenName: 'A' },
      active: false,
      x: { kept: 1 },
    };
    const { baseUrl, requests } = await record([
      { status: 200, body: { ...EMPTY_LIST, totalResults: 1, Resources: [found] } },
      { status: 200, body: found },
      { status: 200, body: found },
    ]);
    await provider('okta', baseUrl).perform({ kind: 'assign', person: ada.id });
    expect(outline(requests).slice(1)).toEqual(['GET /Users/r9', 'PUT /Users/r9', 'PATCH /Users/r9']);
    expect(requests[2]?.body).toMatchObject({
      id: 'r9',
      meta: { version: 'W/"1"' },
      name: { formatted: 'Old', givenName: 'Ada', familyName: 'Ray' },
      active: false,
      x: { kept: 1 },
    });
    expect(requests[3]?.body).toEqual({
      schemas: [PATCH_OP],
      Operations: [{ op: 'replace', value: { active: true } }],
    });
  });

  it('puts the representation of the application back with the changed profile, and deletes what became empty', async () => {
    const { baseUrl, requests } = await record();
    const okta = provider('okta', baseUrl);
    await okta.perform({ kind: 'assign', person: bo.id });
    await okta.perform({ kind: 'change-profile', person: bo.id, set: { title: 'Lead', department: undefined } });
    expect(outline(requests).slice(2)).toEqual(['GET /Users/r1', 'PUT /Users/r1']);
    expect(last(requests).body).toMatchObject({ id: 'r1', title: 'Lead', schemas: [CORE_USER] });
    expect(last(requests).body).not.toHaveProperty(ENTERPRISE);
  });

  it('deactivates, reactivates, unassigns and sets passwords by a PATCH without a path', async () => {
    const { baseUrl, requests } = await record();
    const okta = provider('okta', baseUrl);
    await okta.perform({ kind: 'assign', person: ada.id });
    await okta.perform({ kind: 'deactivate', person: ada.id });
    await okta.perform({ kind: 'reactivate', person: ada.id });
    await okta.perform({ kind: 'unassign', person: ada.id });
    await okta.perform({ kind: 'set-password', person: ada.id, password: 'N3w!' });
    const values = requests.slice(2).map(({ body }) => body.Operations);
    expect(outline(requests).slice(2)).toEqual(Array.from({ length: 4 }, () => 'PATCH /Users/r1'));
    expect(values).toEqual(
      [{ active: false }, { active: true }, { active: false }, { password: 'N3w!' }].map((value) => [
        { op: 'replace', value },
      ]),
    );
  });

  it('pushes a group: look up, POST without members, PATCH add; then changes, renames and deletes it', async () => {
    const { baseUrl, requests } = await record();
    const okta = provider('okta', baseUrl);
    await okta.run([ada, bo].map(({ id }) => ({ kind: 'assign', person: id })));
    requests.length = 0;
    await okta.perform({ kind: 'push-group', group: team.id });
    await okta.perform({ kind: 'change-members', group: team.id, add: [], remove: [ada.id] });
    await okta.perform({ kind: 'rename-group', group: team.id, name: 'B' });
    await okta.perform({ kind: 'refill-group', group: team.id });
    await okta.perform({ kind: 'remove-group', group: team.id });
    expect(outline(requests)).toEqual([
      'GET /Groups?filter=displayName eq "Team \\"A\\""&startIndex=1&count=100',
      'POST /Groups',
      ...Array.from({ length: 6 }, () => 'PATCH /Groups/r3'),
      'DELETE /Groups/r3',
    ]);
    const renamed = { op: 'replace', value: { id: 'r3', displayName: 'B' } };
    expect(requests[1]?.body).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: team.name,
      members: [],
    });
    expect(requests.slice(2, 8).map(({ body }) => body.Operations)).toEqual([
      [
        {
          op: 'add',
          path: 'members',
          value: [
            { value: 'r1', display: ada.userName },
            { value: 'r2', display: bo.userName },
          ],
        },
      ],
      [{ op: 'remove', path: 'members[value eq "r1"]' }],
      [{ op: 'replace', value: { id: 'r3', displayName: team.name } }],
      [renamed],
      [{ op: 'replace', path: 'members', value: [{ value: 'r2', display: bo.userName }] }],
      [renamed],
    ]);
  });

  it('pushes an emptied group as one object without a path', async () => {
    const { baseUrl, requests } = await record();
    const okta = provider('okta', baseUrl);
    await okta.perform({ kind: 'push-group', group: team.id });
    await okta.perform({ kind: 'refill-group', group: team.id });
    expect(last(requests).body.Operations).toEqual([
      { op: 'replace', value: { members: [], id: 'r1', displayName: team.name } },
    ]);
  });

  it('adds a person assigned later to the groups already pushed', async () => {
    const { baseUrl, requests } = await record();
    const okta = provider('okta', baseUrl);
    await okta.perform({ kind: 'push-group', group: team.id });
    await okta.perform({ kind: 'assign', person: ada.id });
    expect(outline(requests).slice(-2)).toEqual(['PATCH /Groups/r1', 'PATCH /Groups/r1']);
    expect(okta.held().groups).toEqual([{ remoteId: 'r1', name: team.name, members: [ada.userName] }]);
  });

  it('imports in pages of a hundred and skips inactive users', async () => {
    const page = (from: number, size: number): Canned => ({
      status: 200,
      body: {
        ...EMPTY_LIST,
        totalResults: 102,
        Resources: Array.from({ length: size }, (_, n) => ({ id: `r${from + n}`, active: n !== 0 })),
      },
    });
    const { baseUrl, requests } = await record([page(1, 100), page(101, 2)]);
    const okta = provider('okta', baseUrl);
    await okta.perform({ kind: 'import' });
    expect(outline(requests)).toEqual([
      'GET /Users?startIndex=1&count=100',
      'GET /Users?startIndex=101&count=100',
      'GET /Groups?startIndex=1&count=100',
    ]);
    expect(okta.lastImport()).toMatchObject({ scannedUsers: 102, groups: 0 });
    expect(okta.lastImport()?.activeUsers).toHaveLength(100);
  });

  it.each([
    ['plain', { roles: ['admin'] }],
    ['typed', { roles: [{ type: 'admin', value: 'admin' }] }],
    ['core-container', { [CORE_USER]: { roles: [{ type: 'admin', value: 'admin' }] } }],
  ] as const)('sends roles in the %s form', async (form, expected) => {
    const { baseUrl, requests } = await record();
    const person = { ...ada, roles: { form, values: ['admin'] } };
    await provider('okta', baseUrl, { scenario: { people: [person], groups: [] } }).perform({
      kind: 'assign',
      person: ada.id,
    });
    expect(last(requests).body).toMatchObject(expected);
  });

  it('sends custom attributes in the container of the application and names it in schemas', async () => {
    const { baseUrl, requests } = await record();
    const person = { ...ada, custom: { badge: 7, tags: ['x'] } };
    const dialect = findDialect('okta', { app: 'acme' });
    await provider('okta', baseUrl, { dialect, scenario: { people: [person], groups: [] } }).perform({
      kind: 'assign',
      person: ada.id,
    });
    const urn = 'urn:ietf:params:scim:schemas:extension:acme:2.0:User';
    expect(last(requests).body).toMatchObject({ schemas: [CORE_USER, urn], [urn]: { badge: 7, tags: ['x'] } });
  });
});

describe('okta, custom application', () => {
  it('does everything by PUT, activation and groups included, and sends no PATCH', async () => {
    const { baseUrl, requests } = await record();
    const okta = provider('okta-custom', baseUrl);
    const failures = await okta.run([
      { kind: 'assign', person: ada.id },
      { kind: 'assign', person: bo.id },
      { kind: 'push-group', group: team.id },
      { kind: 'deactivate', person: ada.id },
      { kind: 'change-members', group: team.id, add: [], remove: [ada.id, bo.id] },
    ]);
    expect(failures).toEqual([]);
    expect(requests.map(({ method }) => method)).not.toContain('PATCH');
    expect(outline(requests).slice(4)).toEqual([
      'GET /Groups?filter=displayName eq "Team \\"A\\""&startIndex=1&count=100',
      'POST /Groups',
      'GET /Users/r1',
      'PUT /Users/r1',
      'GET /Groups/r3',
      'PUT /Groups/r3',
    ]);
    expect(requests[1]?.body.emails).toEqual([{ primary: true, value: ada.email }]);
    expect(requests[5]?.body.members).toHaveLength(2);
    expect(requests[7]?.body).toMatchObject({ active: false, externalId: ada.id });
    expect(requests[9]?.body).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      id: 'r3',
      displayName: team.name,
      members: [],
    });
  });
});

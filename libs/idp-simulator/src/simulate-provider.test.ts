import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildScenario, DIALECT_NAMES, type Progress } from './index';
import {
  ada,
  bo,
  type Canned,
  CONFIG,
  CORE_GROUP,
  CORE_USER,
  DISCOVERY,
  EMPTY_LIST,
  ENTERPRISE,
  last,
  listOf,
  outline,
  PATCH_OP,
  provider,
  record,
  type Recorded,
  team,
} from './testing/record-requests';

describe('entra', () => {
  const operationsOf = (requests: Recorded[]): unknown => last(requests).body.Operations;

  it('creates with core and enterprise schemas, the mail nickname as externalId and the resource type', async () => {
    const { baseUrl, requests } = await record();
    await provider('entra', baseUrl).perform({ kind: 'assign', person: ada.id });
    expect(requests[0]?.path).toContain('/Users?filter=userName+eq+%22ada%40x.example%22');
    expect(requests[1]?.body).toMatchObject({
      schemas: [CORE_USER, ENTERPRISE],
      externalId: 'ada',
      meta: { resourceType: 'User' },
      roles: [],
    });
  });

  it('changes each attribute with an operation of its own, capitalised, and string booleans', async () => {
    const { baseUrl, requests } = await record();
    const entra = provider('entra', baseUrl);
    await entra.perform({ kind: 'assign', person: bo.id });
    await entra.perform({
      kind: 'change-profile',
      person: bo.id,
      set: { familyName: 'Lee', title: 'Lead', department: undefined, mobilePhone: '+1' },
    });
    expect(operationsOf(requests)).toEqual([
      { op: 'Replace', path: 'name.familyName', value: 'Lee' },
      { op: 'Add', path: 'title', value: 'Lead' },
      { op: 'Remove', path: `${ENTERPRISE}:department` },
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1' },
    ]);
    await entra.perform({ kind: 'deactivate', person: bo.id });
    expect(operationsOf(requests)).toEqual([{ op: 'Replace', path: 'active', value: 'False' }]);
  });

  it('with the flag sends one pathless replace with dotted keys, lower case and real booleans', async () => {
    const { baseUrl, requests } = await record();
    const entra = provider('entra-flag', baseUrl);
    await entra.perform({ kind: 'assign', person: bo.id });
    await entra.perform({
      kind: 'change-profile',
      person: bo.id,
      set: { familyName: 'Lee', department: 'Ops', email: 'b@x.example' },
    });
    expect(operationsOf(requests)).toEqual([
      { op: 'replace', value: { 'name.familyName': 'Lee', [`${ENTERPRISE}:department`]: 'Ops' } },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'b@x.example' },
    ]);
    await entra.perform({ kind: 'reactivate', person: bo.id });
    expect(operationsOf(requests)).toEqual([{ op: 'replace', path: 'active', value: true }]);
  });

  it.each([
    ['entra', [{ value: '{"value":"Admin","displayName":"Admin"}' }]],
    ['entra-flag', [{ value: 'Admin', displayName: 'Admin' }]],
  ] as const)('%s sends app roles in a PATCH after the create', async (name, value) => {
    const { baseUrl, requests } = await record();
    const people = [{ ...ada, roles: { form: 'typed' as const, values: ['Admin'] } }];
    await provider(name, baseUrl, { scenario: { people, groups: [] } }).perform({ kind: 'assign', person: ada.id });
    expect(outline(requests).slice(1)).toEqual(['POST /Users', 'PATCH /Users/r1']);
    expect(operationsOf(requests)).toEqual([{ op: name === 'entra' ? 'Add' : 'add', path: 'roles', value }]);
  });

  it('verifies a manager before it writes the bare id, and clears it with an empty text', async () => {
    const { baseUrl, requests } = await record();
    const entra = provider('entra', baseUrl);
    await entra.run([ada, bo].map(({ id }) => ({ kind: 'assign', person: id })));
    await entra.perform({ kind: 'change-profile', person: bo.id, set: { managerId: ada.id } });
    expect(outline(requests).slice(-2)).toEqual([
      'GET /Users?filter=id+eq+"r2"+and+manager+eq+"r1"&attributes=id',
      'PATCH /Users/r2',
    ]);
    expect(operationsOf(requests)).toEqual([{ op: 'Add', path: `${ENTERPRISE}:manager`, value: 'r1' }]);
    await entra.perform({ kind: 'change-profile', person: bo.id, set: { managerId: undefined } });
    expect(operationsOf(requests)).toEqual([{ op: 'Replace', path: `${ENTERPRISE}:manager`, value: '' }]);
  });

  it.each([
    ['entra', [{ op: 'Remove', path: 'members', value: [{ $ref: null, value: 'r1' }] }]],
    ['entra-flag', [{ op: 'remove', path: 'members[value eq "r1"]' }]],
  ] as const)('%s removes a member in its own form, and queries groups without members', async (name, expected) => {
    const { baseUrl, requests } = await record();
    const entra = provider(name, baseUrl);
    await entra.run([ada, bo].map(({ id }) => ({ kind: 'assign', person: id })));
    await entra.perform({ kind: 'push-group', group: team.id });
    expect(outline(requests).at(-3)).toBe(
      'GET /Groups?excludedAttributes=members&filter=displayName+eq+"Team+\\"A\\""',
    );
    expect(requests.at(-2)?.body).not.toHaveProperty('members');
    await entra.perform({ kind: 'change-members', group: team.id, add: [], remove: [ada.id] });
    expect(operationsOf(requests)).toEqual(expected);
  });

  it('deletes a person by a soft delete that frees the name, then DELETE', async () => {
    const { baseUrl, requests } = await record();
    const entra = provider('entra', baseUrl);
    await entra.perform({ kind: 'assign', person: ada.id });
    await entra.perform({ kind: 'delete-person', person: ada.id });
    expect(outline(requests).slice(-2)).toEqual(['PATCH /Users/r1', 'DELETE /Users/r1']);
    expect(JSON.stringify(requests.at(-2)?.body)).toMatch(/"userName","value":"[0-9a-f]{32}ada@x\.example"/);
    expect(entra.held().users).toEqual([]);
  });
});

describe('jumpcloud', () => {
  it('tries out a test user and a test group when it is activated', async () => {
    const { baseUrl, requests } = await record();
    await provider('jumpcloud', baseUrl).perform({ kind: 'test-connection' });
    expect(outline(requests).slice(2)).toEqual([
      'POST /Users',
      'POST /Groups',
      'DELETE /Groups/r2',
      'DELETE /Users/r1',
    ]);
  });

  it('changes one attribute per operation, in lower case, and removes members by a value list', async () => {
    const { baseUrl, requests } = await record();
    const jumpcloud = provider('jumpcloud', baseUrl);
    await jumpcloud.run([ada, bo].map(({ id }) => ({ kind: 'assign', person: id })));
    await jumpcloud.perform({ kind: 'change-profile', person: bo.id, set: { familyName: 'Lee', title: 'Lead' } });
    expect(last(requests).body.Operations).toEqual([
      { op: 'replace', path: 'name.familyName', value: 'Lee' },
      { op: 'add', path: 'title', value: 'Lead' },
    ]);
    await jumpcloud.perform({ kind: 'push-group', group: team.id });
    await jumpcloud.perform({ kind: 'change-members', group: team.id, add: [], remove: [ada.id] });
    expect(last(requests).body.Operations).toEqual([{ op: 'remove', path: 'members', value: [{ value: 'r1' }] }]);
  });
});

describe('onelogin', () => {
  it('writes queries and paths in its own way, schema URNs of drafts, and no User-Agent', async () => {
    const { baseUrl, requests } = await record();
    const onelogin = provider('onelogin', baseUrl);
    await onelogin.perform({ kind: 'assign', person: ada.id });
    await onelogin.perform({ kind: 'change-profile', person: ada.id, set: { title: 'Lead' } });
    await onelogin.perform({ kind: 'unassign', person: ada.id });
    expect(requests[0]?.path).toMatch(/\?filter=userName\+eq\+%22ada%40x\.example%22&$/);
    expect(requests[0]?.headers).not.toHaveProperty('user-agent');
    expect(requests[1]?.body).toMatchObject({
      schemas: ['urn:scim:schemas:core:2.0', 'urn:scim:schemas:extension:enterprise:2.0'],
      emails: [{ value: ada.email, type: 'work' }],
      addresses: [{}],
    });
    expect(requests[2]?.path).toMatch(/\/Users\/r1\?$/);
    expect(last(requests)).toMatchObject({
      method: 'PATCH',
      body: { Operations: [{ op: 'replace', value: { active: false } }] },
    });
  });
});

describe('generic, a client by the book', () => {
  const READ_FIRST = ['GET /ServiceProviderConfig', 'GET /ResourceTypes', 'GET /Schemas'];
  const operationsOf = (requests: Recorded[]): unknown => last(requests).body.Operations;
  const discovered = Object.values(DISCOVERY).map((body): Canned => ({ status: 200, body }));
  const found = (body: object, version: string): Canned => ({ status: 200, body, headers: { ETag: version } });

  it('reads what the application is before anything else, once, and sends nothing that Schemas does not declare', async () => {
    const { baseUrl, requests } = await record();
    const people = [{ ...bo, locale: 'nb-NO', costCenter: 'CC-1', custom: { badge: 1 } }, ada];
    const generic = provider('generic', baseUrl, { scenario: { people, groups: [] } });
    await generic.perform({ kind: 'assign', person: bo.id });
    await generic.perform({ kind: 'assign', person: ada.id });
    const assigned = (name: string): string[] => [`GET /Users?filter=userName eq "${name}"`, 'POST /Users'];
    expect(outline(requests)).toEqual([...READ_FIRST, ...assigned(bo.userName), ...assigned(ada.userName)]);
    expect(requests[4]?.headers).toMatchObject({
      accept: 'application/scim+json',
      'content-type': 'application/scim+json',
    });
    expect(requests[4]?.body).toEqual({
      schemas: [CORE_USER, ENTERPRISE],
      userName: bo.userName,
      name: { givenName: 'Bo', familyName: 'Li' },
      emails: [{ primary: true, value: bo.email, type: 'work' }],
      [ENTERPRISE]: { department: 'R&D' },
      externalId: bo.id,
      active: true,
    });
  });

  it('changes by paths what it read, in the version that it read, and reads again when that is no longer current', async () => {
    const stored = {
      id: 'r1',
      userName: bo.userName,
      name: { givenName: 'Bo', familyName: 'Li', formatted: 'Bo Li' },
      emails: [{ value: bo.email, type: 'work', primary: true }],
      [ENTERPRISE]: { department: 'R&D' },
      vendor: { kept: 1 },
    };
    const { baseUrl, requests } = await record([
      ...discovered,
      { status: 200, body: EMPTY_LIST },
      { status: 201, body: { id: 'r1' } },
      found(stored, 'W/"5"'),
      { status: 412, body: { status: '412', detail: 'changed meanwhile' } },
      found({ ...stored, title: 'Boss' }, 'W/"6"'),
    ]);
    const generic = provider('generic', baseUrl);
    await generic.perform({ kind: 'assign', person: bo.id });
    const set = { familyName: 'Lee', title: 'Lead', department: undefined, email: 'lee@x.example' };
    await generic.perform({ kind: 'change-profile', person: bo.id, set });
    const writes = requests.slice(5);
    expect(outline(writes)).toEqual(['GET /Users/r1', 'PATCH /Users/r1', 'GET /Users/r1', 'PATCH /Users/r1']);
    expect(writes.map(({ headers }) => headers['if-match'])).toEqual([undefined, 'W/"5"', undefined, 'W/"6"']);
    expect(last(requests).body).toEqual({
      schemas: [PATCH_OP],
      Operations: [
        { op: 'replace', path: 'name.familyName', value: 'Lee' },
        {
          op: 'replace',
          path: 'emails',
          value: [{ primary: true, value: 'lee@x.example', type: 'work' }],
        },
        { op: 'remove', path: `${ENTERPRISE}:department` },
        { op: 'replace', path: 'title', value: 'Lead' },
      ],
    });
  });

  it('links a person it finds by changing what differs, and sends nothing when nothing does', async () => {
    const stored = {
      id: 'r9',
      externalId: ada.id,
      userName: ada.userName,
      name: { givenName: 'Ada', familyName: 'Ray' },
      emails: [{ value: ada.email, type: 'work', primary: true }],
      active: false,
    };
    const { baseUrl, requests } = await record([
      ...discovered,
      { status: 200, body: listOf(stored) },
      found(stored, 'W/"2"'),
      { status: 204 },
      found({ ...stored, active: true }, 'W/"3"'),
    ]);
    const generic = provider('generic', baseUrl);
    await generic.perform({ kind: 'assign', person: ada.id });
    expect(operationsOf(requests)).toEqual([{ op: 'replace', path: 'active', value: true }]);
    await generic.perform({ kind: 'reactivate', person: ada.id });
    expect(outline(requests).slice(4)).toEqual(['GET /Users/r9', 'PATCH /Users/r9', 'GET /Users/r9']);
  });

  it('adds members and takes them out by value paths, and deletes users and groups, each in the version it read', async () => {
    const { baseUrl, requests } = await record();
    const generic = provider('generic', baseUrl);
    await generic.run([ada, bo].map(({ id }) => ({ kind: 'assign', person: id })));
    await generic.perform({ kind: 'push-group', group: team.id });
    expect(last(requests).body).toEqual({
      schemas: [CORE_GROUP],
      displayName: team.name,
      externalId: team.id,
      members: [{ value: 'r1' }, { value: 'r2' }],
    });
    await generic.perform({ kind: 'change-members', group: team.id, add: [bo.id], remove: [ada.id] });
    expect(operationsOf(requests)).toEqual([
      { op: 'remove', path: 'members[value eq "r1"]' },
      { op: 'add', path: 'members', value: [{ value: 'r2' }] },
    ]);
    requests.length = 0;
    await generic.perform({ kind: 'rename-group', group: team.id, name: 'B' });
    await generic.perform({ kind: 'remove-group', group: team.id });
    await generic.perform({ kind: 'delete-person', person: ada.id });
    const read = 'GET /Groups/r3?excludedAttributes=members';
    expect(outline(requests)).toEqual([
      read,
      'PATCH /Groups/r3',
      read,
      'DELETE /Groups/r3',
      'GET /Users/r1',
      'DELETE /Users/r1',
    ]);
    const versions = requests.map(({ headers }) => headers['if-match']);
    expect(versions).toEqual([undefined, 'W/"1"', undefined, 'W/"1"', undefined, 'W/"1"']);
  });

  it('imports by cursor where that is offered, with the same query on every page', async () => {
    const page = (ids: string[], nextCursor?: string): Canned => ({
      status: 200,
      body: { ...EMPTY_LIST, totalResults: 3, Resources: ids.map((id) => ({ id, active: id !== 'b' })), nextCursor },
    });
    const { baseUrl, requests } = await record([...discovered, page(['a', 'b'], 'n+1'), page(['c'])]);
    const generic = provider('generic', baseUrl);
    await generic.perform({ kind: 'import' });
    expect(outline(requests).slice(3)).toEqual([
      'GET /Users?cursor=&count=50',
      'GET /Users?cursor=n+1&count=50',
      'GET /Groups?excludedAttributes=members&cursor=&count=50',
    ]);
    expect(generic.lastImport()).toEqual({ scannedUsers: 3, activeUsers: ['a', 'c'], groups: 0 });
  });

  it('imports by index otherwise, each page beginning after what came, however little that was', async () => {
    const page = (...ids: string[]): Canned => ({
      status: 200,
      body: { ...EMPTY_LIST, totalResults: 3, Resources: ids.map((id) => ({ id })) },
    });
    const [, ...rest] = discovered;
    const config = { status: 200, body: { ...CONFIG, pagination: undefined } };
    const { baseUrl, requests } = await record([config, ...rest, page('a', 'b'), page('c')]);
    const generic = provider('generic', baseUrl);
    await generic.perform({ kind: 'import' });
    expect(outline(requests).slice(3, 5)).toEqual([
      'GET /Users?startIndex=1&count=50',
      'GET /Users?startIndex=3&count=50',
    ]);
    expect(generic.lastImport()?.scannedUsers).toBe(3);
  });

  it('wants PATCH, filters, users and groups, and says in one sentence what is missing', async () => {
    const config = { status: 200, body: { ...CONFIG, patch: { supported: false } } };
    const types = { status: 200, body: listOf({ endpoint: '/Users', schema: CORE_USER }) };
    const { baseUrl } = await record([config, { status: 200, body: CONFIG }, types]);
    const generic = provider('generic', baseUrl);
    await expect(generic.perform({ kind: 'test-connection' })).rejects.toThrow('says that patch is not supported');
    await expect(generic.perform({ kind: 'test-connection' })).rejects.toThrow(`no type with the schema ${CORE_GROUP}`);
  });
});

describe('the connection', () => {
  it('waits exactly Retry-After seconds when throttled, and five minutes, doubling, when there is none', async () => {
    const throttled = { status: 429, body: {} };
    const { baseUrl, requests } = await record([
      { ...throttled, headers: { 'Retry-After': '7' } },
      throttled,
      { ...throttled, headers: { 'Retry-After': new Date(0).toUTCString() } },
    ]);
    const waits: number[] = [];
    const okta = provider('okta', baseUrl, { sleep: async (milliseconds) => void waits.push(milliseconds) });
    await okta.perform({ kind: 'test-connection' });
    expect(waits).toEqual([7_000, 300_000, 600_000]);
    expect(requests).toHaveLength(4);
  });

  it('gives up after ten throttled tries', async () => {
    const { baseUrl, requests } = await record(Array.from({ length: 20 }, () => ({ status: 429, body: {} })));
    await expect(provider('okta', baseUrl).perform({ kind: 'test-connection' })).rejects.toThrow('answered 429');
    expect(requests).toHaveLength(10);
  });

  it('makes a refused action a failed task with the detail, and goes on', async () => {
    const { baseUrl } = await record([
      { status: 200, body: EMPTY_LIST },
      { status: 409, body: { status: '409', detail: 'userName is taken.' } },
    ]);
    const seen: Progress[] = [];
    const okta = provider('okta', baseUrl, { onProgress: (progress) => seen.push(progress) });
    const failures = await okta.run([ada, bo].map(({ id }) => ({ kind: 'assign', person: id })));
    expect(failures.map(({ error }) => error.message)).toEqual(['POST /Users answered 409: userName is taken.']);
    expect(okta.held().users.map(({ person }) => person.id)).toEqual([bo.id]);
    expect(seen.map(({ kind }) => kind)).toEqual([
      'action',
      'request',
      'request',
      'failure',
      'action',
      'request',
      'request',
    ]);
  });

  it('reports an error page that is no JSON as what it is', async () => {
    const { baseUrl } = await record([{ status: 502, raw: '<html>Bad Gateway</html>' }]);
    await expect(provider('okta', baseUrl).perform({ kind: 'test-connection' })).rejects.toThrow(
      'answered 502: Invalid JSON: "<html>',
    );
  });

  it('refuses a list whose total is no integer, and a created user without an id', async () => {
    const { baseUrl } = await record([
      { status: 200, body: { ...EMPTY_LIST, totalResults: '0' } },
      { status: 200, body: EMPTY_LIST },
      { status: 201, body: {} },
    ]);
    const okta = provider('okta', baseUrl);
    await expect(okta.perform({ kind: 'test-connection' })).rejects.toThrow('totalResults is not an integer');
    await expect(okta.perform({ kind: 'assign', person: ada.id })).rejects.toThrow(
      'Create new user returned empty user',
    );
  });

  it('reads compressed answers', async () => {
    const { baseUrl } = await record([
      { status: 200, raw: gzipSync(JSON.stringify(EMPTY_LIST)), headers: { 'Content-Encoding': 'gzip' } },
    ]);
    await expect(provider('okta', baseUrl).perform({ kind: 'test-connection' })).resolves.toBeUndefined();
  });

  it.each([
    ['Bearer', 'Bearer t0ken'],
    ['bearer', 'bearer t0ken'],
    ['raw', 't0ken'],
  ] as const)('sends the token in the %s form', async (authorization, expected) => {
    const { baseUrl, requests } = await record();
    const okta = provider('okta', baseUrl, { connection: { baseUrl, token: 't0ken', authorization } });
    await okta.perform({ kind: 'test-connection' });
    expect(requests[0]?.headers.authorization).toBe(expected);
  });
});

describe('a built scenario', () => {
  it.each(DIALECT_NAMES)('is a working day that %s can send without a failure', async (name) => {
    const { baseUrl, requests } = await record();
    const scenario = buildScenario({ people: 6 });
    const simulated = provider(name, baseUrl, { scenario });
    expect(await simulated.run(scenario.actions)).toEqual([]);
    const { users, groups } = simulated.held();
    expect(users).toHaveLength(6);
    expect(users.filter(({ active }) => !active)).toHaveLength(1);
    expect(groups.map((group) => group.name)).toEqual([
      'Design',
      'Engineering',
      'Everyone at Northwind',
      'Sales & Partnerships',
    ]);
    expect(requests.length).toBeGreaterThan(scenario.actions.length);
  });

  it('has one user name for each person, however many there are', () => {
    const { people } = buildScenario({ people: 1_000 });
    expect(new Set(people.map(({ userName }) => userName)).size).toBe(1_000);
    expect(people.every(({ userName }) => /^[a-z]+\.[a-z]+\d*@northwind\.example$/.test(userName))).toBe(true);
  });

  it('refuses to be too small for its story', () => {
    expect(() => buildScenario({ people: 3 })).toThrow('at least 4 people');
  });
});

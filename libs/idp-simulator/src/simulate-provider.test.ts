import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import {
  buildScenario,
  DIALECT_NAMES,
  type DialectName,
  findDialect,
  type Person,
  type Progress,
  simulateProvider,
} from './index';
import type { SimulatedProvider } from './index';

interface Recorded {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

interface Canned {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  raw?: Buffer | string;
}

const EMPTY_LIST = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
  totalResults: 0,
  startIndex: 1,
  itemsPerPage: 0,
  Resources: [],
};
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

const listOf = (...Resources: unknown[]): unknown => ({ ...EMPTY_LIST, totalResults: Resources.length, Resources });
const schema = (id: string, names: string[]): unknown => ({
  id,
  attributes: [...names.map((name) => ({ name, mutability: 'readWrite' })), { name: 'groups', mutability: 'readOnly' }],
});
const CONFIG = {
  patch: { supported: true },
  filter: { supported: true, maxResults: 50 },
  etag: { supported: true },
  pagination: { cursor: true, index: true },
};
const DISCOVERY: Record<string, unknown> = {
  ServiceProviderConfig: CONFIG,
  ResourceTypes: listOf(
    { endpoint: '/Users', schema: CORE_USER, schemaExtensions: [{ schema: ENTERPRISE, required: false }] },
    { endpoint: '/Groups', schema: CORE_GROUP },
  ),
  Schemas: listOf(
    schema(CORE_USER, ['userName', 'name', 'displayName', 'emails', 'title', 'active', 'phoneNumbers']),
    schema(ENTERPRISE, ['department', 'employeeNumber', 'manager']),
    schema(CORE_GROUP, ['displayName', 'members']),
  ),
};

const ada: Person = {
  id: '00uada',
  userName: 'ada@x.example',
  givenName: 'Ada',
  familyName: 'Ray',
  email: 'ada@x.example',
};
const bo: Person = {
  id: '00ubo',
  userName: 'bo@x.example',
  givenName: 'Bo',
  familyName: 'Li',
  email: 'bo@x.example',
  department: 'R&D',
};
const team = { id: '00gteam', name: 'Team "A"', members: ['00uada', '00ubo'] };

let server: Server | undefined;
afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))));

/** Records every request; answers with the queued answers first, then with the plainest answer of its kind. */
async function record(queue: Canned[] = []): Promise<{ baseUrl: string; requests: Recorded[] }> {
  const requests: Recorded[] = [];
  let made = 0;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { method = '', url = '', headers } = request;
      requests.push({ method, path: url, headers, body: text ? (JSON.parse(text) as Recorded['body']) : {} });
      const canned = queue.shift() ?? plainAnswer(method, url, () => String(++made));
      response.writeHead(canned.status, { 'Content-Type': 'application/scim+json', ...canned.headers });
      response.end(canned.raw ?? (canned.body === undefined ? undefined : JSON.stringify(canned.body)));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/k/v2`, requests };
}

function plainAnswer(method: string, url: string, nextId: () => string): Canned {
  const discovery = DISCOVERY[url.split('/').at(-1) ?? ''];
  if (discovery) return { status: 200, body: discovery };
  if (method === 'POST') return { status: 201, body: { id: `r${nextId()}` } };
  if (method === 'DELETE' || method === 'PATCH') return { status: 204 };
  if (/\/(Users|Groups)\/\w/.test(url)) return { status: 200, body: { id: 'r1' }, headers: { ETag: 'W/"1"' } };
  return { status: 200, body: EMPTY_LIST };
}

function provider(
  name: DialectName,
  baseUrl: string,
  options: Partial<Parameters<typeof simulateProvider>[0]> = {},
): SimulatedProvider {
  return simulateProvider({
    dialect: findDialect(name),
    connection: { baseUrl, token: 't0ken' },
    scenario: { people: [ada, bo], groups: [team] },
    sleep: async () => {},
    ...options,
  });
}

const outline = (requests: Recorded[]): string[] =>
  requests.map(({ method, path }) => `${method} ${decodeURIComponent(path.replace('/scim/k/v2', ''))}`);
const last = (requests: Recorded[]): Recorded => requests.at(-1)!;

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

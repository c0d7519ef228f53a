import { buildScenario, DIALECT_NAMES, findDialect, simulateProvider } from '@rollcall/idp-simulator';
import { beforeAll, describe, expect, it } from 'vitest';
import { exactClient } from '../testing/exact-client';
import { patchBody } from '../testing/scim-client';
import type { Answer, ScimBody, ScimClient } from '../testing/scim-client';
import type { SeededDirectory } from '../testing/seed-directory';
import { useScim } from '../testing/use-scim';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

const suite = useScim();

/** Each provider writes to a directory of its own, with its own headers. */
let directory: SeededDirectory;
let send: ScimClient;

type Headers = (hasBody: boolean) => Record<string, string>;

function useProvider(headers: Headers): void {
  beforeAll(async () => {
    directory = await suite.seed();
    send = exactClient(directory, headers);
  });
}

const json: Headers = (hasBody) => ({
  Accept: 'application/json',
  ...(hasBody ? { 'Content-Type': 'application/json' } : {}),
});
const scimJson: Headers = (hasBody) => ({
  Accept: 'application/scim+json',
  ...(hasBody ? { 'Content-Type': 'application/scim+json' } : {}),
});

async function expectStatus(status: number, answer: Promise<Answer>): Promise<ScimBody> {
  const { status: answered, json: body, text } = await answer;
  expect(answered, text).toBe(status);
  return body;
}

const memberIds = async (groupId: string): Promise<string[]> =>
  ((await expectStatus(200, send('GET', `/Groups/${groupId}`))).members ?? []).map(({ value }) => value).toSorted();

const changeKinds = async (): Promise<string[]> =>
  (
    await suite.admin<{ kind: string }>('SELECT kind FROM changes WHERE directory_id = $1 ORDER BY id', [
      directory.directoryId,
    ])
  ).map(({ kind }) => kind);

const EMPTY = { schemas: [LIST], totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] };

describe.each(DIALECT_NAMES)('a working day of %s', (name) => {
  it('is taken without a refusal, and leaves the users, groups and members that the provider holds', async () => {
    const { scimUrl, token } = await suite.seed();
    const scenario = buildScenario({ people: 9 });
    const connection = { baseUrl: scimUrl, token };
    const provider = simulateProvider({ dialect: findDialect(name), connection, scenario });
    expect((await provider.run(scenario.actions)).map(({ error }) => error.message)).toEqual([]);
    const { users, groups } = provider.held();
    const client = exactClient({ scimUrl, token });
    const stored = (await client('GET', '/Users?count=500&sortBy=userName')).json.Resources;
    expect(
      stored.map(({ id, userName, active, groups: of = [] }) => ({ id, userName, active, groups: of.length })),
    ).toEqual(
      users.map(({ remoteId, person, active, groups: of }) => {
        return { id: remoteId, userName: person.userName, active, groups: of.length };
      }),
    );
    const nameOf = new Map(stored.map(({ id, userName }) => [id, userName]));
    const storedGroups = (await client('GET', '/Groups?count=500&sortBy=displayName')).json.Resources;
    expect(
      storedGroups.map(({ id, displayName, members = [] }) => ({
        remoteId: id,
        name: displayName,
        members: members.map(({ value }) => String(nameOf.get(value))).toSorted(),
      })),
    ).toEqual(groups);
  });
});

describe('a client by the book', () => {
  it('imports every user and group by cursor, and deletes in the version that it read', async () => {
    const { scimUrl, token } = await suite.seed();
    const scenario = buildScenario({ people: 110 });
    const sent: string[] = [];
    const provider = simulateProvider({
      dialect: findDialect('generic'),
      connection: { baseUrl: scimUrl, token },
      scenario,
      onProgress: (progress) => progress.kind === 'request' && sent.push(progress.request.path),
    });
    const [gone] = scenario.people;
    await provider.run(scenario.actions.filter(({ kind }) => kind === 'assign' || kind === 'push-group'));
    await provider.perform({ kind: 'delete-person', person: gone?.id ?? '' });
    sent.length = 0;
    await provider.perform({ kind: 'import' });
    expect(sent.map((path) => path.replace(/cursor=[\w-]+/, 'cursor=…'))).toEqual([
      '/Users?cursor=&count=100',
      '/Users?cursor=…&count=100',
      '/Groups?excludedAttributes=members&cursor=&count=100',
    ]);
    expect(provider.lastImport()).toMatchObject({ scannedUsers: 109, groups: scenario.groups.length });
  });
});

describe('OneLogin', () => {
  useProvider((hasBody): Record<string, string> => (hasBody ? { 'Content-Type': 'application/json' } : {}));
  const CORE = 'urn:scim:schemas:core:2.0';
  const EXTENSION = 'urn:scim:schemas:extension:enterprise:2.0';
  const body = { schemas: [CORE, EXTENSION], userName: 'ol@example.com', externalId: '1234' };

  it('reads ServiceProviderConfig when its settings are saved', async () => {
    expect(await expectStatus(200, send('GET', '/ServiceProviderConfig'))).toMatchObject({
      patch: { supported: true },
    });
  });

  it('looks up with plus for space and a trailing &, creates and replaces by PUT at a path that ends in ?', async () => {
    const lookUp = '/Users?filter=userName+eq+%22ol%40example.com%22&';
    expect(await expectStatus(200, send('GET', lookUp))).toEqual(EMPTY);
    const extras = { phoneNumbers: [{}], addresses: [{}, null], emails: [{ value: 'ol@example.com' }], title: null };
    const made = await expectStatus(
      201,
      send('POST', '/Users', { ...body, ...extras, [EXTENSION]: { department: 'Ops' } }),
    );
    expect(made).toEqual({
      schemas: [USER, ENTERPRISE],
      id: made.id,
      meta: made.meta,
      userName: body.userName,
      externalId: body.externalId,
      emails: [{ value: 'ol@example.com' }],
      active: true,
      [ENTERPRISE]: { department: 'Ops' },
    });
    expect((await expectStatus(200, send('GET', lookUp))).Resources.map(({ id }) => id)).toEqual([made.id]);
    const put = { ...body, name: { givenName: 'O', familyName: 'L' }, [EXTENSION]: { department: null, manager: {} } };
    expect(await expectStatus(200, send('PUT', `/Users/${made.id}?`, put))).toMatchObject({
      id: made.id,
      schemas: [USER],
      name: { givenName: 'O', familyName: 'L' },
      active: true,
    });
  });

  it('patches e-mails as one object and groups by name, deactivates by PATCH or deletes', async () => {
    const user = await suite.makeUser({}, send);
    const email = { op: 'replace', path: 'emails', value: { value: 'new@example.com', type: 'work' } };
    const patched = await expectStatus(200, send('PATCH', `/Users/${user.id}`, patchBody(email)));
    expect(patched.emails).toEqual([{ value: 'new@example.com', type: 'work' }]);
    const group = await suite.makeGroup([], send);
    const add = patchBody({ op: 'add', path: 'members', value: [{ value: user.id }] });
    await expectStatus(204, send('PATCH', `/Groups/${group.id}`, add));
    expect(await memberIds(group.id)).toEqual([user.id]);
    const off = patchBody({ op: 'replace', value: { active: false } });
    expect((await expectStatus(200, send('PATCH', `/Users/${user.id}`, off))).active).toBe(false);
    await expectStatus(204, send('DELETE', `/Users/${user.id}`));
    await expectStatus(404, send('GET', `/Users/${user.id}`));
  });

  it('lets customers write any template: unknown attributes are kept and given back', async () => {
    const odd = { userName: suite.unique('odd'), department: 'Ops', 'custom.field': 'x', list: [1, { a: null }] };
    expect(await expectStatus(201, send('POST', '/Users', odd))).toMatchObject({
      department: 'Ops',
      'custom.field': 'x',
    });
  });
});

describe('JumpCloud', () => {
  useProvider(json);

  it('activates on an empty directory: reads both lists, makes a test user and a test group and deletes them', async () => {
    expect(await expectStatus(200, send('GET', '/Users'))).toEqual(EMPTY);
    expect(await expectStatus(200, send('GET', '/Groups'))).toEqual(EMPTY);
    const user = await suite.makeUser({ schemas: [USER], name: { givenName: 'Test', familyName: 'User' } }, send);
    const group = await expectStatus(201, send('POST', '/Groups', { schemas: [GROUP], displayName: 'Test Group' }));
    await expectStatus(204, send('DELETE', `/Users/${user.id}`));
    await expectStatus(204, send('DELETE', `/Groups/${group.id}`));
    expect(await expectStatus(200, send('GET', '/Users'))).toEqual(EMPTY);
    expect(await expectStatus(200, send('GET', '/Groups'))).toEqual(EMPTY);
    expect(await changeKinds()).toEqual(['user_written', 'group_written', 'user_deleted', 'group_deleted']);
  });

  it('changes a user by one operation per attribute, active as a boolean', async () => {
    const { id } = await suite.makeUser({ name: { givenName: 'A', familyName: 'B' } }, send);
    const operations = [
      { op: 'replace', path: 'name.givenName', value: 'C' },
      { op: 'replace', path: 'active', value: false },
    ];
    expect(await expectStatus(200, send('PATCH', `/Users/${id}`, patchBody(...operations)))).toMatchObject({
      name: { givenName: 'C', familyName: 'B' },
      active: false,
    });
  });

  it('adds members without type or display, and takes out only those that a value list names', async () => {
    const users = [await suite.makeUser({}, send), await suite.makeUser({}, send), await suite.makeUser({}, send)];
    const [first = '', ...others] = users.map(({ id }) => id);
    const group = await suite.makeGroup([], send);
    const change = (op: string, ids: string[]): Promise<ScimBody> =>
      expectStatus(
        204,
        send(
          'PATCH',
          `/Groups/${group.id}`,
          patchBody({ op, path: 'members', value: ids.map((value) => ({ value })) }),
        ),
      );
    await change('add', [first]);
    await change('add', others);
    await change('remove', [first]);
    expect(await memberIds(group.id)).toEqual(others.toSorted());
  });
});

describe('Google Workspace', () => {
  useProvider(json);

  it('looks up, lists, creates with a schema of SCIM 1.0 beside that of 2.0, suspends and deletes', async () => {
    const filter = encodeURIComponent('userName eq "g@example.com"');
    expect(await expectStatus(200, send('GET', `/Users?filter=${filter}&startIndex=1`))).toEqual(EMPTY);
    expect(await expectStatus(200, send('GET', '/Users'))).toEqual(EMPTY);
    const body = {
      schemas: ['urn:scim:schemas:core:1.0', USER],
      userName: 'g@example.com',
      name: { givenName: 'G', familyName: 'W' },
      emails: [{ value: 'g@example.com', type: 'work', primary: true }],
      active: true,
    };
    const user = await expectStatus(201, send('POST', '/Users', body));
    expect(user.schemas).toEqual([USER]);
    const suspended = await expectStatus(200, send('PUT', `/Users/${user.id}`, { ...body, active: false }));
    expect(suspended.active).toBe(false);
    expect((await expectStatus(200, send('GET', `/Users?filter=${filter}&startIndex=1`))).totalResults).toBe(1);
    await expectStatus(204, send('DELETE', `/Users/${user.id}`));
    expect(await expectStatus(200, send('GET', '/Users'))).toEqual(EMPTY);
  });
});

describe('PingFederate and PingOne', () => {
  useProvider((hasBody) => ({ ...scimJson(hasBody), 'User-Agent': 'Apache-HttpClient/4.5.14 (Java/17.0.9)' }));

  it('updates users by PUT alone, may create them disabled, and disables or deletes', async () => {
    const filter = encodeURIComponent('userName eq "ping"');
    expect(await expectStatus(200, send('GET', `/Users?filter=${filter}`))).toEqual(EMPTY);
    const body = { schemas: [USER], userName: 'ping', emails: [{ value: 'p@example.com', type: 'work' }] };
    const user = await expectStatus(201, send('POST', '/Users', { ...body, active: false }));
    expect(user.active).toBe(false);
    const put = (more: object): Promise<ScimBody> =>
      expectStatus(200, send('PUT', `/Users/${user.id}`, { ...body, ...more }));
    expect(await put({ active: true, title: 'x' })).toMatchObject({ active: true, title: 'x' });
    expect((await put({ active: false })).title).toBeUndefined();
    await expectStatus(204, send('DELETE', `/Users/${user.id}`));
  });

  it('finds users by another filter that an administrator has set', async () => {
    const user = await suite.makeUser(
      { externalId: 'e-1', emails: [{ value: 'over@example.com', type: 'work' }] },
      send,
    );
    for (const filter of [
      'externalId eq "e-1"',
      'emails.value eq "over@example.com"',
      `userName eq "${String(user.userName)}"`,
    ]) {
      expect(
        (await suite.find(filter, '/Users', send)).map(({ id }) => id),
        filter,
      ).toEqual([user.id]);
    }
  });

  it('matches groups by reading all of them, and merges or overwrites members, by PATCH or PUT', async () => {
    const [a, b] = [await suite.makeUser({}, send), await suite.makeUser({}, send)];
    const group = await suite.makeGroup([a.id], send);
    const all = await expectStatus(200, send('GET', '/Groups?startIndex=1&count=100'));
    expect(all.Resources.map(({ id, displayName }) => [id, displayName])).toEqual([[group.id, group.displayName]]);
    const members = [{ value: b.id }];
    await expectStatus(
      204,
      send('PATCH', `/Groups/${group.id}`, patchBody({ op: 'add', path: 'members', value: members })),
    );
    expect(await memberIds(group.id)).toEqual([a.id, b.id].toSorted());
    await expectStatus(
      204,
      send('PATCH', `/Groups/${group.id}`, patchBody({ op: 'replace', path: 'members', value: members })),
    );
    expect(await memberIds(group.id)).toEqual([b.id]);
    const put = { schemas: [GROUP], displayName: group.displayName, members: [{ value: a.id }] };
    await expectStatus(200, send('PUT', `/Groups/${group.id}`, put));
    expect(await memberIds(group.id)).toEqual([a.id]);
  });

  it('sends the token under the authorization type that an administrator has typed', async () => {
    for (const Authorization of [directory.token, `bearer ${directory.token}`, `BEARER ${directory.token}`]) {
      await expectStatus(200, send('GET', '/Users?count=1', undefined, { headers: { Authorization } }));
    }
  });
});

describe('CyberArk Identity', () => {
  useProvider(scimJson);

  it('tests with one user, and reads the service, its resource types and its schemas one by one', async () => {
    expect(await expectStatus(200, send('GET', '/Users?count=1'))).toMatchObject({ totalResults: 0, Resources: [] });
    await expectStatus(200, send('GET', '/ServiceProviderConfig'));
    for (const type of ['User', 'Group']) {
      const found = await expectStatus(200, send('GET', `/ResourceTypes/${type}`));
      expect(found).toMatchObject({ id: type, name: type, endpoint: `/${type}s` });
      expect(await expectStatus(200, send('GET', `/Schemas/${String(found.schema)}`))).toMatchObject({
        id: found.schema,
      });
    }
    expect(await expectStatus(200, send('GET', `/Schemas/${ENTERPRISE}`))).toMatchObject({ id: ENTERPRISE });
  });

  it('looks up, creates and replaces users, and patches groups', async () => {
    const filter = encodeURIComponent('userName eq "ca"');
    expect(await expectStatus(200, send('GET', `/Users?filter=${filter}`))).toEqual(EMPTY);
    const user = await expectStatus(201, send('POST', '/Users', { schemas: [USER], userName: 'ca', active: true }));
    await expectStatus(200, send('GET', `/Users/${user.id}`));
    const put = { ...user, displayName: 'C A', active: false };
    expect(await expectStatus(200, send('PUT', `/Users/${user.id}`, put))).toMatchObject({
      displayName: 'C A',
      active: false,
    });
    const group = await expectStatus(201, send('POST', '/Groups', { schemas: [GROUP], displayName: 'ca' }));
    await expectStatus(200, send('GET', `/Groups/${group.id}`));
    const add = patchBody({ op: 'add', path: 'members', value: [{ value: user.id }] });
    await expectStatus(204, send('PATCH', `/Groups/${group.id}`, add));
    expect(await memberIds(group.id)).toEqual([user.id]);
  });
});

describe('Rippling', () => {
  useProvider(json);

  it('tests the connection with ServiceProviderConfig, and learns there that a wrong token is wrong', async () => {
    await expectStatus(200, send('GET', '/ServiceProviderConfig'));
    const headers = { Authorization: 'Bearer wrong' };
    await expectStatus(401, send('GET', '/ServiceProviderConfig', undefined, { headers }));
  });

  it('pages or reads everything at once, and patches groups or puts them', async () => {
    const user = await suite.makeUser({ emails: [{ value: 'r@example.com' }] }, send);
    expect(user).toMatchObject({ emails: [{ value: 'r@example.com' }], active: true });
    for (const path of ['/Users', '/Users?startIndex=1&count=50', '/Users?count=50&cursor=']) {
      expect(
        (await expectStatus(200, send('GET', path))).Resources.map(({ id }) => id),
        path,
      ).toEqual([user.id]);
    }
    const group = await suite.makeGroup([], send);
    const add = patchBody({ op: 'add', path: 'members', value: [{ value: user.id }] });
    await expectStatus(204, send('PATCH', `/Groups/${group.id}`, add));
    const put = { displayName: group.displayName, members: [] };
    expect((await expectStatus(200, send('PUT', `/Groups/${group.id}`, put))).members).toBeUndefined();
  });

  it('is told what to map when it sends a user by e-mail address alone', async () => {
    const refused = await expectStatus(400, send('POST', '/Users', { emails: [{ value: 'only@example.com' }] }));
    expect(refused).toMatchObject({
      status: '400',
      scimType: 'invalidValue',
      detail: expect.stringContaining('userName'),
    });
  });
});

describe('IBM Verify', () => {
  useProvider(scimJson);

  it('suspends by active false, deletes who loses access, and may give it back under the same name', async () => {
    const userName = 'ibm@example.com';
    const user = await suite.makeUser({ userName }, send);
    const suspend = patchBody({ op: 'replace', path: 'active', value: false });
    expect((await expectStatus(200, send('PATCH', `/Users/${user.id}`, suspend))).active).toBe(false);
    await expectStatus(204, send('DELETE', `/Users/${user.id}`));
    await expectStatus(404, send('DELETE', `/Users/${user.id}`));
    const again = await suite.makeUser({ userName }, send);
    expect(again.id).not.toBe(user.id);
    expect(again.active).toBe(true);
    expect(await changeKinds()).toEqual(['user_written', 'user_written', 'user_deleted', 'user_written']);
  });
});

describe('Duo', () => {
  useProvider(scimJson);

  it('renames a group and keeps its members', async () => {
    const user = await suite.makeUser({}, send);
    const group = await suite.makeGroup([user.id], send);
    await expectStatus(200, send('PUT', `/Groups/${group.id}`, { schemas: [GROUP], displayName: 'by PUT' }));
    await expectStatus(
      204,
      send('PATCH', `/Groups/${group.id}`, patchBody({ op: 'replace', path: 'displayName', value: 'by PATCH' })),
    );
    expect((await expectStatus(200, send('GET', `/Groups/${group.id}`))).displayName).toBe('by PATCH');
    expect(await memberIds(group.id)).toEqual([user.id]);
  });
});

describe('authentik', () => {
  useProvider(scimJson);

  it('reads ServiceProviderConfig strictly: every required attribute is there and of its type', async () => {
    const config = await expectStatus(200, send('GET', '/ServiceProviderConfig'));
    const supported = { supported: expect.any(Boolean) };
    expect(config).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
      patch: supported,
      bulk: { ...supported, maxOperations: expect.any(Number), maxPayloadSize: expect.any(Number) },
      filter: { ...supported, maxResults: expect.any(Number) },
      changePassword: supported,
      sort: supported,
      etag: supported,
      authenticationSchemes: [
        {
          type: expect.stringMatching(/^(oauth|oauth2|oauthbearertoken|httpbasic|httpdigest)$/),
          name: expect.any(String),
          description: expect.any(String),
        },
      ],
    });
    const { bulk, filter } = config as unknown as Record<'bulk' | 'filter', Record<string, number>>;
    for (const limit of [bulk.maxOperations, bulk.maxPayloadSize, filter.maxResults]) {
      expect(Number.isInteger(limit)).toBe(true);
    }
    expect(JSON.stringify(config)).not.toContain('null');
  });
});

describe('ConductorOne, SailPoint, Saviynt and clients tuned to narrow service providers', () => {
  useProvider(scimJson);

  it('need no more than eq and and, and add a hundred members at a time', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push((await suite.makeUser({ externalId: `n${n}` }, send)).id);
    const filler = Array.from({ length: 99 }, (_, n) => `unknown-${n}`);
    const group = await suite.makeGroup([], send);
    for (const id of ids) {
      const value = [...filler, id].map((member) => ({ value: member }));
      await expectStatus(204, send('PATCH', `/Groups/${group.id}`, patchBody({ op: 'add', path: 'members', value })));
    }
    expect(await memberIds(group.id)).toEqual(ids.toSorted());
    const [first = ''] = ids;
    expect(await suite.find(`id eq "${group.id}" and members eq "${first}"`, '/Groups', send)).toHaveLength(1);
    expect(await suite.find(`externalId eq "n0" and active eq true`, '/Users', send)).toHaveLength(1);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueToken, newId } from '@rollcall/platform';
import { createTestDatabase, waitUntil } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { patchBody, scimClient } from '../testing/scim-client';
import type { ScimBody, ScimClient } from '../testing/scim-client';
import { runAsAdmin, seedDirectory } from '../testing/seed-directory';
import type { SeededDirectory } from '../testing/seed-directory';
import { startTestIngress } from '../testing/start-test-ingress';
import type { TestIngress } from '../testing/start-test-ingress';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

let database: TestDatabase;
let ingress: TestIngress;
let directory: SeededDirectory;
let scim: ScimClient;
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  ingress = await startTestIngress(database, { env: { PUBLIC_URL: 'https://directory.example.com' } });
  directory = await seed();
  scim = scimClient(directory);
});

afterAll(async () => {
  await ingress.stop();
  await database.drop();
});

const seed = (options: { strict?: boolean } = {}): Promise<SeededDirectory> =>
  seedDirectory(database.adminUrl, ingress.baseUrl, options);

const admin = <Row>(text: string, values: unknown[]): Promise<Row[]> =>
  runAsAdmin<Row>(database.adminUrl, [[text, values]]);

const unique = (prefix: string): string => `${prefix}-${(count += 1)}`;

async function makeUser(client = scim, attributes: Record<string, unknown> = {}): Promise<ScimBody> {
  const { status, json } = await client('POST', '/Users', { userName: `${unique('User')}@Example.com`, ...attributes });
  expect(status).toBe(201);
  return json;
}

async function makeGroup(memberIds: string[] = [], client = scim): Promise<ScimBody> {
  const members = memberIds.map((value) => ({ value }));
  const { status, json } = await client('POST', '/Groups', { displayName: unique('Group'), members });
  expect(status).toBe(201);
  return json;
}

const memberIds = async (groupId: string, client = scim): Promise<string[]> =>
  ((await client('GET', `/Groups/${groupId}`)).json.members ?? []).map(({ value }) => value);

const changesOf = (resourceId: string): Promise<{ kind: string; added: string[] | null; removed: string[] | null }[]> =>
  admin(`SELECT kind, added, removed FROM changes WHERE resource_id = $1 ORDER BY id`, [resourceId]);

describe('authentication', () => {
  it.each([
    ['the raw token', (token: string) => token],
    ['Bearer', (token: string) => `Bearer ${token}`],
    ['bearer', (token: string) => `bearer ${token}`],
    ['Bearer twice', (token: string) => `Bearer Bearer ${token}`],
    ['much space', (token: string) => `BEARER   ${token} `],
  ])('takes %s', async (_name, header) => {
    const answer = await scim('GET', '/Users?count=0', undefined, {
      headers: { authorization: header(directory.token) },
    });
    expect(answer.status).toBe(200);
  });

  it.each([
    ['no header', () => undefined],
    ['another scheme', () => 'Basic YTpi'],
    ['garbage', () => 'Bearer garbage'],
    ['a token of the right form that nobody was given', () => `Bearer ${issueToken(newId())}`],
    ['a token with the id of a real one', () => `Bearer ${issueToken(directory.secretId)}`],
  ])('refuses %s with 401, WWW-Authenticate and a SCIM body', async (_name, header) => {
    const answer = await scim('GET', '/Users', undefined, { headers: { authorization: header() } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(answer.headers.get('content-type')).toContain('application/scim+json');
    expect(answer.json).toMatchObject({ schemas: [ERROR], status: '401', detail: expect.any(String) });
  });

  it('refuses another directory’s token, also when its URL is written with escapes', async () => {
    const other = await seed();
    for (const scimUrl of [directory.scimUrl, directory.scimUrl.replace('/scim/', '/%73cim/')]) {
      const answer = await scimClient({ scimUrl, token: other.token })('GET', '/Users');
      expect(answer.status).toBe(401);
    }
  });

  it.each([
    ['GET', '/Users', undefined],
    ['GET', '/Nothing', undefined],
    ['GET', '/ServiceProviderConfig', undefined],
    ['POST', '/Users', '{malformed'],
    ['PUT', '/Users', '{}'],
    ['GET', '/Users?filter=foo', undefined],
    ['GET', `/Users/${'0'.repeat(26)}`, undefined],
    ['POST', '/Bulk', '{}'],
    ['GET', '/Me', undefined],
  ])('checks the token of %s %s first: 401 once it is revoked, 403 while disabled', async (method, path, raw) => {
    const own = await seed();
    const send = (): ReturnType<ScimClient> =>
      scimClient(own)(method, path, undefined, raw === undefined ? {} : { raw });
    await admin(`UPDATE directories SET enabled = false WHERE id = $1`, [own.directoryId]);
    expect((await send()).status).toBe(403);
    await admin(`UPDATE directory_secrets SET revoked_time = now() WHERE id = $1`, [own.secretId]);
    expect((await send()).status).toBe(401);
  });

  it('refuses an expired token, a switched-off feature and a deleted directory from the next request on', async () => {
    const own = await seed();
    const client = scimClient(own);
    expect((await client('GET', '/Users')).status).toBe(200);
    await admin(`UPDATE organizations SET dir_sync_enabled = false WHERE id = $1`, [own.organizationId]);
    expect((await client('POST', '/Users', { userName: 'x' })).status).toBe(403);
    await admin(`UPDATE organizations SET dir_sync_enabled = true WHERE id = $1`, [own.organizationId]);
    expect((await client('GET', '/Users')).json.totalResults).toBe(0);
    await admin(`UPDATE directory_secrets SET expire_time = now() WHERE id = $1`, [own.secretId]);
    expect((await client('GET', '/Users')).status).toBe(401);
    await admin(`UPDATE directory_secrets SET expire_time = NULL WHERE id = $1`, [own.secretId]);
    await admin(`UPDATE directories SET deleted_time = now() WHERE id = $1`, [own.directoryId]);
    expect((await client('GET', '/Users')).status).toBe(401);
  });

  it('records the first request and the last use of a token', async () => {
    const own = await seed();
    await scimClient(own)('GET', '/Users?startIndex=1&count=2');
    const [row] = await waitUntil(async () => {
      const rows = await admin<{ used: Date | null; first: Date | null }>(
        `SELECT s.last_used_time AS used, d.first_request_time AS first FROM directory_secrets s
         JOIN directories d ON d.id = s.directory_id WHERE s.id = $1`,
        [own.secretId],
      );
      return rows[0]?.used && rows[0].first ? rows : undefined;
    });
    expect(row?.used).toBeInstanceOf(Date);
  });
});

describe('two directories', () => {
  it('never see each other’s resources, by id, filter, list or membership', async () => {
    const [mine, theirs] = [await seed(), await seed()];
    const [a, b] = [scimClient(mine), scimClient(theirs)];
    const user = await makeUser(b, { userName: 'shared@example.com', externalId: 'X' });
    const group = await makeGroup([user.id], b);
    for (const path of [`/Users/${user.id}`, `/Groups/${group.id}`]) {
      expect((await a('GET', path)).status).toBe(404);
      expect((await a('PUT', path, { userName: 'x', displayName: 'x' })).status).toBe(404);
      expect((await a('PATCH', path, patchBody({ op: 'replace', path: 'displayName', value: 'x' }))).status).toBe(404);
      expect((await a('DELETE', path)).status).toBe(404);
    }
    for (const filter of [
      'userName eq "shared@example.com"',
      `id eq "${user.id}"`,
      'externalId eq "X"',
      'userName pr',
    ]) {
      expect((await a('GET', `/Users?filter=${encodeURIComponent(filter)}`)).json.totalResults).toBe(0);
    }
    expect((await a('GET', '/Users')).json.totalResults).toBe(0);
    const own = await makeGroup([user.id], a);
    expect(own.members).toBeUndefined();
    expect((await makeUser(a, { userName: 'shared@example.com' })).id).not.toBe(user.id);
    expect(await memberIds(group.id, b)).toEqual([user.id]);
  });
});

describe('creating', () => {
  it('answers 201 with Location, ETag, meta and what was sent, without the password', async () => {
    const userName = `${unique('Ada')}@Example.com`;
    const body = {
      schemas: ['urn:scim:schemas:core:2.0'],
      id: 'mine',
      userName,
      password: 'hunter2',
      meta: { version: 'x' },
      groups: [],
      custom: { a: [1] },
    };
    const answer = await scim('POST', '/Users', body);
    const { id, meta } = answer.json;
    const location = `https://directory.example.com/scim/${directory.directoryId}/v2/Users/${id}`;
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(location);
    expect(answer.headers.get('etag')).toBe(meta.version);
    expect(meta).toEqual({
      resourceType: 'User',
      created: meta.created,
      lastModified: meta.created,
      location,
      version: 'W/"1"',
    });
    expect(answer.json).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id,
      meta,
      userName,
      active: true,
      custom: { a: [1] },
    });
    expect((await scim('GET', `/Users/${id}`)).json).toEqual(answer.json);
    expect(JSON.stringify(await changesOf(id))).not.toContain('hunter2');
  });

  it('projects the answer of a POST', async () => {
    const { json } = await scim('POST', '/Users?attributes=userName', { userName: unique('p'), title: 'x' });
    expect(Object.keys(json).toSorted()).toEqual(['id', 'schemas', 'userName']);
  });

  it('refuses a taken userName in any case with 409 uniqueness', async () => {
    const { userName } = await makeUser();
    const answer = await scim('POST', '/Users', { userName: String(userName).toUpperCase() });
    expect(answer.status).toBe(409);
    expect(answer.json.scimType).toBe('uniqueness');
  });

  it('stores one of 16 concurrent duplicates and answers 409 to fifteen', async () => {
    const userName = unique('same');
    const answers = await Promise.all(Array.from({ length: 16 }, () => scim('POST', '/Users', { userName })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(15);
  });

  it('writes the resource and its change row together', async () => {
    const { id } = await makeUser();
    expect(await changesOf(id)).toEqual([{ kind: 'user_written', added: null, removed: null }]);
  });

  it.each([
    ['no userName', { displayName: 'x' }, 'invalidValue'],
    ['an empty userName', { userName: ' ' }, 'invalidValue'],
    ['an array', [], 'invalidSyntax'],
    ['a mistyped value', { userName: 'x', active: 'perhaps' }, 'invalidValue'],
    ['U+0000', { userName: 'a\0b' }, 'invalidValue'],
    ['half a surrogate pair', { userName: 'a\ud800' }, 'invalidValue'],
    ['a userName no index can hold', { userName: randomText(9_000) }, 'invalidValue'],
  ])('refuses %s with 400', async (_name, body, scimType) => {
    const answer = await scim('POST', '/Users', body);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ schemas: [ERROR], status: '400', scimType });
  });

  it('never lets a key of the body reach a prototype', async () => {
    const raw = `{"userName":"${unique('proto')}","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"n\\u0061me":{"\\u005f_proto__":{"polluted":1},"givenName":"G"}}`;
    const answer = await scim('POST', '/Users', undefined, { raw });
    expect(answer.status).toBe(201);
    expect(answer.text).not.toContain('polluted');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('bodies', () => {
  it.each([
    'application/scim+json',
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/SCIM+JSON;charset="UTF-8"',
  ])('takes %s', async (type) => {
    const answer = await scim('POST', '/Users', { userName: unique('ct') }, { headers: { 'content-type': type } });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toContain('application/scim+json');
  });

  it.each([
    ['text/plain', '{"userName":"x"}', 415, undefined],
    ['application/json; charset=latin1', '{"userName":"x"}', 415, undefined],
    ['application/json', '{"userName":', 400, 'invalidSyntax'],
    ['application/json', Buffer.from([0x7b, 0xff, 0x7d]), 400, 'invalidSyntax'],
    ['application/json', '', 400, 'invalidSyntax'],
    ['application/json', `{"userName":"x","a":"${'x'.repeat(1_100_000)}"}`, 413, undefined],
    ['application/json', `{"userName":"x","a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 400, 'invalidSyntax'],
  ])('answers %s %s with a SCIM error', async (type, raw, status, scimType) => {
    const answer = await scim('POST', '/Users', undefined, { raw, headers: { 'content-type': type } });
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ schemas: [ERROR], status: String(status) });
    expect(answer.json.scimType).toBe(scimType);
  });

  it('takes an empty body whatever its Content-Type where none is needed', async () => {
    for (const type of ['application/json', 'text/plain']) {
      const { id } = await makeUser();
      const headers = { 'content-type': type };
      expect((await scim('GET', `/Users/${id}`, undefined, { headers })).status).toBe(200);
      expect((await scim('DELETE', `/Users/${id}`, undefined, { headers })).status).toBe(204);
    }
  });

  it('takes a group of 10 MB', async () => {
    const members = Array.from({ length: 99_000 }, () => ({ value: newId(), display: 'x'.repeat(40) }));
    const { status } = await scim('POST', '/Groups?excludedAttributes=members', {
      displayName: unique('big'),
      members,
    });
    expect(status).toBe(201);
  });
});

describe('unknown places', () => {
  it.each([
    ['GET', '/Nothing', 404],
    ['GET', '/Users/nobody', 404],
    ['GET', `/Users/${'0'.repeat(26)}`, 404],
    ['GET', '/Users/a/b', 404],
    ['GET', '/Users/%00', 404],
    ['PUT', '/Users', 405],
    ['POST', `/Users/${'0'.repeat(26)}`, 405],
    ['DELETE', '/Schemas', 405],
    ['POST', '/ServiceProviderConfig', 405],
    ['GET', '/Bulk', 405],
    ['GET', '/Me', 501],
    ['PATCH', '/Me', 501],
    ['GET', '', 501],
  ])('answers %s %s with %i and a SCIM body', async (method, path, status) => {
    const answer = await scim(method, path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/scim+json');
    expect(answer.json).toMatchObject({ schemas: [ERROR], status: String(status), detail: expect.any(String) });
  });

  it('names the methods that a place takes', async () => {
    expect((await scim('PUT', '/Users')).headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    expect((await scim('OPTIONS', '/Users')).status).toBe(204);
    const head = await scim('HEAD', '/Users');
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it.each(['//Users', '/Users/', '/Users?', '/Users?count=1&', '/Users?filter=userName+eq+%22nobody%22&'])(
    'takes %s as /Users',
    async (path) => {
      expect((await scim('GET', path)).status).toBe(200);
    },
  );
});

describe('changing a user', () => {
  it('PUT replaces everything but active, id, meta and read-only attributes', async () => {
    const user = await makeUser(scim, { title: 'old', active: false, nickName: 'n' });
    const { password: _, ...represented } = { ...user, password: undefined };
    const answer = await scim('PUT', `/Users/${user.id}`, {
      ...represented,
      active: undefined,
      nickName: undefined,
      title: 'new',
    });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ id: user.id, userName: user.userName, title: 'new', active: false });
    expect(answer.json.nickName).toBeUndefined();
    expect(answer.json.meta).toMatchObject({ created: user.meta.created, version: 'W/"2"' });
    expect(answer.headers.get('etag')).toBe('W/"2"');
  });

  it('PATCH answers 200 with the user and takes Okta’s and Entra’s forms', async () => {
    const user = await makeUser();
    const okta = await scim('PATCH', `/Users/${user.id}`, patchBody({ op: 'replace', value: { active: false } }));
    expect([okta.status, okta.json.active]).toEqual([200, false]);
    const entra = await scim(
      'PATCH',
      `/Users/${user.id}`,
      patchBody(
        { op: 'Replace', path: 'active', value: 'True' },
        { op: 'Add', path: 'emails[type eq "work"].value', value: 'Ada@Example.com' },
        { op: 'Add', path: `${ENTERPRISE}:manager`, value: 'boss' },
      ),
    );
    expect(entra.json).toMatchObject({
      active: true,
      emails: [{ type: 'work', value: 'Ada@Example.com' }],
      [ENTERPRISE]: { manager: { value: 'boss' } },
    });
    const found = await scim('GET', `/Users?filter=${encodeURIComponent('emails.value eq "ada@example.COM"')}`);
    expect(found.json.Resources.map(({ id }) => id)).toEqual([user.id]);
  });

  it('writes nothing and keeps the version when nothing changes', async () => {
    const user = await makeUser(scim, { title: 'x' });
    const put = await scim('PUT', `/Users/${user.id}`, user);
    const patch = await scim('PATCH', `/Users/${user.id}`, patchBody({ op: 'replace', path: 'title', value: 'x' }));
    const password = await scim(
      'PATCH',
      `/Users/${user.id}`,
      patchBody({ op: 'replace', path: 'password', value: 'new' }),
    );
    for (const answer of [put, patch, password]) {
      expect(answer.status).toBe(200);
      expect(answer.json.meta).toEqual(user.meta);
    }
    expect(await changesOf(user.id)).toHaveLength(1);
  });

  it('applies all operations of a PATCH or none', async () => {
    const user = await makeUser();
    const answer = await scim(
      'PATCH',
      `/Users/${user.id}`,
      patchBody(
        { op: 'replace', path: 'title', value: 'x' },
        { op: 'replace', path: 'emails[type co "nothing"].value', value: 'x' },
      ),
    );
    expect([answer.status, answer.json.scimType]).toEqual([400, 'noTarget']);
    expect((await scim('GET', `/Users/${user.id}`)).json).toEqual(user);
  });

  it('keeps every one of 16 concurrent PATCHes', async () => {
    const user = await makeUser();
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        scim(
          'PATCH',
          `/Users/${user.id}`,
          patchBody({ op: 'add', path: 'emails', value: [{ value: `${n}@example.com` }] }),
        ),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { emails, meta } = (await scim('GET', `/Users/${user.id}`)).json;
    expect(emails).toHaveLength(16);
    expect(meta.version).toBe('W/"17"');
    expect(await changesOf(user.id)).toHaveLength(17);
  });

  it('answers 409 when the new userName is taken, and changes nothing', async () => {
    const [first, second] = [await makeUser(), await makeUser()];
    const answer = await scim(
      'PATCH',
      `/Users/${second.id}`,
      patchBody({ op: 'replace', value: { userName: String(first.userName).toLowerCase(), title: 'x' } }),
    );
    expect([answer.status, answer.json.scimType]).toEqual([409, 'uniqueness']);
    expect((await scim('GET', `/Users/${second.id}`)).json).toEqual(second);
  });

  it('honours If-Match and If-None-Match', async () => {
    const user = await makeUser();
    const path = `/Users/${user.id}`;
    const patch = (title: string, match: string): ReturnType<ScimClient> =>
      scim('PATCH', path, patchBody({ op: 'replace', path: 'title', value: title }), {
        headers: { 'if-match': match },
      });
    expect((await patch('a', 'W/"1"')).status).toBe(200);
    expect((await patch('b', 'W/"1"')).status).toBe(412);
    expect((await patch('c', '*')).status).toBe(200);
    expect((await scim('GET', path, undefined, { headers: { 'if-none-match': 'W/"3"' } })).status).toBe(304);
    expect((await scim('GET', path, undefined, { headers: { 'if-none-match': 'W/"2"' } })).status).toBe(200);
    expect((await scim('DELETE', path, undefined, { headers: { 'if-match': 'W/"2"' } })).status).toBe(412);
    expect((await scim('DELETE', path, undefined, { headers: { 'if-match': 'W/"3"' } })).status).toBe(204);
  });

  it('DELETE removes the user everywhere and frees its userName', async () => {
    const user = await makeUser();
    const group = await makeGroup([user.id]);
    const deleted = await scim('DELETE', `/Users/${user.id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await scim('GET', `/Users/${user.id}`)).status).toBe(404);
    expect((await scim('DELETE', `/Users/${user.id}`)).status).toBe(404);
    expect(await memberIds(group.id)).toEqual([]);
    expect((await scim('POST', '/Users', { userName: user.userName })).status).toBe(201);
    expect((await changesOf(user.id)).map(({ kind }) => kind)).toEqual(['user_written', 'user_deleted']);
  });
});

describe('groups', () => {
  it('POST answers 201 with the members and shows the group at its users', async () => {
    const user = await makeUser(scim, { displayName: 'Ada' });
    const group = await makeGroup([user.id]);
    const base = `https://directory.example.com/scim/${directory.directoryId}/v2`;
    expect(group.members).toEqual([{ value: user.id, type: 'User', $ref: `${base}/Users/${user.id}`, display: 'Ada' }]);
    expect((await scim('GET', `/Users/${user.id}`)).json.groups).toEqual([
      { value: group.id, $ref: `${base}/Groups/${group.id}`, display: group.displayName },
    ]);
    expect((await changesOf(group.id)).map(({ kind }) => kind)).toEqual(['group_written', 'members_changed']);
  });

  it('splices references correctly whatever a display name looks like', async () => {
    const displayName = `","$ref":"x"}] {"type": "User", "value": "abc" {"value": "abc"\\`;
    const user = await makeUser(scim, { displayName });
    const { id } = (
      await scim('POST', '/Groups', { displayName: `${displayName}${unique('g')}`, members: [{ value: user.id }] })
    ).json;
    const group = (await scim('GET', `/Groups/${id}`)).json;
    expect(group.members).toMatchObject([
      { value: user.id, display: displayName, $ref: expect.stringMatching(`/Users/${user.id}$`) },
    ]);
    expect((await scim('GET', `/Users/${user.id}`)).json.groups).toMatchObject([
      { value: id, display: group.displayName },
    ]);
  });

  it('refuses a taken displayName in any case with 409 uniqueness, on POST, PUT and PATCH', async () => {
    const [first, second] = [await makeGroup(), await makeGroup()];
    const displayName = String(first.displayName).toUpperCase();
    const answers = [
      await scim('POST', '/Groups', { displayName }),
      await scim('PUT', `/Groups/${second.id}`, { displayName }),
      await scim(
        'PATCH',
        `/Groups/${second.id}`,
        patchBody({ op: 'replace', path: 'displayName', value: displayName }),
      ),
    ];
    for (const { status, json } of answers) expect([status, json.scimType]).toEqual([409, 'uniqueness']);
  });

  it('PATCH answers 204, or 200 with the group when attributes are asked for', async () => {
    const [user, group] = [await makeUser(), await makeGroup()];
    const body = patchBody({ op: 'add', path: 'members', value: [{ value: user.id }] });
    const plain = await scim('PATCH', `/Groups/${group.id}`, body);
    expect([plain.status, plain.text]).toEqual([204, '']);
    const asked = await scim('PATCH', `/Groups/${group.id}?attributes=members`, body);
    expect(asked.status).toBe(200);
    expect(asked.json.members?.map(({ value }) => value)).toEqual([user.id]);
    expect(await changesOf(group.id)).toHaveLength(2);
  });

  it('takes every form of removing members', async () => {
    const users = await Promise.all(Array.from({ length: 4 }, () => makeUser()));
    const ids = users.map(({ id }) => id);
    const group = await makeGroup(ids);
    const path = `/Groups/${group.id}`;
    await scim('PATCH', path, patchBody({ op: 'remove', path: `members[value eq "${ids[0]}"]` }));
    expect(await memberIds(group.id)).toHaveLength(3);
    await scim('PATCH', path, patchBody({ op: 'Remove', path: 'members', value: [{ value: ids[1], $ref: null }] }));
    expect(new Set(await memberIds(group.id))).toEqual(new Set([ids[2], ids[3]]));
    await scim('PATCH', path, patchBody({ op: 'remove', path: 'members' }));
    expect(await memberIds(group.id)).toEqual([]);
  });

  it('takes Okta’s push: rename and replace in one PATCH, without a path', async () => {
    const [a, b] = [await makeUser(), await makeUser()];
    const group = await makeGroup([a.id]);
    const displayName = unique('Renamed');
    const answer = await scim(
      'PATCH',
      `/Groups/${group.id}`,
      patchBody(
        { op: 'replace', value: { id: group.id, displayName } },
        { op: 'replace', path: 'members', value: [{ value: b.id }] },
      ),
    );
    expect(answer.status).toBe(204);
    expect((await scim('GET', `/Groups/${group.id}`)).json.displayName).toBe(displayName);
    expect(await memberIds(group.id)).toEqual([b.id]);
    expect((await changesOf(group.id)).at(-1)).toEqual({ kind: 'members_changed', added: [b.id], removed: [a.id] });
  });

  it('PUT without members keeps them, with null or [] empties the group', async () => {
    const user = await makeUser();
    const group = await makeGroup([user.id]);
    const put = (body: Record<string, unknown>): ReturnType<ScimClient> =>
      scim('PUT', `/Groups/${group.id}`, { displayName: group.displayName, ...body });
    expect((await put({})).json.members).toHaveLength(1);
    expect((await put({ members: null })).json.members).toBeUndefined();
    expect((await put({ members: [{ value: user.id }] })).json.members).toHaveLength(1);
    expect((await put({ members: [] })).json.members).toBeUndefined();
  });

  it('stores every one of 16 concurrent member adds', async () => {
    const users = await Promise.all(Array.from({ length: 16 }, () => makeUser()));
    const group = await makeGroup();
    const answers = await Promise.all(
      users.map(({ id }) =>
        scim('PATCH', `/Groups/${group.id}`, patchBody({ op: 'add', path: 'members', value: [{ value: id }] })),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect((await memberIds(group.id)).toSorted()).toEqual(users.map(({ id }) => id).toSorted());
  });

  it('survives deleting users while they are added to groups', async () => {
    const users = await Promise.all(Array.from({ length: 10 }, () => makeUser()));
    const groups = await Promise.all([makeGroup(), makeGroup()]);
    const answers = await Promise.all(
      users.flatMap(({ id }) => [
        ...groups.map((group) =>
          scim('PATCH', `/Groups/${group.id}`, patchBody({ op: 'add', path: 'members', value: [{ value: id }] })),
        ),
        scim('DELETE', `/Users/${id}`),
      ]),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    for (const group of groups) expect(await memberIds(group.id)).toEqual([]);
    expect(await admin('SELECT 1 FROM memberships WHERE member_id = ANY ($1)', [users.map(({ id }) => id)])).toEqual(
      [],
    );
  });

  it('takes an externalId for the user, and records what stays unresolved', async () => {
    const externalId = unique('ext');
    const user = await makeUser(scim, { externalId });
    const unknown = newId();
    const group = await makeGroup([externalId, unknown]);
    expect(group.members?.map(({ value }) => value)).toEqual([user.id]);
    expect(await admin('SELECT value FROM unresolved_members WHERE group_id = $1', [group.id])).toEqual([
      { value: unknown },
    ]);
  });

  it('refuses unknown members in strict mode with 400 invalidValue and changes nothing', async () => {
    const strict = scimClient(await seed({ strict: true }));
    const group = await makeGroup([], strict);
    const refused = [
      await strict('POST', '/Groups', { displayName: unique('g'), members: [{ value: newId() }] }),
      await strict(
        'PATCH',
        `/Groups/${group.id}`,
        patchBody(
          { op: 'replace', path: 'displayName', value: 'changed' },
          { op: 'add', path: 'members', value: [{ value: newId() }] },
        ),
      ),
    ];
    for (const { status, json } of refused) expect([status, json.scimType]).toEqual([400, 'invalidValue']);
    expect((await strict('GET', '/Groups')).json.Resources.map(({ displayName }) => displayName)).toEqual([
      group.displayName,
    ]);
  });

  it('shows members only where they are asked for', async () => {
    const user = await makeUser();
    const group = await makeGroup([user.id]);
    expect((await scim('GET', `/Groups/${group.id}?excludedAttributes=members`)).json.members).toBeUndefined();
    const filter = encodeURIComponent(`displayName eq "${String(group.displayName).toUpperCase()}"`);
    expect(
      (await scim('GET', `/Groups?filter=${filter}&excludedAttributes=members`)).json.Resources[0]?.members,
    ).toBeUndefined();
    expect((await scim('GET', `/Groups?filter=${filter}`)).json.Resources[0]?.members).toHaveLength(1);
    const check = encodeURIComponent(`id eq "${group.id}" and members eq "${user.id}"`);
    expect((await scim('GET', `/Groups?filter=${check}&attributes=id`)).json.Resources).toEqual([
      { id: group.id, schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'] },
    ]);
  });

  it('DELETE removes the group, keeps its users and frees its name', async () => {
    const user = await makeUser();
    const group = await makeGroup([user.id]);
    expect((await scim('DELETE', `/Groups/${group.id}`)).status).toBe(204);
    expect((await scim('GET', `/Groups/${group.id}`)).status).toBe(404);
    expect((await scim('GET', `/Users/${user.id}`)).json.groups).toBeUndefined();
    expect((await scim('POST', '/Groups', { displayName: group.displayName })).status).toBe(201);
  });
});

describe('listing', () => {
  let client: ScimClient;
  let ids: string[];

  beforeAll(async () => {
    client = scimClient(await seed());
    ids = [];
    for (let n = 0; n < 12; n++) {
      ids.push((await makeUser(client, { userName: `list${n}`, title: n % 2 ? 'odd' : 'even', active: n < 10 })).id);
    }
    await client('POST', '/Groups', { displayName: 'listed', members: [{ value: ids[0] }] });
  });

  const list = async (query: string): Promise<ScimBody> => (await client('GET', `/Users?${query}`)).json;
  const idsOf = ({ Resources }: ScimBody): string[] => Resources.map(({ id }) => id);

  it('is an empty ListResponse on a new directory', async () => {
    const answer = await scimClient(await seed())('GET', '/Users?startIndex=1&count=2');
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
  });

  it('pages by index in a stable order, inactive users included, whichever page comes first', async () => {
    expect(idsOf(await list('startIndex=9&count=4'))).toEqual(ids.slice(8));
    const walked: string[] = [];
    for (let startIndex = 1; startIndex <= 12; startIndex += 5) {
      const page = await list(`startIndex=${startIndex}&count=5`);
      expect(page).toMatchObject({ totalResults: 12, startIndex, itemsPerPage: page.Resources.length });
      walked.push(...idsOf(page));
    }
    expect(walked).toEqual(ids);
    expect(await list('startIndex=-3&count=-1')).toMatchObject({ totalResults: 12, startIndex: 1, itemsPerPage: 0 });
    expect(await list('startIndex=100')).toMatchObject({ totalResults: 12, startIndex: 100, Resources: [] });
  });

  it('pages by cursor to the end and refuses a cursor of another query', async () => {
    for (const query of [
      'count=5',
      'count=5&filter=active%20eq%20true',
      'count=5&sortBy=userName&sortOrder=descending',
    ]) {
      const walked: string[] = [];
      let cursor: string | undefined = '';
      while (cursor !== undefined) {
        const page: ScimBody = await list(`${query}&cursor=${cursor}`);
        expect(page.startIndex).toBeUndefined();
        walked.push(...idsOf(page));
        cursor = page.nextCursor;
      }
      expect(walked).toEqual(idsOf(await list(query.replace('count=5', 'count=500'))));
    }
    const { nextCursor } = await list('count=5&cursor=');
    const refused = await client('GET', `/Users?filter=active%20eq%20true&cursor=${nextCursor}`);
    expect([refused.status, refused.json.scimType]).toEqual([400, 'invalidCursor']);
    expect((await client('GET', '/Users?cursor=garbage')).json.scimType).toBe('invalidCursor');
    expect(await list('count=0&cursor=')).toMatchObject({ totalResults: 12, Resources: [] });
  });

  it('filters, sorts and projects, by GET and by .search, per type and over all', async () => {
    const query = {
      filter: 'title eq "ODD" and active eq true',
      sortBy: 'userName',
      sortOrder: 'descending',
      attributes: ['userName'],
    };
    const byUrl = await list(new URLSearchParams({ ...query, attributes: 'userName' }).toString());
    expect(byUrl.Resources.map(({ userName }) => userName)).toEqual(['list9', 'list7', 'list5', 'list3', 'list1']);
    const message = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], ...query };
    for (const path of ['/Users/.search', '/.search']) {
      const answer = await client('POST', path, message);
      expect(answer.status).toBe(200);
      expect(answer.json.Resources).toEqual(byUrl.Resources);
    }
    const all = await client('POST', '/.search', {
      ...message,
      filter: 'meta.resourceType pr',
      sortBy: undefined,
      startIndex: 12,
      count: 5,
    });
    expect(all.json).toMatchObject({ totalResults: 13, itemsPerPage: 2 });
    expect(all.json.Resources.map(({ schemas }) => (schemas as string[])[0]?.split(':').at(-1))).toEqual([
      'User',
      'Group',
    ]);
    const groups = await client('POST', '/Groups/.search', {
      ...message,
      filter: 'displayName co "ISTE"',
      attributes: undefined,
    });
    expect(groups.json.Resources).toMatchObject([{ displayName: 'listed' }]);
  });

  it.each([
    'foo',
    'userName',
    'userName eq',
    'userName xx "a"',
    '',
    'active gt true',
    `userName eq "${'x'.repeat(5_000)}"`,
  ])('refuses the filter %j with 400 invalidFilter and never lists everything', async (filter) => {
    const answer = await client('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    expect([answer.status, answer.json.scimType]).toEqual([400, 'invalidFilter']);
  });
});

describe('discovery', () => {
  it('describes the service in one object, whatever the parameters', async () => {
    const { status, json } = await scim('GET', '/ServiceProviderConfig?filter=invalid&sortBy=id&startIndex=999');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 5 * 1024 * 1024 },
      filter: { supported: true, maxResults: 500 },
      pagination: { cursor: true, index: true },
    });
  });

  it.each([
    ['/Schemas', 3],
    ['/ResourceTypes', 2],
  ])('lists %s, each also by id, and refuses a filter with 403', async (path, total) => {
    const { json } = await scim('GET', path);
    expect(json.totalResults).toBe(total);
    for (const document of json.Resources) {
      expect((await scim('GET', `${path}/${document.id}`)).json).toEqual(document);
    }
    expect((await scim('GET', `${path}/nothing`)).status).toBe(404);
    expect((await scim('GET', `${path}?filter=id%20pr`)).status).toBe(403);
  });
});

describe('bulk', () => {
  const bulk = (operations: unknown[], more: Record<string, unknown> = {}): ReturnType<ScimClient> =>
    scim('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: operations,
      ...more,
    });

  it('carries out operations that refer to each other, in a circle too, and answers in the order of the request', async () => {
    const names = [unique('bulk'), unique('bulk'), unique('bulk')];
    const { status, json } = await bulk([
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'a',
        data: { displayName: names[0], members: [{ value: 'bulkId:u' }, { value: 'bulkId:b' }] },
      },
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'b',
        data: { displayName: names[1], members: [{ value: 'bulkId:a' }] },
      },
      { method: 'POST', path: '/Users', bulkId: 'u', data: { userName: names[2] } },
      { method: 'PATCH', path: '/Users/bulkId:u', data: patchBody({ op: 'add', path: 'title', value: 'x' }) },
    ]);
    expect(status).toBe(200);
    expect(json.Operations.map(({ bulkId, status }) => [bulkId, status])).toEqual([
      ['a', '201'],
      ['b', '201'],
      ['u', '201'],
      [undefined, '200'],
    ]);
    const [a, b, u] = json.Operations.map(({ location }) => location?.split('/').at(-1) ?? '');
    expect(new Set(await memberIds(a!))).toEqual(new Set([b, u]));
    expect(await memberIds(b!)).toEqual([a]);
    expect((await scim('GET', `/Users/${u}`)).json.title).toBe('x');
  });

  it('tells each failure, goes on, and stops after failOnErrors', async () => {
    const { userName } = await makeUser();
    const fail = { method: 'POST', path: '/Users', bulkId: 'f', data: { userName } };
    const { json } = await bulk([
      fail,
      { method: 'DELETE', path: `/Users/${newId()}` },
      { method: 'GET', path: '/Users' },
      { method: 'POST', path: '/Nothing', bulkId: 'n', data: {} },
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'g',
        data: { displayName: unique('g'), members: [{ value: 'bulkId:f' }] },
      },
    ]);
    expect(json.Operations.map(({ status }) => status)).toEqual(['409', '404', '400', '404', '409']);
    expect(json.Operations[0]?.response).toMatchObject({ schemas: [ERROR], status: '409', scimType: 'uniqueness' });
    const stopped = await bulk([fail, { ...fail, bulkId: 'f2' }, { ...fail, bulkId: 'f3' }], { failOnErrors: 2 });
    expect(stopped.json.Operations).toHaveLength(2);
  });

  it('refuses more than 1,000 operations with 413', async () => {
    const operations = Array.from({ length: 1_001 }, () => ({ method: 'DELETE', path: `/Users/${newId()}` }));
    expect((await bulk(operations)).status).toBe(413);
  });
});

describe('the request log', () => {
  it('has one line per request with template and directory, and nothing personal', async () => {
    await scim('GET', `/Users?filter=${encodeURIComponent('userName eq "hunter2@example.com"')}`);
    const line = ingress.logLines().findLast(({ route }) => route === '/scim/:key/v2/Users');
    expect(line).toMatchObject({ method: 'GET', status: 200, directory_id: directory.directoryId });
    const log = JSON.stringify(ingress.logLines());
    expect(log).not.toContain('hunter2');
    expect(log).not.toContain(directory.token);
  });
});

/** Text that does not compress: an index row may hold long text that does. */
function randomText(length: number): string {
  return Array.from({ length }, () => String.fromCodePoint(0x4e00 + Math.floor(Math.random() * 20_000))).join('');
}

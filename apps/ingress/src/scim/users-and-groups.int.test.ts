import { describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { patchBody, scimClient } from '../testing/scim-client';
import type { ScimClient } from '../testing/scim-client';
import { useScim } from '../testing/use-scim';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const suite = useScim();

const memberIds = async (groupId: string, client = suite.scim): Promise<string[]> =>
  ((await client('GET', `/Groups/${groupId}`)).json.members ?? []).map(({ value }) => value);

const changesOf = (resourceId: string): Promise<{ kind: string; added: string[] | null; removed: string[] | null }[]> =>
  suite.admin(`SELECT kind, added, removed FROM changes WHERE resource_id = $1 ORDER BY id`, [resourceId]);

describe('creating', () => {
  it('answers 201 with Location, ETag, meta and what was sent, without the password', async () => {
    const userName = `${suite.unique('Ada')}@Example.com`;
    const body = {
      schemas: ['urn:scim:schemas:core:2.0'],
      id: 'mine',
      userName,
      password: 'hunter2',
      meta: { version: 'x' },
      groups: [],
      custom: { a: [1] },
    };
    const answer = await suite.scim('POST', '/Users', body);
    const { id, meta } = answer.json;
    const location = `https://directory.example.com/scim/${suite.directory.directoryId}/v2/Users/${id}`;
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
    expect((await suite.scim('GET', `/Users/${id}`)).json).toEqual(answer.json);
    expect(JSON.stringify(await changesOf(id))).not.toContain('hunter2');
  });

  it('projects the answer of a POST', async () => {
    const { json } = await suite.scim('POST', '/Users?attributes=userName', {
      userName: suite.unique('p'),
      title: 'x',
    });
    expect(Object.keys(json).toSorted()).toEqual(['id', 'schemas', 'userName']);
  });

  it('writes the resource and its change row together', async () => {
    const { id } = await suite.makeUser();
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
    const answer = await suite.scim('POST', '/Users', body);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ schemas: [ERROR], status: '400', scimType });
  });

  it('never lets a key of the body reach a prototype', async () => {
    const raw = `{"userName":"${suite.unique('proto')}","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"n\\u0061me":{"\\u005f_proto__":{"polluted":1},"givenName":"G"}}`;
    const answer = await suite.scim('POST', '/Users', undefined, { raw });
    expect(answer.status).toBe(201);
    expect(answer.text).not.toContain('polluted');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('changing a user', () => {
  it('PUT replaces everything but active, id, meta and read-only attributes', async () => {
    const user = await suite.makeUser({ title: 'old', active: false, nickName: 'n' });
    const { password: _, ...represented } = { ...user, password: undefined };
    const answer = await suite.scim('PUT', `/Users/${user.id}`, {
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
    const user = await suite.makeUser();
    const okta = await suite.scim('PATCH', `/Users/${user.id}`, patchBody({ op: 'replace', value: { active: false } }));
    expect([okta.status, okta.json.active]).toEqual([200, false]);
    const entra = await suite.scim(
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
    const found = await suite.scim('GET', `/Users?filter=${encodeURIComponent('emails.value eq "ada@example.COM"')}`);
    expect(found.json.Resources.map(({ id }) => id)).toEqual([user.id]);
  });

  it('writes nothing and keeps the version when nothing changes', async () => {
    const user = await suite.makeUser({ title: 'x' });
    const put = await suite.scim('PUT', `/Users/${user.id}`, user);
    const patch = await suite.scim(
      'PATCH',
      `/Users/${user.id}`,
      patchBody({ op: 'replace', path: 'title', value: 'x' }),
    );
    const password = await suite.scim(
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

  it('keeps every one of 16 concurrent PATCHes', async () => {
    const user = await suite.makeUser();
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        suite.scim(
          'PATCH',
          `/Users/${user.id}`,
          patchBody({ op: 'add', path: 'emails', value: [{ value: `${n}@example.com` }] }),
        ),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { emails, meta } = (await suite.scim('GET', `/Users/${user.id}`)).json;
    expect(emails).toHaveLength(16);
    expect(meta.version).toBe('W/"17"');
    expect(await changesOf(user.id)).toHaveLength(17);
  });

  it('answers 409 when the new userName is taken, and changes nothing', async () => {
    const [first, second] = [await suite.makeUser(), await suite.makeUser()];
    const answer = await suite.scim(
      'PATCH',
      `/Users/${second.id}`,
      patchBody({ op: 'replace', value: { userName: String(first.userName).toLowerCase(), title: 'x' } }),
    );
    expect([answer.status, answer.json.scimType]).toEqual([409, 'uniqueness']);
    expect((await suite.scim('GET', `/Users/${second.id}`)).json).toEqual(second);
  });

  it('DELETE removes the user everywhere and frees its userName', async () => {
    const user = await suite.makeUser();
    const group = await suite.makeGroup([user.id]);
    const deleted = await suite.scim('DELETE', `/Users/${user.id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await suite.scim('GET', `/Users/${user.id}`)).status).toBe(404);
    expect((await suite.scim('DELETE', `/Users/${user.id}`)).status).toBe(404);
    expect(await memberIds(group.id)).toEqual([]);
    expect((await suite.scim('POST', '/Users', { userName: user.userName })).status).toBe(201);
    expect((await changesOf(user.id)).map(({ kind }) => kind)).toEqual(['user_written', 'user_deleted']);
  });
});

describe('groups', () => {
  it('POST answers 201 with the members and shows the group at its users', async () => {
    const user = await suite.makeUser({ displayName: 'Ada' });
    const group = await suite.makeGroup([user.id]);
    const base = `https://directory.example.com/scim/${suite.directory.directoryId}/v2`;
    expect(group.members).toEqual([{ value: user.id, type: 'User', $ref: `${base}/Users/${user.id}`, display: 'Ada' }]);
    expect((await suite.scim('GET', `/Users/${user.id}`)).json.groups).toEqual([
      { value: group.id, $ref: `${base}/Groups/${group.id}`, display: group.displayName },
    ]);
    expect((await changesOf(group.id)).map(({ kind }) => kind)).toEqual(['group_written', 'members_changed']);
  });

  it('splices references correctly whatever a display name looks like', async () => {
    const displayName = `","$ref":"x"}] {"type": "User", "value": "abc" {"value": "abc"\\`;
    const user = await suite.makeUser({ displayName });
    const { id } = (
      await suite.scim('POST', '/Groups', {
        displayName: `${displayName}${suite.unique('g')}`,
        members: [{ value: user.id }],
      })
    ).json;
    const group = (await suite.scim('GET', `/Groups/${id}`)).json;
    expect(group.members).toMatchObject([
      { value: user.id, display: displayName, $ref: expect.stringMatching(`/Users/${user.id}$`) },
    ]);
    expect((await suite.scim('GET', `/Users/${user.id}`)).json.groups).toMatchObject([
      { value: id, display: group.displayName },
    ]);
  });

  it('refuses a taken displayName in any case with 409 uniqueness, on POST, PUT and PATCH', async () => {
    const [first, second] = [await suite.makeGroup(), await suite.makeGroup()];
    const displayName = String(first.displayName).toUpperCase();
    const answers = [
      await suite.scim('POST', '/Groups', { displayName }),
      await suite.scim('PUT', `/Groups/${second.id}`, { displayName }),
      await suite.scim(
        'PATCH',
        `/Groups/${second.id}`,
        patchBody({ op: 'replace', path: 'displayName', value: displayName }),
      ),
    ];
    for (const { status, json } of answers) expect([status, json.scimType]).toEqual([409, 'uniqueness']);
  });

  it('PATCH answers 204, or 200 with the group when attributes are asked for', async () => {
    const [user, group] = [await suite.makeUser(), await suite.makeGroup()];
    const body = patchBody({ op: 'add', path: 'members', value: [{ value: user.id }] });
    const plain = await suite.scim('PATCH', `/Groups/${group.id}`, body);
    expect([plain.status, plain.text]).toEqual([204, '']);
    const asked = await suite.scim('PATCH', `/Groups/${group.id}?attributes=members`, body);
    expect(asked.status).toBe(200);
    expect(asked.json.members?.map(({ value }) => value)).toEqual([user.id]);
    expect(await changesOf(group.id)).toHaveLength(2);
  });

  it('takes every form of removing members', async () => {
    const users = await Promise.all(Array.from({ length: 4 }, () => suite.makeUser()));
    const ids = users.map(({ id }) => id);
    const group = await suite.makeGroup(ids);
    const path = `/Groups/${group.id}`;
    await suite.scim('PATCH', path, patchBody({ op: 'remove', path: `members[value eq "${ids[0]}"]` }));
    expect(await memberIds(group.id)).toHaveLength(3);
    await suite.scim(
      'PATCH',
      path,
      patchBody({ op: 'Remove', path: 'members', value: [{ value: ids[1], $ref: null }] }),
    );
    expect(new Set(await memberIds(group.id))).toEqual(new Set([ids[2], ids[3]]));
    await suite.scim('PATCH', path, patchBody({ op: 'remove', path: 'members' }));
    expect(await memberIds(group.id)).toEqual([]);
  });

  it('takes Okta’s push: rename and replace in one PATCH, without a path', async () => {
    const [a, b] = [await suite.makeUser(), await suite.makeUser()];
    const group = await suite.makeGroup([a.id]);
    const displayName = suite.unique('Renamed');
    const answer = await suite.scim(
      'PATCH',
      `/Groups/${group.id}`,
      patchBody(
        { op: 'replace', value: { id: group.id, displayName } },
        { op: 'replace', path: 'members', value: [{ value: b.id }] },
      ),
    );
    expect(answer.status).toBe(204);
    expect((await suite.scim('GET', `/Groups/${group.id}`)).json.displayName).toBe(displayName);
    expect(await memberIds(group.id)).toEqual([b.id]);
    expect((await changesOf(group.id)).at(-1)).toEqual({ kind: 'members_changed', added: [b.id], removed: [a.id] });
  });

  it('PUT without members keeps them, with null or [] empties the group', async () => {
    const user = await suite.makeUser();
    const group = await suite.makeGroup([user.id]);
    const put = (body: Record<string, unknown>): ReturnType<ScimClient> =>
      suite.scim('PUT', `/Groups/${group.id}`, { displayName: group.displayName, ...body });
    expect((await put({})).json.members).toHaveLength(1);
    expect((await put({ members: null })).json.members).toBeUndefined();
    expect((await put({ members: [{ value: user.id }] })).json.members).toHaveLength(1);
    expect((await put({ members: [] })).json.members).toBeUndefined();
  });

  it('stores every one of 16 concurrent member adds', async () => {
    const users = await Promise.all(Array.from({ length: 16 }, () => suite.makeUser()));
    const group = await suite.makeGroup();
    const answers = await Promise.all(
      users.map(({ id }) =>
        suite.scim('PATCH', `/Groups/${group.id}`, patchBody({ op: 'add', path: 'members', value: [{ value: id }] })),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect((await memberIds(group.id)).toSorted()).toEqual(users.map(({ id }) => id).toSorted());
  });

  it('survives deleting users while they are added to groups', async () => {
    const users = await Promise.all(Array.from({ length: 10 }, () => suite.makeUser()));
    const groups = await Promise.all([suite.makeGroup(), suite.makeGroup()]);
    const answers = await Promise.all(
      users.flatMap(({ id }) => [
        ...groups.map((group) =>
          suite.scim('PATCH', `/Groups/${group.id}`, patchBody({ op: 'add', path: 'members', value: [{ value: id }] })),
        ),
        suite.scim('DELETE', `/Users/${id}`),
      ]),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    for (const group of groups) expect(await memberIds(group.id)).toEqual([]);
    expect(
      await suite.admin('SELECT 1 FROM memberships WHERE member_id = ANY ($1)', [users.map(({ id }) => id)]),
    ).toEqual([]);
  });

  it('takes an externalId for the user, and records what stays unresolved', async () => {
    const externalId = suite.unique('ext');
    const user = await suite.makeUser({ externalId });
    const unknown = newId();
    const group = await suite.makeGroup([externalId, unknown]);
    expect(group.members?.map(({ value }) => value)).toEqual([user.id]);
    expect(await suite.admin('SELECT value FROM unresolved_members WHERE group_id = $1', [group.id])).toEqual([
      { value: unknown },
    ]);
  });

  it('refuses unknown members in strict mode with 400 invalidValue and changes nothing', async () => {
    const strict = scimClient(await suite.seed({ strict: true }));
    const group = await suite.makeGroup([], strict);
    const refused = [
      await strict('POST', '/Groups', { displayName: suite.unique('g'), members: [{ value: newId() }] }),
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
    const user = await suite.makeUser();
    const group = await suite.makeGroup([user.id]);
    expect((await suite.scim('GET', `/Groups/${group.id}?excludedAttributes=members`)).json.members).toBeUndefined();
    const filter = encodeURIComponent(`displayName eq "${String(group.displayName).toUpperCase()}"`);
    expect(
      (await suite.scim('GET', `/Groups?filter=${filter}&excludedAttributes=members`)).json.Resources[0]?.members,
    ).toBeUndefined();
    expect((await suite.scim('GET', `/Groups?filter=${filter}`)).json.Resources[0]?.members).toHaveLength(1);
    const check = encodeURIComponent(`id eq "${group.id}" and members eq "${user.id}"`);
    expect((await suite.scim('GET', `/Groups?filter=${check}&attributes=id`)).json.Resources).toEqual([
      { id: group.id, schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'] },
    ]);
  });
});

describe('bulk', () => {
  const bulk = (operations: unknown[], more: Record<string, unknown> = {}): ReturnType<ScimClient> =>
    suite.scim('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: operations,
      ...more,
    });

  it('tells each failure, goes on, and stops after failOnErrors', async () => {
    const { userName } = await suite.makeUser();
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
        data: { displayName: suite.unique('g'), members: [{ value: 'bulkId:f' }] },
      },
    ]);
    expect(json.Operations.map(({ status }) => status)).toEqual(['409', '404', '400', '404', '409']);
    expect(json.Operations[0]?.response).toMatchObject({ schemas: [ERROR], status: '409', scimType: 'uniqueness' });
    const stopped = await bulk([fail, { ...fail, bulkId: 'f2' }, { ...fail, bulkId: 'f3' }], { failOnErrors: 2 });
    expect(stopped.json.Operations).toHaveLength(2);
  });
});

/** Text that does not compress: an index row may hold long text that does. */
function randomText(length: number): string {
  return Array.from({ length }, () => String.fromCodePoint(0x4e00 + Math.floor(Math.random() * 20_000))).join('');
}

import { describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { patchBody, scimClient } from '../../testing/scim-client';
import type { Answer, ScimBody } from '../../testing/scim-client';
import { useScim } from '../../testing/use-scim';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const BADGE = 'urn:acme:params:scim:schemas:extension:badge:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const suite = useScim();

const refusal = ({ status, json }: Answer): unknown[] => [status, json.scimType];
const patchUser = (id: string, ...operations: Record<string, unknown>[]): Promise<Answer> =>
  suite.scim('PATCH', `/Users/${id}`, patchBody(...operations));
const patchGroup = (id: string, ...operations: Record<string, unknown>[]): Promise<Answer> =>
  suite.scim('PATCH', `/Groups/${id}`, patchBody(...operations));
const read = async (path: string): Promise<ScimBody> => (await suite.scim('GET', path)).json;
const membersOf = async (id: string): Promise<string[]> =>
  ((await read(`/Groups/${id}`)).members ?? []).map(({ value }) => value).toSorted();

describe('PUT (RFC 7644 §3.5.1)', () => {
  it('90 replaces a resource that exists (RFC 7644 §3.5.1)', async () => {
    const user = await suite.makeUser({ title: 'old' });
    const answer = await suite.scim('PUT', `/Users/${user.id}`, { userName: user.userName, nickName: 'new' });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      schemas: [USER],
      id: user.id,
      userName: user.userName,
      nickName: 'new',
      active: true,
      meta: { ...user.meta, version: 'W/"2"', lastModified: answer.json.meta.lastModified },
    });
    expect(await read(`/Users/${user.id}`)).toEqual(answer.json);
  });

  it('91 never creates: an unknown id is 404 and stays so (RFC 7644 §3.3, §3.5.1)', async () => {
    for (const id of [newId(), 'chosen-by-the-client']) {
      for (const [endpoint, body] of [
        ['/Users', { userName: suite.unique('put') }],
        ['/Groups', { displayName: suite.unique('put') }],
      ] as const) {
        expect((await suite.scim('PUT', `${endpoint}/${id}`, body)).status).toBe(404);
        expect((await suite.scim('GET', `${endpoint}/${id}`)).status).toBe(404);
        const [[name, value] = []] = Object.entries(body);
        expect(await suite.find(`${name} eq "${value}"`, endpoint)).toEqual([]);
      }
    }
  });

  it('92 clears what is left out, but for active and a group’s members (RFC 7644 §3.5.1)', async () => {
    const full = {
      title: 't',
      emails: [{ value: 'a@example.com' }],
      [ENTERPRISE]: { department: 'd' },
      [BADGE]: { level: 1 },
    };
    const user = await suite.makeUser({ ...full, active: false });
    const put = await suite.scim('PUT', `/Users/${user.id}`, { userName: user.userName });
    expect(put.json).toEqual({
      schemas: [USER],
      id: user.id,
      userName: user.userName,
      active: false,
      meta: expect.anything(),
    });
    const group = await suite.makeGroup([user.id]);
    const kept = await suite.scim('PUT', `/Groups/${group.id}`, { displayName: group.displayName, externalId: 'x' });
    expect(kept.json.members).toEqual(group.members);
    const emptied = await suite.scim('PUT', `/Groups/${group.id}`, { displayName: group.displayName, members: [] });
    expect([emptied.json.members, emptied.json.externalId]).toEqual([undefined, undefined]);
  });

  it('93 ignores read-only attributes in a PUT, a whole representation sent back included (RFC 7644 §3.5.1)', async () => {
    const user = await suite.makeUser({ title: 't' });
    const group = await suite.makeGroup([user.id]);
    const shown = await read(`/Users/${user.id}`);
    const answer = await suite.scim('PUT', `/Users/${user.id}`, { ...shown, id: newId(), groups: [], meta: {} });
    expect(answer.json).toEqual(shown);
    expect((await suite.scim('PUT', `/Groups/${group.id}`, group)).json).toEqual(group);
  });

  it('94 demands required attributes in a PUT too (RFC 7644 §3.5.1)', async () => {
    const [user, group] = [await suite.makeUser({ title: 't' }), await suite.makeGroup()];
    expect(refusal(await suite.scim('PUT', `/Users/${user.id}`, { title: 'x' }))).toEqual([400, 'invalidValue']);
    expect(refusal(await suite.scim('PUT', `/Groups/${group.id}`, { externalId: 'x' }))).toEqual([400, 'invalidValue']);
    expect(await read(`/Users/${user.id}`)).toEqual(user);
    expect(await read(`/Groups/${group.id}`)).toEqual(group);
  });
});

describe('PATCH (RFC 7644 §3.5.2)', () => {
  it('95 demands a list of operations in a message that is not named another, each add, remove or replace in any case (RFC 7644 §3.5.2)', async () => {
    const user = await suite.makeUser();
    const op = { op: 'add', path: 'title', value: 'x' };
    const bodies: unknown[] = [
      { schemas: [USER], Operations: [op] },
      { schemas: [PATCH] },
      { schemas: [PATCH], Operations: op },
      { schemas: [PATCH], Operations: [{ ...op, op: 'move' }] },
      { schemas: [PATCH], Operations: [{ path: 'title', value: 'x' }] },
      { schemas: [PATCH], Operations: [{ ...op, path: 5 }] },
      { schemas: [PATCH], Operations: ['add'] },
      [],
    ];
    for (const body of bodies) {
      expect(refusal(await suite.scim('PATCH', `/Users/${user.id}`, body))).toEqual([400, 'invalidSyntax']);
    }
    for (const name of ['add', 'Add', 'REPLACE']) {
      expect((await patchUser(user.id, { ...op, op: name, value: name })).json.title).toBe(name);
    }
    for (const body of [
      { Schemas: [PATCH.toLowerCase()], operations: [op] },
      { Operations: [op] },
      { schemas: [], Operations: [op] },
    ]) {
      const title = suite.unique('title');
      expect((await suite.scim('PATCH', `/Users/${user.id}`, patchBody({ ...op, value: title }))).json.title).toBe(
        title,
      );
      const { status, json } = await suite.scim('PATCH', `/Users/${user.id}`, body);
      expect([status, json.title]).toEqual([200, 'x']);
    }
    // Microsoft's validator sends no operations at all.
    for (const { meta, id } of [await read(`/Users/${user.id}`), await suite.makeGroup()]) {
      const path = `/${meta.resourceType}s/${id}`;
      const { status, headers } = await suite.scim('PATCH', path, { schemas: [PATCH], Operations: [] });
      expect([status, headers.get('etag')]).toEqual([meta.resourceType === 'User' ? 200 : 204, meta.version]);
      expect((await read(path)).meta).toEqual(meta);
    }
  });

  it('96 applies all operations or none, members included (RFC 7644 §3.5.2)', async () => {
    const user = await suite.makeUser({ title: 't' });
    const group = await suite.makeGroup([user.id]);
    const good = { op: 'replace', path: 'title', value: 'changed' };
    const failing: Record<string, unknown>[] = [
      { op: 'remove', path: 'userName' },
      { op: 'replace', path: 'id', value: 'x' },
      { op: 'replace', path: 'active', value: 'perhaps' },
      { op: 'add', path: 'emails[', value: 'x' },
      { op: 'replace', path: 'emails[type co "x"].value', value: 'y' },
    ];
    for (const operation of failing) {
      expect((await patchUser(user.id, good, operation, good)).status).toBe(400);
      expect((await patchUser(user.id, operation, good)).status).toBe(400);
    }
    expect((await read(`/Users/${user.id}`)).meta).toEqual(user.meta);
    const removed = await patchGroup(
      group.id,
      { op: 'remove', path: 'members' },
      { op: 'remove', path: 'displayName' },
    );
    expect(removed.status).toBe(400);
    const { displayName } = await suite.makeGroup();
    const renamed = await patchGroup(
      group.id,
      { op: 'remove', path: 'members' },
      { op: 'replace', path: 'displayName', value: displayName },
    );
    expect(refusal(renamed)).toEqual([409, 'uniqueness']);
    expect(await read(`/Groups/${group.id}`)).toEqual(group);
  });

  it('97 answers 200 with the user, and 204 for a group unless attributes are asked for (RFC 7644 §3.5.2)', async () => {
    const [user, group] = [await suite.makeUser(), await suite.makeGroup()];
    const patched = await patchUser(user.id, { op: 'add', path: 'title', value: 'x' });
    expect([patched.status, patched.json.title]).toEqual([200, 'x']);
    const body = patchBody({ op: 'add', path: 'members', value: [{ value: user.id }] });
    const plain = await suite.scim('PATCH', `/Groups/${group.id}`, body);
    expect([plain.status, plain.text]).toEqual([204, '']);
    const asked = await suite.scim('PATCH', `/Groups/${group.id}?attributes=displayName`, body);
    expect([asked.status, asked.json.displayName]).toEqual([200, group.displayName]);
  });

  it('98 adds: a value is needed, lists grow, single values are replaced, complex ones merged, nothing is added twice (RFC 7644 §3.5.2.1)', async () => {
    const email = { value: 'a@example.com', type: 'work' };
    const user = await suite.makeUser({ title: 't', name: { givenName: 'g' }, emails: [email] });
    expect(refusal(await patchUser(user.id, { op: 'add', path: 'title' }))).toEqual([400, 'invalidValue']);
    const more = { value: 'b@example.com', type: 'home' };
    const { json } = await patchUser(
      user.id,
      { op: 'add', path: 'title', value: 'new' },
      { op: 'add', path: 'name', value: { familyName: 'f' } },
      { op: 'add', path: 'emails', value: [more] },
      { op: 'add', value: { nickName: 'n', name: { middleName: 'm' }, emails: [email] } },
    );
    expect(json).toMatchObject({
      title: 'new',
      nickName: 'n',
      name: { givenName: 'g', familyName: 'f', middleName: 'm' },
      emails: [email, more],
    });
    const again = await patchUser(
      user.id,
      { op: 'add', path: 'emails', value: [email] },
      { op: 'add', path: 'title', value: 'new' },
      { op: 'add', value: { name: { givenName: 'g' } } },
    );
    expect(again.json.meta).toEqual(json.meta);
    const group = await suite.makeGroup([user.id]);
    await patchGroup(group.id, { op: 'add', path: 'members', value: [{ value: user.id }] });
    expect(await read(`/Groups/${group.id}`)).toEqual(group);
  });

  it('99 removes an attribute, a sub-attribute or selected values; nothing left is unassigned; required and read-only ones stay (RFC 7644 §3.5.2.2)', async () => {
    const emails = [
      { value: 'a@example.com', type: 'work' },
      { value: 'b@example.com', type: 'home' },
    ];
    const user = await suite.makeUser({ title: 't', name: { givenName: 'g', familyName: 'f' }, emails });
    expect(refusal(await patchUser(user.id, { op: 'remove' }))).toEqual([400, 'noTarget']);
    expect(refusal(await patchUser(user.id, { op: 'remove', value: { title: 't' } }))).toEqual([400, 'noTarget']);
    for (const path of ['userName', 'id', 'groups', 'meta.created']) {
      expect(refusal(await patchUser(user.id, { op: 'remove', path }))).toEqual([400, 'mutability']);
    }
    const { json } = await patchUser(
      user.id,
      { op: 'remove', path: 'title' },
      { op: 'remove', path: 'name.givenName' },
      { op: 'remove', path: 'emails[type eq "work"]' },
    );
    expect(json).toMatchObject({ name: { familyName: 'f' }, emails: [emails[1]] });
    expect(json.title).toBeUndefined();
    const none = await patchUser(
      user.id,
      { op: 'remove', path: 'emails[type eq "home"]' },
      { op: 'remove', path: 'name.familyName' },
    );
    expect(Object.keys(none.json).toSorted()).toEqual(['active', 'id', 'meta', 'schemas', 'userName']);
    const repeated = await patchUser(
      user.id,
      { op: 'remove', path: 'emails[type eq "home"]' },
      { op: 'remove', path: 'title' },
    );
    expect([repeated.status, repeated.json.meta]).toEqual([200, none.json.meta]);
    const [a, b] = [await suite.makeUser(), await suite.makeUser()];
    const group = await suite.makeGroup([a.id, b.id, user.id]);
    await patchGroup(group.id, { op: 'remove', path: `members[value eq "${a.id}"]` });
    expect(await membersOf(group.id)).toEqual([b.id, user.id].toSorted());
    await patchGroup(group.id, { op: 'remove', path: 'members', value: [{ value: b.id }] });
    expect(await membersOf(group.id)).toEqual([user.id]);
    await patchGroup(group.id, { op: 'remove', path: 'members' });
    expect(await membersOf(group.id)).toEqual([]);
    expect(refusal(await patchGroup(group.id, { op: 'remove', path: 'displayName' }))).toEqual([400, 'mutability']);
  });

  it('100 replaces: what is missing is added, a list is replaced as a whole, complex values merge, selected values must be there (RFC 7644 §3.5.2.3)', async () => {
    const emails = [
      { value: 'a@example.com', type: 'work' },
      { value: 'b@example.com', type: 'work' },
      { value: 'c@example.com', type: 'home' },
    ];
    const user = await suite.makeUser({ name: { givenName: 'g' }, emails });
    const { json } = await patchUser(
      user.id,
      { op: 'replace', path: 'title', value: 'was missing' },
      { op: 'replace', path: 'name', value: { familyName: 'f' } },
      { op: 'replace', path: 'emails[type eq "work"].display', value: 'at work' },
    );
    expect(json).toMatchObject({ title: 'was missing', name: { givenName: 'g', familyName: 'f' } });
    expect(json.emails).toEqual([
      { ...emails[0], display: 'at work' },
      { ...emails[1], display: 'at work' },
      emails[2],
    ]);
    const replaced = await patchUser(user.id, { op: 'replace', value: { emails: [emails[2]] } });
    expect(replaced.json.emails).toEqual([emails[2]]);
    for (const path of [
      'emails[value co "nobody"].display',
      'emails[type ne "home"]',
      'addresses[country pr].locality',
    ]) {
      expect(refusal(await patchUser(user.id, { op: 'replace', path, value: { display: 'x' } })), path).toEqual([
        400,
        'noTarget',
      ]);
    }
    const made = await patchUser(user.id, {
      op: 'replace',
      path: 'emails[type eq "work"].value',
      value: 'd@example.com',
    });
    expect(made.json.emails).toEqual([emails[2], { type: 'work', value: 'd@example.com' }]);
    const strict = scimClient(await suite.seed({ strict: true }));
    const { id } = await suite.makeUser({ emails: [emails[2]] }, strict);
    const exact = await strict(
      'PATCH',
      `/Users/${id}`,
      patchBody({ op: 'replace', path: 'emails[type eq "work"].value', value: 'x' }),
    );
    expect(refusal(exact)).toEqual([400, 'noTarget']);
  });

  it('101 takes the primary mark from the other values when one becomes primary (RFC 7644 §3.5.2)', async () => {
    const emails = [
      { value: 'a@example.com', primary: true },
      { value: 'b@example.com', type: 'home' },
    ];
    const user = await suite.makeUser({ emails });
    const marked = (json: ScimBody): unknown[] =>
      (json.emails as { value: string; primary?: boolean }[])
        .filter(({ primary }) => primary === true)
        .map(({ value }) => value);
    const flipped = await patchUser(user.id, { op: 'replace', path: 'emails[type eq "home"].primary', value: true });
    expect(marked(flipped.json)).toEqual(['b@example.com']);
    const added = await patchUser(user.id, {
      op: 'add',
      path: 'emails',
      value: [{ value: 'c@example.com', primary: 'True' }],
    });
    expect(marked(added.json)).toEqual(['c@example.com']);
  });

  it('102 names what is wrong: invalidPath, invalidFilter, invalidValue, mutability, noTarget (RFC 7644 §3.5.2, §3.12)', async () => {
    const user = await suite.makeUser({ title: 't' });
    const cases: [Record<string, unknown>, string][] = [
      [{ op: 'add', path: 'emails[type eq "x"', value: 'x' }, 'invalidFilter'],
      [{ op: 'add', path: 'emails[type foo "x"].value', value: 'x' }, 'invalidFilter'],
      [{ op: 'add', path: 'name..givenName', value: 'x' }, 'invalidPath'],
      [{ op: 'add', path: 'title.sub', value: 'x' }, 'invalidPath'],
      [{ op: 'add', path: '__proto__', value: 'x' }, 'invalidPath'],
      [{ op: 'add', path: 'constructor.prototype', value: 'x' }, 'invalidPath'],
      [{ op: 'add', path: 'active', value: 'x' }, 'invalidValue'],
      [{ op: 'replace', path: 'userName', value: '' }, 'invalidValue'],
      [{ op: 'replace', path: 'userName', value: null }, 'invalidValue'],
      [{ op: 'replace', value: 'x' }, 'invalidValue'],
      [{ op: 'replace', path: 'meta.version', value: 'x' }, 'mutability'],
      [{ op: 'remove' }, 'noTarget'],
    ];
    for (const [operation, scimType] of cases) {
      expect(refusal(await patchUser(user.id, operation)), JSON.stringify(operation)).toEqual([400, scimType]);
    }
    const group = await suite.makeGroup([user.id]);
    const members: [Record<string, unknown>, string][] = [
      [{ op: 'remove', path: 'members[display eq "x"]' }, 'invalidFilter'],
      [{ op: 'add', path: 'members', value: [{ display: 'x' }] }, 'invalidValue'],
      [{ op: 'add', path: 'members' }, 'invalidValue'],
      [{ op: 'replace', path: 'members.value', value: 'x' }, 'mutability'],
    ];
    for (const [operation, scimType] of members) {
      expect(refusal(await patchGroup(group.id, operation)), JSON.stringify(operation)).toEqual([400, scimType]);
    }
  });

  it('103 takes paths and keys of extensions and of the core schema by URN (RFC 7644 §3.10)', async () => {
    const user = await suite.makeUser();
    const { json } = await patchUser(
      user.id,
      { op: 'add', path: `${ENTERPRISE}:department`, value: 'd' },
      { op: 'add', path: `${ENTERPRISE.toUpperCase()}:MANAGER`, value: 'boss' },
      { op: 'add', path: `${USER}:title`, value: 't' },
      { op: 'add', path: `${USER}:name.givenName`, value: 'g' },
      { op: 'add', path: BADGE, value: { level: 1 } },
      { op: 'add', path: `${BADGE}:Colour`, value: 'red' },
      {
        op: 'add',
        value: { [`${ENTERPRISE}:costCenter`]: 'c', [ENTERPRISE]: { division: 'v' }, [USER]: { nickName: 'n' } },
      },
    );
    expect(json).toMatchObject({
      schemas: [USER, ENTERPRISE, BADGE],
      title: 't',
      nickName: 'n',
      name: { givenName: 'g' },
      [ENTERPRISE]: { department: 'd', manager: { value: 'boss' }, costCenter: 'c', division: 'v' },
      [BADGE]: { level: 1, Colour: 'red' },
    });
    const removed = await patchUser(
      user.id,
      { op: 'remove', path: `${BADGE}:colour` },
      { op: 'remove', path: ENTERPRISE },
    );
    expect(removed.json).toMatchObject({ schemas: [USER, BADGE], [BADGE]: { level: 1 } });
    const group = await suite.makeGroup();
    await patchGroup(group.id, { op: 'add', path: `${GROUP}:members`, value: [{ value: user.id }] });
    expect(await membersOf(group.id)).toEqual([user.id]);
  });

  it('104 honours If-Match, also for members (RFC 7644 §3.5.2, §3.14)', async () => {
    const user = await suite.makeUser();
    const group = await suite.makeGroup();
    const send = (match: string): Promise<Answer> =>
      suite.scim(
        'PATCH',
        `/Groups/${group.id}`,
        patchBody({ op: 'add', path: 'members', value: [{ value: user.id }] }),
        {
          headers: { 'if-match': match },
        },
      );
    expect((await send('W/"9"')).status).toBe(412);
    expect(await membersOf(group.id)).toEqual([]);
    expect((await send(group.meta.version)).status).toBe(204);
    expect((await send(group.meta.version)).status).toBe(412);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        suite.scim('PATCH', `/Users/${user.id}`, patchBody({ op: 'add', path: 'title', value: String(n) }), {
          headers: { 'if-match': user.meta.version },
        }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412, 412, 412]);
  });
});

import { describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { patchBody } from '../../testing/scim-client';
import type { Answer, ScimBody } from '../../testing/scim-client';
import { useScim } from '../../testing/use-scim';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
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

describe('DELETE (RFC 7644 §3.6)', () => {
  it('105 answers 204 without a body (RFC 7644 §3.6)', async () => {
    for (const path of [`/Users/${(await suite.makeUser()).id}`, `/Groups/${(await suite.makeGroup()).id}`]) {
      const { status, text, headers } = await suite.scim('DELETE', path);
      expect([status, text, headers.get('content-type')]).toEqual([204, '', null]);
    }
  });

  it('106 makes a resource gone: 404 to every method, in no list, its name free again (RFC 7644 §3.6)', async () => {
    const user = await suite.makeUser({ externalId: suite.unique('gone') });
    const group = await suite.makeGroup();
    const places = [
      {
        path: `/Users/${user.id}`,
        body: { userName: user.userName },
        filter: `userName eq "${String(user.userName)}"`,
      },
      { path: `/Groups/${group.id}`, body: { displayName: group.displayName }, filter: `id eq "${group.id}"` },
    ];
    for (const { path, body, filter } of places) {
      const endpoint = path.slice(0, path.lastIndexOf('/'));
      const before = (await read(`${endpoint}?count=0`)).totalResults;
      expect((await suite.scim('DELETE', path)).status).toBe(204);
      expect((await suite.scim('GET', path)).status).toBe(404);
      expect((await suite.scim('PUT', path, body)).status).toBe(404);
      expect((await suite.scim('PATCH', path, patchBody({ op: 'add', path: 'externalId', value: 'x' }))).status).toBe(
        404,
      );
      expect((await suite.scim('DELETE', path)).status).toBe(404);
      expect(await suite.find(filter, endpoint)).toEqual([]);
      expect((await read(`${endpoint}?count=0`)).totalResults).toBe(before - 1);
      expect((await read(`${endpoint}?count=500`)).Resources.map(({ id }) => id)).not.toContain(path.split('/').at(-1));
      expect((await suite.scim('POST', endpoint, body)).status).toBe(201);
    }
  });

  it('107 takes a deleted user out of every group, and a deleted group from its members (RFC 7644 §3.6, RFC 7643 §4)', async () => {
    const user = await suite.makeUser();
    const [group, outer] = [await suite.makeGroup([user.id]), await suite.makeGroup()];
    await patchGroup(outer.id, { op: 'add', path: 'members', value: [{ value: group.id }, { value: user.id }] });
    await suite.scim('DELETE', `/Users/${user.id}`);
    expect((await read(`/Groups/${group.id}`)).members).toBeUndefined();
    expect((await read(`/Groups/${group.id}`)).meta.version).not.toBe(group.meta.version);
    expect(await membersOf(outer.id)).toEqual([group.id]);
    expect(await suite.find(`members eq "${user.id}"`, '/Groups')).toEqual([]);
    await suite.scim('DELETE', `/Groups/${group.id}`);
    expect((await read(`/Groups/${outer.id}`)).members).toBeUndefined();
    const member = await suite.makeUser();
    const last = await suite.makeGroup([member.id]);
    await suite.scim('DELETE', `/Groups/${last.id}`);
    expect((await read(`/Users/${member.id}`)).groups).toBeUndefined();
  });
});

describe('Bulk (RFC 7644 §3.7)', () => {
  const bulk = (operations: unknown[], more: Record<string, unknown> = {}): Promise<Answer> =>
    suite.scim('POST', '/Bulk', { schemas: [BULK], Operations: operations, ...more });
  const post = (bulkId: string, data: Record<string, unknown>, path = '/Users'): Record<string, unknown> => ({
    method: 'POST',
    path,
    bulkId,
    data,
  });

  it('108 answers 200 with method, status and location of each operation, and the error where one failed (RFC 7644 §3.7.3)', async () => {
    const [user, other] = [await suite.makeUser(), await suite.makeUser()];
    const { status, json } = await bulk([
      post('a', { userName: suite.unique('bulk') }),
      { method: 'PUT', path: `/Users/${user.id}`, data: { userName: user.userName, title: 'x' } },
      { method: 'PATCH', path: `/Users/${user.id}`, data: patchBody({ op: 'remove', path: 'title' }) },
      { method: 'delete', path: `/Users/${other.id}` },
      post('b', { userName: user.userName }),
      { method: 'PUT', path: `/Users/${newId()}`, data: { userName: 'x' } },
    ]);
    expect(status).toBe(200);
    expect(json.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:BulkResponse']);
    const at = (id: string): string => `${suite.base}/Users/${id}`;
    expect(json.Operations).toMatchObject([
      { method: 'POST', bulkId: 'a', status: '201', location: expect.stringContaining(at('')), version: 'W/"1"' },
      { method: 'PUT', status: '200', location: at(user.id), version: 'W/"2"' },
      { method: 'PATCH', status: '200', location: at(user.id), version: 'W/"3"' },
      { method: 'DELETE', status: '204', location: at(other.id) },
      { method: 'POST', bulkId: 'b', status: '409', response: { status: '409', scimType: 'uniqueness' } },
      { method: 'PUT', status: '404', location: expect.stringContaining(at('')), response: { status: '404' } },
    ]);
    expect(json.Operations[4]?.location).toBeUndefined();
    expect((await suite.follow(json.Operations[0]!.location!)).status).toBe(200);
  });

  it('109 echoes bulkIds and resolves references to them, forwards and in a circle (RFC 7644 §3.7.1, §3.7.2)', async () => {
    const { json } = await bulk([
      post('g', { displayName: suite.unique('g'), members: [{ value: 'bulkId:u' }, { value: 'bulkId:h' }] }, '/Groups'),
      post('h', { displayName: suite.unique('h'), members: [{ value: 'bulkId:g' }] }, '/Groups'),
      post('u', { userName: suite.unique('u'), [ENTERPRISE]: { manager: { value: 'bulkId:m' } } }),
      post('m', { userName: suite.unique('m') }),
      {
        method: 'PATCH',
        path: '/Groups/bulkId:h',
        data: patchBody({ op: 'add', path: 'members', value: [{ value: 'bulkId:m' }] }),
      },
      post('lost', { displayName: suite.unique('l'), members: [{ value: 'bulkId:nobody' }] }, '/Groups'),
    ]);
    expect(json.Operations.map(({ bulkId }) => bulkId)).toEqual(['g', 'h', 'u', 'm', undefined, 'lost']);
    const ids = json.Operations.map(({ location }) => location?.split('/').at(-1) ?? '');
    const [g, h, u, m] = ids as [string, string, string, string];
    expect(await membersOf(g)).toEqual([u, h].toSorted());
    expect(await membersOf(h)).toEqual([g, m].toSorted());
    expect((await read(`/Users/${u}`))[ENTERPRISE]).toMatchObject({ manager: { value: m } });
    expect(json.Operations[5]?.status).toBe('409');
  });

  const changeCount = async (): Promise<number> => (await suite.admin('SELECT 1 FROM changes')).length;

  it('stores nothing for an operation that refers to what no operation makes, or one that failed', async () => {
    const taken = await suite.makeUser();
    const group = await suite.makeGroup();
    const before = [await changeCount(), (await read('/Groups?count=0')).totalResults];
    const member = (bulkId: string): Record<string, unknown> => ({ members: [{ value: `bulkId:${bulkId}` }] });
    const { json } = await bulk([
      post('failed', { userName: taken.userName }),
      post('a', { displayName: suite.unique('a'), ...member('nobody') }, '/Groups'),
      post('b', { displayName: suite.unique('b'), ...member('failed') }, '/Groups'),
      post('c', { displayName: suite.unique('c'), ...member('b') }, '/Groups'),
      post('d', { userName: suite.unique('d'), [ENTERPRISE]: { manager: { value: 'bulkId:nobody' } } }),
      { method: 'PATCH', path: `/Groups/${group.id}`, data: patchBody({ op: 'add', value: member('failed') }) },
      { method: 'PUT', path: `/Groups/${group.id}`, bulkId: 'put', data: { ...group, ...member('put') } },
      { method: 'DELETE', path: '/Users/bulkId:nobody' },
    ]);
    expect(json.Operations.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => '409'));
    expect(json.Operations.slice(0, 5).map(({ location }) => location)).toEqual(Array.from({ length: 5 }));
    expect([await changeCount(), (await read('/Groups?count=0')).totalResults]).toEqual(before);
  });

  it('leaves nothing of a circle in which one fails, nor of what refers to it', async () => {
    const { displayName: taken } = await suite.makeGroup();
    const names = ['a', 'c', 'd'].map((prefix) => suite.unique(prefix));
    const groups = async (): Promise<unknown[]> => {
      const { Resources } = await read('/Groups?count=500&excludedAttributes=members');
      return Resources.map(({ displayName }) => displayName).filter((name) => names.includes(String(name)));
    };
    const refer = (...bulkIds: string[]) => ({ members: bulkIds.map((bulkId) => ({ value: `bulkId:${bulkId}` })) });
    const circle = [
      post('a', { displayName: names[0], ...refer('b', 'c') }, '/Groups'),
      post('b', { displayName: taken, ...refer('c') }, '/Groups'),
      post('c', { displayName: names[1], ...refer('a') }, '/Groups'),
      post('d', { displayName: names[2], ...refer('c') }, '/Groups'),
    ];
    const failed = (await bulk(circle)).json.Operations;
    expect(failed.map(({ status }) => status)).toEqual(['409', '409', '409', '409']);
    expect(await groups()).toEqual([]);
    // Stopped before the circle is closed.
    const stopped = (await bulk(circle.toReversed(), { failOnErrors: 1 })).json.Operations;
    expect(stopped.every(({ status }) => status === '409')).toBe(true);
    expect(await groups()).toEqual([]);
  });

  it('takes a text that begins with bulkId: for a text', async () => {
    const title = 'bulkId: the new scheme';
    const { json } = await bulk([
      post('a', { userName: suite.unique('text'), title, emails: [{ value: 'bulkId:nobody' }] }),
    ]);
    expect(json.Operations[0]?.status).toBe('201');
    const { json: user } = await suite.follow(json.Operations[0]!.location!);
    expect(user).toMatchObject({ title, emails: [{ value: 'bulkId:nobody' }] });
  });

  it('110 stops after failOnErrors failures (RFC 7644 §3.7.3)', async () => {
    const userName = suite.unique('after');
    const failing = { method: 'DELETE', path: `/Users/${newId()}` };
    const { json } = await bulk([failing, failing, post('a', { userName })], { failOnErrors: 2 });
    expect(json.Operations.map(({ status }) => status)).toEqual(['404', '404']);
    expect(await suite.find(`userName eq "${userName}"`)).toEqual([]);
  });

  it('111 goes on after failures otherwise (RFC 7644 §3.7.3)', async () => {
    const failing = { method: 'DELETE', path: `/Users/${newId()}` };
    const { json } = await bulk([
      failing,
      { method: 'MOVE', path: '/Users' },
      'x',
      failing,
      post('a', { userName: suite.unique('on') }),
    ]);
    expect(json.Operations.map(({ status }) => status)).toEqual(['404', '400', '400', '404', '201']);
  });

  it('112 refuses more operations or bytes than it says with 413 (RFC 7644 §3.7.4)', async () => {
    const limits = (await suite.scim('GET', '/ServiceProviderConfig')).json as ScimBody;
    const { maxOperations, maxPayloadSize } = limits.bulk as { maxOperations: number; maxPayloadSize: number };
    const before = (await read('/Users?count=0')).totalResults;
    const many = Array.from({ length: maxOperations + 1 }, (_, n) =>
      post(String(n), { userName: suite.unique('many') }),
    );
    const tooMany = await bulk(many);
    expect([tooMany.status, tooMany.json.status]).toEqual([413, '413']);
    const tooBig = await bulk([post('a', { userName: suite.unique('big'), note: 'x'.repeat(maxPayloadSize) })]);
    expect([tooBig.status, tooBig.json.status]).toEqual([413, '413']);
    expect((await read('/Users?count=0')).totalResults).toBe(before);
    const most = Array.from({ length: maxOperations }, () => ({ method: 'DELETE', path: `/Users/${newId()}` }));
    expect((await bulk(most)).json.Operations).toHaveLength(maxOperations);
  });

  it('113 honours a version per operation and tells the new one (RFC 7644 §3.7.1, §3.14)', async () => {
    const user = await suite.makeUser();
    const patch = (title: string, version: string): Record<string, unknown> => ({
      method: 'PATCH',
      path: `/Users/${user.id}`,
      version,
      data: patchBody({ op: 'add', path: 'title', value: title }),
    });
    const { json } = await bulk([
      patch('a', user.meta.version),
      patch('b', user.meta.version),
      { method: 'DELETE', path: `/Users/${user.id}`, version: user.meta.version },
    ]);
    expect(json.Operations.map(({ status, version }) => [status, version])).toEqual([
      ['200', 'W/"2"'],
      ['412', undefined],
      ['412', undefined],
    ]);
    expect((await read(`/Users/${user.id}`)).title).toBe('a');
  });

  it('114 says that bulk is supported, and is (RFC 7644 §3.7, RFC 7643 §5)', async () => {
    expect(await read('/ServiceProviderConfig')).toMatchObject({ bulk: { supported: true } });
    for (const body of [{}, { schemas: [PATCH], Operations: [{}] }, { schemas: [BULK] }]) {
      expect(refusal(await suite.scim('POST', '/Bulk', body))).toEqual([400, 'invalidSyntax']);
    }
    for (const failOnErrors of ['no', -1, 1.5]) {
      expect(refusal(await bulk([{}], { failOnErrors }))).toEqual([400, 'invalidSyntax']);
    }
    const failing = { method: 'DELETE', path: `/Users/${newId()}` };
    expect((await bulk([failing, failing], { failOnErrors: 0 })).json.Operations).toHaveLength(2);
    for (const body of [{ schemas: [BULK], Operations: [] }, { Operations: [] }]) {
      const { status, json } = await suite.scim('POST', '/Bulk', body);
      expect([status, json.Operations]).toEqual([200, []]);
    }
  });
});

describe('profiles', () => {
  it('126 does what OpenID IPSIE SCIM AL1 asks of a service provider: filters, groups without members, member PATCH forms, re-creation, discovery', async () => {
    const value = `${suite.unique('ipsie')}@example.com`;
    const user = await suite.makeUser({
      userName: value,
      externalId: value,
      emails: [{ value, type: 'work', primary: true }],
    });
    for (const filter of [
      `userName eq "${value}"`,
      `externalId eq "${value}"`,
      `emails[value eq "${value}"]`,
      `emails.value eq "${value}"`,
    ]) {
      expect(
        (await suite.find(filter)).map(({ id }) => id),
        filter,
      ).toEqual([user.id]);
    }
    const group = await suite.makeGroup([user.id]);
    expect((await read(`/Groups/${group.id}?excludedAttributes=members`)).members).toBeUndefined();
    expect(
      (await read('/Groups?excludedAttributes=members')).Resources.every(({ members }) => members === undefined),
    ).toBe(true);
    await patchGroup(group.id, { op: 'remove', path: `members[value eq "${user.id}"]` });
    await patchGroup(group.id, { op: 'add', path: 'members', value: [{ value: user.id }] });
    expect(await membersOf(group.id)).toEqual([user.id]);
    await patchGroup(group.id, { op: 'remove', path: 'members' });
    expect(await membersOf(group.id)).toEqual([]);
    expect((await patchUser(user.id, { op: 'replace', path: 'active', value: false })).json.active).toBe(false);
    await suite.scim('DELETE', `/Users/${user.id}`);
    expect((await suite.scim('POST', '/Users', { userName: value })).status).toBe(201);
    for (const path of ['/ServiceProviderConfig', '/Schemas', '/ResourceTypes']) {
      expect((await suite.scim('GET', path)).status).toBe(200);
    }
  });
});

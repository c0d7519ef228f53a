import { describe, expect, it } from 'vitest';
import { exactClient } from '../testing/exact-client';
import { patchBody } from '../testing/scim-client';
import type { Answer, ScimBody } from '../testing/scim-client';
import { useScim } from '../testing/use-scim';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const FOREIGN = 'urn:acme:params:scim:schemas:1.0:Thing';

const suite = useScim();

const patchUser = (id: string, ...operations: Record<string, unknown>[]): Promise<Answer> =>
  suite.scim('PATCH', `/Users/${id}`, patchBody(...operations));
const read = async (path: string): Promise<ScimBody> => (await suite.scim('GET', path)).json;
const changeCount = async (id: string): Promise<number> =>
  (await suite.admin('SELECT 1 FROM changes WHERE resource_id = $1', [id])).length;

describe('a PATCH', () => {
  it('without path reads dotted and qualified keys as paths and never keeps them as names, nor the id', async () => {
    const user = await suite.makeUser({ name: { givenName: 'Old', familyName: 'Kept' } });
    const value = {
      id: 'another',
      'name.givenName': 'New',
      [`${ENTERPRISE}:department`]: 'Ops',
      [`${USER}:title`]: 'Lead',
      'emails[type eq "work"].value': 'new@example.com',
    };
    const { status, json } = await patchUser(user.id, { op: 'replace', value });
    expect(status).toBe(200);
    expect(json).toEqual({
      schemas: [USER, ENTERPRISE],
      id: user.id,
      meta: json.meta,
      userName: user.userName,
      active: true,
      name: { givenName: 'New', familyName: 'Kept' },
      title: 'Lead',
      emails: [{ type: 'work', value: 'new@example.com' }],
      [ENTERPRISE]: { department: 'Ops' },
    });
    const group = await suite.makeGroup([user.id]);
    const rename = { op: 'replace', value: { id: 'another', displayName: suite.unique('Renamed') } };
    expect((await suite.scim('PATCH', `/Groups/${group.id}`, patchBody(rename))).status).toBe(204);
    const renamed = await read(`/Groups/${group.id}`);
    expect(renamed).toEqual({ ...group, displayName: rename.value.displayName, meta: renamed.meta });
  });

  it('that adds a member a thousand times, in one write and again, leaves one membership and one change', async () => {
    const user = await suite.makeUser();
    const group = await suite.makeGroup();
    const before = await changeCount(group.id);
    const add = patchBody({
      op: 'add',
      path: 'members',
      value: Array.from({ length: 1_000 }, () => ({ value: user.id })),
    });
    for (let n = 0; n < 3; n++) expect((await suite.scim('PATCH', `/Groups/${group.id}`, add)).status).toBe(204);
    expect((await read(`/Groups/${group.id}`)).members?.map(({ value }) => value)).toEqual([user.id]);
    expect((await read(`/Users/${user.id}`)).groups).toHaveLength(1);
    expect(await changeCount(group.id)).toBe(before + 1);
  });

  it('that adds members keeps those that are there, and one that removes a list takes only that', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) ids.push((await suite.makeUser()).id);
    const group = await suite.makeGroup(ids.slice(0, 2));
    const send = async (op: string, members: string[]): Promise<string[]> => {
      const operation = { op, path: 'members', value: members.map((value) => ({ value })) };
      await suite.scim('PATCH', `/Groups/${group.id}`, patchBody(operation));
      return ((await read(`/Groups/${group.id}`)).members ?? []).map(({ value }) => value).toSorted();
    };
    expect(await send('add', ids.slice(2))).toEqual(ids.toSorted());
    expect(await send('Remove', ids.slice(1, 3))).toEqual(ids.filter((_, n) => n === 0 || n === 3).toSorted());
  });

  it('never lets a key or a path reach a prototype, in users, groups and Bulk', async () => {
    const [user, group] = [await suite.makeUser(), await suite.makeGroup()];
    const polluted = '{"polluted":1}';
    const values = [
      `{"__proto__":${polluted}}`,
      `{"constructor":{"prototype":${polluted}}}`,
      `{"__proto__.polluted":1}`,
      `{"constructor.prototype.polluted":1}`,
      `{"name":{"__proto__":${polluted}}}`,
      `{"${FOREIGN}":{"__proto__":${polluted},"constructor":${polluted}}}`,
      `{"${FOREIGN}:__proto__":${polluted}}`,
    ];
    const schemas = '"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]';
    for (const op of ['add', 'replace']) {
      for (const value of values) {
        const message = `{${schemas},"Operations":[{"op":"${op}","value":${value}}]}`;
        for (const path of [`/Users/${user.id}`, `/Groups/${group.id}`]) {
          const answer = await suite.scim('PATCH', path, undefined, { raw: message });
          expect([200, 204, 400], `${path} ${message}: ${answer.text}`).toContain(answer.status);
        }
        const operation = `{"method":"PATCH","path":"/Users/${user.id}","data":${message}}`;
        const bulk = `{"schemas":["${BULK}"],"Operations":[${operation}]}`;
        expect((await suite.scim('POST', '/Bulk', undefined, { raw: bulk })).status).toBe(200);
      }
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    for (const path of [`/Users/${user.id}`, `/Groups/${group.id}`]) {
      expect(JSON.stringify(await read(path))).not.toContain('polluted');
    }
  });
});

describe('a body', () => {
  it('may hold read-only attributes, a password, groups and foreign schemas in POST, PUT and PATCH; none is refused', async () => {
    const extras = {
      schemas: [USER, FOREIGN, 'urn:scim:schemas:core:1.0'],
      id: 'mine',
      meta: { version: 'W/"77"', resourceType: 'Thing' },
      groups: [{ value: 'g' }],
      password: 'hunter2',
      [FOREIGN]: { size: 3 },
    };
    const userName = suite.unique('extras');
    const made = await suite.scim('POST', '/Users', { ...extras, userName });
    expect(made.status).toBe(201);
    const { id } = made.json;
    const put = await suite.scim('PUT', `/Users/${id}`, { ...extras, userName, title: 'put' });
    const patched = await patchUser(id, { op: 'replace', value: { ...extras, title: 'patched' } });
    for (const { status, text, json } of [put, patched]) {
      expect(status, text).toBe(200);
      expect(json).toMatchObject({ id, schemas: [USER, FOREIGN], userName, [FOREIGN]: { size: 3 } });
      expect(json.meta.resourceType).toBe('User');
      expect(json).not.toHaveProperty('groups');
      expect(text).not.toContain('hunter2');
    }
    const group = await suite.scim('POST', '/Groups', { ...extras, displayName: userName });
    expect(group.status, group.text).toBe(201);
  });
});

describe('an answer', () => {
  it('has its counts as integers on every list', async () => {
    await suite.makeUser();
    const search = { schemas: [SEARCH], count: 1 };
    const answers = [
      await suite.scim('GET', '/Users'),
      await suite.scim('GET', '/Users?startIndex=1&count=1'),
      await suite.scim('GET', '/Groups?filter=displayName%20eq%20%22nobody%22'),
      await suite.scim('GET', '/Users?count=0'),
      await suite.scim('POST', '/.search', search),
      await suite.scim('GET', '/Schemas'),
      await suite.scim('GET', '/ResourceTypes'),
    ];
    for (const { status, json, text } of answers) {
      expect(status, text).toBe(200);
      for (const count of [json.totalResults, json.startIndex, json.itemsPerPage]) {
        expect(Number.isInteger(count), text.slice(0, 200)).toBe(true);
      }
    }
  });

  it('finds an inactive user by every look-up, so that a returning person is linked and not created again', async () => {
    const value = `${suite.unique('gone')}@example.com`;
    const { id } = await suite.makeUser({ userName: value, externalId: value, emails: [{ value }], active: false });
    for (const filter of [`userName eq "${value}"`, `externalId eq "${value}"`, `emails.value eq "${value}"`]) {
      expect(
        (await suite.find(filter)).map((user) => user.id),
        filter,
      ).toEqual([id]);
    }
    expect((await suite.scim('POST', '/Users', { userName: value })).status).toBe(409);
  });

  it('has an entity tag only where a resource has a version, and always that of the resource', async () => {
    const { id, meta } = await suite.makeUser({ title: 't' });
    for (const query of ['', '?attributes=title', '?excludedAttributes=meta']) {
      expect((await suite.scim('GET', `/Users/${id}${query}`)).headers.get('etag')).toBe(meta.version);
    }
    for (const path of [
      '/Users',
      '/Groups?count=1',
      '/ServiceProviderConfig',
      '/Schemas',
      '/Users/nobody',
      '/Nothing',
    ]) {
      expect((await suite.scim('GET', path)).headers.get('etag'), path).toBeNull();
    }
  });

  it('to every write of a resource names its URL and its version, with a body and without one', async () => {
    const { id: member } = await suite.makeUser();
    const names = () => ({ userName: suite.unique('named'), displayName: suite.unique('named') });
    for (const endpoint of ['/Users', '/Groups']) {
      const created = await suite.scim('POST', endpoint, names());
      const { location } = created.json.meta;
      const path = `${endpoint}/${created.json.id}`;
      const operations = [
        { op: 'add', path: 'externalId', value: 'x' },
        { op: 'replace', path: 'displayName', value: suite.unique('renamed') },
        { op: 'add', path: endpoint === '/Groups' ? 'members' : 'roles', value: [{ value: member }] },
      ];
      const patches = [...operations, ...operations.slice(0, 1), ...operations.slice(2)].map(
        (operation) => () => suite.scim('PATCH', path, patchBody(operation)),
      );
      for (const write of [() => Promise.resolve(created), () => suite.scim('PUT', path, names()), ...patches]) {
        const { headers, text } = await write();
        const { version } = (await read(path)).meta;
        expect([headers.get('location'), headers.get('etag')], text).toEqual([location, version]);
        expect(headers.get('content-location')).toBe(text === '' ? null : location);
      }
    }
  });

  it('that shows a resource, or says that it has not changed, has its URL as Content-Location', async () => {
    const [user, group] = [await suite.makeUser(), await suite.makeGroup()];
    const documents = ['/ServiceProviderConfig', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User'];
    for (const path of [`/Users/${user.id}`, `/Groups/${group.id}`, ...documents, '/ResourceTypes/User']) {
      const { headers, json } = await suite.scim('GET', `${path}?attributes=meta`);
      expect(headers.get('content-location'), path).toBe(json.meta.location);
    }
    for (const { meta } of [user, group]) {
      const path = meta.location.slice(suite.base.length);
      const { status, headers } = await suite.scim('GET', path, undefined, {
        headers: { 'if-none-match': meta.version },
      });
      const named = ['content-location', 'etag', 'location'].map((name) => headers.get(name));
      expect([status, ...named]).toEqual([304, meta.location, meta.version, null]);
    }
    for (const path of ['/Users', '/Schemas', '/Users/nobody', '/Nothing']) {
      expect((await suite.scim('GET', path)).headers.get('content-location'), path).toBeNull();
    }
  });

  it('is a SCIM error wherever a base URL is mistyped', async () => {
    const { scimUrl, token } = suite.directory;
    const { baseUrl } = suite.ingress;
    const mistyped = [`${baseUrl}/scim`, `${baseUrl}/scim/v2`, scimUrl.slice(0, -3), `${baseUrl}/scim/unknown/v2`];
    for (const wrong of mistyped) {
      for (const path of ['/Users', '/ServiceProviderConfig']) {
        const { status, headers, json } = await exactClient({ scimUrl: wrong, token })('GET', path);
        expect([401, 404], wrong + path).toContain(status);
        expect(headers.get('content-type'), wrong + path).toBe('application/scim+json');
        expect(json).toMatchObject({ schemas: [ERROR], status: String(status), detail: expect.stringMatching(/\S/) });
      }
    }
  });
});

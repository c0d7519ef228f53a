import { beforeAll, describe, expect, it } from 'vitest';
import { issueToken, newId } from '@rollcall/platform';
import { waitUntil } from '@rollcall/testing';
import { patchBody, scimClient } from '../testing/scim-client';
import type { ScimBody, ScimClient } from '../testing/scim-client';
import { useScim } from '../testing/use-scim';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

const suite = useScim();

const memberIds = async (groupId: string, client = suite.scim): Promise<string[]> =>
  ((await client('GET', `/Groups/${groupId}`)).json.members ?? []).map(({ value }) => value);

describe('authentication', () => {
  it.each([
    ['the raw token', (token: string) => token],
    ['Bearer', (token: string) => `Bearer ${token}`],
    ['bearer', (token: string) => `bearer ${token}`],
    ['Bearer twice', (token: string) => `Bearer Bearer ${token}`],
    ['much space', (token: string) => `BEARER   ${token} `],
  ])('takes %s', async (_name, header) => {
    const answer = await suite.scim('GET', '/Users?count=0', undefined, {
      headers: { authorization: header(suite.directory.token) },
    });
    expect(answer.status).toBe(200);
  });

  it.each([
    ['no header', () => undefined],
    ['another scheme', () => 'Basic YTpi'],
    ['garbage', () => 'Bearer garbage'],
    ['a token of the right form that nobody was given', () => `Bearer ${issueToken(newId())}`],
    ['a token with the id of a real one', () => `Bearer ${issueToken(suite.directory.secretId)}`],
  ])('refuses %s with 401, WWW-Authenticate and a SCIM body', async (_name, header) => {
    const answer = await suite.scim('GET', '/Users', undefined, { headers: { authorization: header() } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.json).toMatchObject({ schemas: [ERROR], status: '401', detail: expect.any(String) });
  });

  it('refuses another directory’s token, also when its URL is written with escapes', async () => {
    const other = await suite.seed();
    for (const scimUrl of [suite.directory.scimUrl, suite.directory.scimUrl.replace('/scim/', '/%73cim/')]) {
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
    const own = await suite.seed();
    const send = (): ReturnType<ScimClient> =>
      scimClient(own)(method, path, undefined, raw === undefined ? {} : { raw });
    await suite.admin(`UPDATE directories SET enabled = false WHERE id = $1`, [own.directoryId]);
    expect((await send()).status).toBe(403);
    await suite.admin(`UPDATE directory_secrets SET revoked_time = now() WHERE id = $1`, [own.secretId]);
    expect((await send()).status).toBe(401);
  });

  it('refuses an expired token, a switched-off feature and a deleted directory from the next request on', async () => {
    const own = await suite.seed();
    const client = scimClient(own);
    expect((await client('GET', '/Users')).status).toBe(200);
    await suite.admin(`UPDATE organizations SET dir_sync_enabled = false WHERE id = $1`, [own.organizationId]);
    expect((await client('POST', '/Users', { userName: 'x' })).status).toBe(403);
    await suite.admin(`UPDATE organizations SET dir_sync_enabled = true WHERE id = $1`, [own.organizationId]);
    expect((await client('GET', '/Users')).json.totalResults).toBe(0);
    await suite.admin(`UPDATE directory_secrets SET expire_time = now() WHERE id = $1`, [own.secretId]);
    expect((await client('GET', '/Users')).status).toBe(401);
    await suite.admin(`UPDATE directory_secrets SET expire_time = NULL WHERE id = $1`, [own.secretId]);
    await suite.admin(`UPDATE directories SET deleted_time = now() WHERE id = $1`, [own.directoryId]);
    expect((await client('GET', '/Users')).status).toBe(401);
  });

  it('records the first request and the last use of a token', async () => {
    const own = await suite.seed();
    await scimClient(own)('GET', '/Users?startIndex=1&count=2');
    const [row] = await waitUntil(async () => {
      const rows = await suite.admin<{ used: Date | null; first: Date | null }>(
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
    const [mine, theirs] = [await suite.seed(), await suite.seed()];
    const [a, b] = [scimClient(mine), scimClient(theirs)];
    const user = await suite.makeUser({ userName: 'shared@example.com', externalId: 'X' }, b);
    const group = await suite.makeGroup([user.id], b);
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
    const own = await suite.makeGroup([user.id], a);
    expect(own.members).toBeUndefined();
    expect((await suite.makeUser({ userName: 'shared@example.com' }, a)).id).not.toBe(user.id);
    expect(await memberIds(group.id, b)).toEqual([user.id]);
  });
});

describe('bodies', () => {
  it.each([
    'application/scim+json',
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/SCIM+JSON;charset="UTF-8"',
    'application/json; charset=ISO-8859-1',
    'application/scim+json; charset=utf-16',
  ])('takes %s', async (type) => {
    const answer = await suite.scim(
      'POST',
      '/Users',
      { userName: suite.unique('ct') },
      { headers: { 'content-type': type } },
    );
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
  });

  it.each([
    ['text/plain', '{"userName":"x"}', 415, undefined],
    ['application/json', '{"userName":', 400, 'invalidSyntax'],
    ['application/json', Buffer.from([0x7b, 0xff, 0x7d]), 400, 'invalidSyntax'],
    ['application/json', '', 400, 'invalidSyntax'],
    ['application/json', `{"userName":"x","a":"${'x'.repeat(1_100_000)}"}`, 413, undefined],
    ['application/json', `{"userName":"x","a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 400, 'invalidSyntax'],
  ])('answers %s %s with a SCIM error', async (type, raw, status, scimType) => {
    const answer = await suite.scim('POST', '/Users', undefined, { raw, headers: { 'content-type': type } });
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ schemas: [ERROR], status: String(status) });
    expect(answer.json.scimType).toBe(scimType);
  });

  it('takes an empty body whatever its Content-Type where none is needed', async () => {
    for (const type of ['application/json', 'text/plain']) {
      const { id } = await suite.makeUser();
      const headers = { 'content-type': type };
      expect((await suite.scim('GET', `/Users/${id}`, undefined, { headers })).status).toBe(200);
      expect((await suite.scim('DELETE', `/Users/${id}`, undefined, { headers })).status).toBe(204);
    }
  });

  it('takes a group of 10 MB', async () => {
    const members = Array.from({ length: 99_000 }, () => ({ value: newId(), display: 'x'.repeat(40) }));
    const { status } = await suite.scim('POST', '/Groups?excludedAttributes=members', {
      displayName: suite.unique('big'),
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
    const answer = await suite.scim(method, path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.json).toMatchObject({ schemas: [ERROR], status: String(status), detail: expect.any(String) });
  });

  it('names the methods that a place takes', async () => {
    expect((await suite.scim('PUT', '/Users')).headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    expect((await suite.scim('OPTIONS', '/Users')).status).toBe(204);
    const head = await suite.scim('HEAD', '/Users');
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it.each(['//Users', '/Users/', '/Users?', '/Users?count=1&', '/Users?filter=userName+eq+%22nobody%22&'])(
    'takes %s as /Users',
    async (path) => {
      expect((await suite.scim('GET', path)).status).toBe(200);
    },
  );
});

describe('listing', () => {
  let client: ScimClient;
  let ids: string[];

  beforeAll(async () => {
    client = scimClient(await suite.seed());
    ids = [];
    for (let n = 0; n < 12; n++) {
      ids.push(
        (await suite.makeUser({ userName: `list${n}`, title: n % 2 ? 'odd' : 'even', active: n < 10 }, client)).id,
      );
    }
    await client('POST', '/Groups', { displayName: 'listed', members: [{ value: ids[0] }] });
  });

  const list = async (query: string): Promise<ScimBody> => (await client('GET', `/Users?${query}`)).json;
  const idsOf = ({ Resources }: ScimBody): string[] => Resources.map(({ id }) => id);

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
    const { status, json } = await suite.scim('GET', '/ServiceProviderConfig?filter=invalid&sortBy=id&startIndex=999');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 16 * 1024 * 1024 },
      filter: { supported: true, maxResults: 500 },
      pagination: { cursor: true, index: true },
    });
  });

  it.each([
    ['/Schemas', 3],
    ['/ResourceTypes', 2],
  ])('lists %s, each also by id, and refuses a filter with 403', async (path, total) => {
    const { json } = await suite.scim('GET', path);
    expect(json.totalResults).toBe(total);
    for (const document of json.Resources) {
      expect((await suite.scim('GET', `${path}/${document.id}`)).json).toEqual(document);
    }
    expect((await suite.scim('GET', `${path}/nothing`)).status).toBe(404);
    expect((await suite.scim('GET', `${path}?filter=id%20pr`)).status).toBe(403);
  });
});

describe('the request log', () => {
  it('has one line per request with template and directory, and nothing personal', async () => {
    await suite.scim('GET', `/Users?filter=${encodeURIComponent('userName eq "hunter2@example.com"')}`);
    const line = suite.ingress.logLines().findLast(({ route }) => route === '/scim/:key/v2/Users');
    expect(line).toMatchObject({ method: 'GET', status: 200, directory_id: `dir_${suite.directory.directoryId}` });
    const log = JSON.stringify(suite.ingress.logLines());
    expect(log).not.toContain('hunter2');
    expect(log).not.toContain(suite.directory.token);
  });
});

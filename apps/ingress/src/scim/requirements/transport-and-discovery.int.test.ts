import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { newId } from '@rollcall/platform';
import { patchBody, scimClient } from '../../testing/scim-client';
import type { Answer, ScimBody, ScimClient } from '../../testing/scim-client';
import { useScim } from '../../testing/use-scim';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:';
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
/** RFC 7644 §3.12 table 9 and RFC 9865 §2.1. */
const SCIM_TYPES = [
  'invalidFilter',
  'tooMany',
  'uniqueness',
  'mutability',
  'invalidSyntax',
  'invalidPath',
  'noTarget',
  'invalidValue',
  'invalidVers',
  'sensitive',
  'invalidCursor',
  'expiredCursor',
  'invalidCount',
];

const suite = useScim();

function expectError({ status, headers, json }: Answer, expected: number): void {
  expect(status).toBe(expected);
  expect(headers.get('content-type')).toBe('application/scim+json');
  const { scimType, ...rest } = json;
  expect(rest).toEqual({ schemas: [ERROR], status: String(expected), detail: expect.stringMatching(/\S/) });
  if (scimType !== undefined) expect(SCIM_TYPES).toContain(scimType);
}

describe('authentication and addresses (RFC 7644 §2, §3.13, §7)', () => {
  it('34 answers 401 with WWW-Authenticate and a SCIM body to who brings no valid token (RFC 7644 §2)', async () => {
    for (const authorization of [undefined, 'Basic YTpi', 'Bearer', 'Bearer nonsense']) {
      for (const path of ['/Users', '/ServiceProviderConfig', '/Me', '/nowhere']) {
        const answer = await suite.scim('GET', path, undefined, { headers: { authorization } });
        expectError(answer, 401);
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
      }
    }
  });

  it('35 lets a token act in its own directory and nowhere else (RFC 7644 §2)', async () => {
    const other = await suite.seed();
    const { token } = suite.directory;
    expectError(await scimClient({ scimUrl: other.scimUrl, token })('GET', '/Users'), 401);
    expectError(await scimClient({ scimUrl: other.scimUrl, token })('POST', '/Users', { userName: 'x' }), 401);
    expect((await scimClient(other)('GET', '/Users')).json.totalResults).toBe(0);
  });

  it('36 has a base URL without query, with v2 right before the resource endpoint (RFC 7644 §1.3, §3.13)', async () => {
    const { meta } = await suite.makeUser();
    expect(meta.location).toMatch(/^https:\/\/directory\.example\.com\/scim\/[0-9a-z]{26}\/v2\/Users\/[0-9a-z]{26}$/);
    for (const type of (await suite.scim('GET', '/ResourceTypes')).json.Resources) {
      expect(type.endpoint).toMatch(/^\/[A-Z]\w+$/);
    }
  });

  it('37 refuses another protocol version with invalidVers (RFC 7644 §3.12, §3.13)', async () => {
    for (const version of ['v1', 'v3', 'v1.1', 'v20']) {
      const scimUrl = suite.directory.scimUrl.replace(/v2$/, version);
      for (const path of ['/Users', '/Users/x', '/ServiceProviderConfig', '']) {
        const answer = await scimClient({ scimUrl, token: suite.directory.token })('GET', path);
        expectError(answer, 400);
        expect(answer.json.scimType).toBe('invalidVers');
        expect((await scimClient({ scimUrl, token: 'x' })('GET', path)).status).toBe(401);
      }
    }
  });

  it('38 takes no token from the URL, and a filter by POST, so that neither needs to be in a log (RFC 7644 §7.5.2)', async () => {
    const { token, directoryId } = suite.directory;
    for (const name of ['access_token', 'token', 'authorization']) {
      const answer = await suite.scim('GET', `/Users?${name}=${token}`, undefined, {
        headers: { authorization: undefined },
      });
      expectError(answer, 401);
    }
    const { id, userName } = await suite.makeUser();
    const search = { schemas: [SEARCH], filter: `userName eq "${String(userName)}"` };
    expect((await suite.scim('POST', '/Users/.search', search)).json.Resources.map((user) => user.id)).toEqual([id]);
    const log = JSON.stringify(suite.ingress.logLines());
    expect(log).toContain(directoryId);
    expect(log).not.toContain(token);
    expect(log).not.toContain(String(userName));
  });
});

describe('discovery (RFC 7644 §4, RFC 7643 §5–7)', () => {
  it('39 describes itself in one object with everything that is required (RFC 7643 §5)', async () => {
    const { status, json } = await suite.scim('GET', '/ServiceProviderConfig');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      schemas: [`${SCHEMA}ServiceProviderConfig`],
      patch: { supported: true },
      bulk: { supported: true, maxOperations: expect.any(Number), maxPayloadSize: expect.any(Number) },
      filter: { supported: true, maxResults: expect.any(Number) },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      authenticationSchemes: [
        { type: 'oauthbearertoken', name: expect.any(String), description: expect.any(String), primary: true },
      ],
      meta: { resourceType: 'ServiceProviderConfig', location: `${suite.base}/ServiceProviderConfig` },
    });
    expect(json.Resources).toBeUndefined();
  });

  it('41 lists schemas and resource types as ListResponse, each alone as one object, unknown ones as 404 (RFC 7644 §4)', async () => {
    for (const path of ['/Schemas', '/ResourceTypes']) {
      const { status, json } = await suite.scim('GET', path);
      expect(status).toBe(200);
      expect(json).toMatchObject({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: json.Resources.length,
        startIndex: 1,
        itemsPerPage: json.Resources.length,
      });
      for (const document of json.Resources) {
        expect((await suite.scim('GET', `${path}/${document.id}`)).json).toEqual(document);
        expect((await suite.scim('GET', `${path}/${document.id.toUpperCase()}`)).json).toEqual(document);
      }
      expectError(await suite.scim('GET', `${path}/urn:nobody:knows`), 404);
    }
  });

  it('42 lists no message schemas (RFC 7643 §3)', async () => {
    const ids = (await suite.scim('GET', '/Schemas')).json.Resources.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([`${SCHEMA}User`, `${SCHEMA}Group`]));
    for (const id of ids) expect(id).not.toContain(':messages:');
  });

  it('43 ignores paging and sorting in discovery and refuses a filter on its lists (RFC 7644 §4)', async () => {
    const query = '?sortBy=id&sortOrder=descending&startIndex=999&count=0';
    for (const path of ['/Schemas', '/ResourceTypes', '/ServiceProviderConfig']) {
      const plain = await suite.scim('GET', path);
      expect((await suite.scim('GET', `${path}${query}`)).text).toBe(plain.text);
    }
    expectError(await suite.scim('GET', '/Schemas?filter=id%20pr'), 403);
    expectError(await suite.scim('GET', '/ResourceTypes?FILTER=id%20pr'), 403);
    expect((await suite.scim('GET', '/ServiceProviderConfig?filter=nonsense')).status).toBe(200);
  });

  it('44 offers discovery for reading only (RFC 7644 §4)', async () => {
    for (const path of ['/ServiceProviderConfig', '/Schemas', '/ResourceTypes', `/Schemas/${SCHEMA}User`]) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await suite.scim(method, path, method === 'DELETE' ? undefined : {});
        expectError(answer, 405);
        expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
      }
    }
  });

  it('45 names in each resource type a schema that is listed, its extensions too (RFC 7643 §6)', async () => {
    const schemas = (await suite.scim('GET', '/Schemas')).json.Resources.map(({ id }) => id);
    const types = (await suite.scim('GET', '/ResourceTypes')).json.Resources;
    expect(types.map(({ name, endpoint }) => [name, endpoint])).toEqual([
      ['User', '/Users'],
      ['Group', '/Groups'],
    ]);
    for (const { schema, schemaExtensions } of types) {
      expect(schemas).toContain(schema);
      for (const extension of schemaExtensions as { schema: string; required: unknown }[]) {
        expect(schemas).toContain(extension.schema);
        expect(extension.required).toBeTypeOf('boolean');
      }
    }
  });

  it('46 tells in its schemas what it does: mutability, returned, uniqueness and caseExact (RFC 7643 §7)', async () => {
    const attributes = async (urn: string): Promise<Map<string, Record<string, unknown>>> => {
      const { json } = await suite.scim('GET', `/Schemas/${urn}`);
      const flat = (list: Record<string, unknown>[], prefix: string): [string, Record<string, unknown>][] =>
        list.flatMap((attribute) => [
          [`${prefix}${String(attribute.name)}`, attribute],
          ...flat((attribute.subAttributes ?? []) as Record<string, unknown>[], `${String(attribute.name)}.`),
        ]);
      return new Map(flat((json as ScimBody).attributes as Record<string, unknown>[], ''));
    };
    const user = await attributes(`${SCHEMA}User`);
    expect(user.get('userName')).toMatchObject({ required: true, uniqueness: 'server', caseExact: false });
    expect(user.get('password')).toMatchObject({ mutability: 'writeOnly', returned: 'never' });
    expect(user.get('groups')).toMatchObject({ mutability: 'readOnly', multiValued: true });
    const group = await attributes(`${SCHEMA}Group`);
    expect(group.get('displayName')).toMatchObject({ required: true, uniqueness: 'server' });
    expect(group.get('members.value')).toMatchObject({ mutability: 'immutable', caseExact: true });
    expect(group.get('members.type')).toMatchObject({ canonicalValues: ['User', 'Group'] });
    expect(group.get('members.$ref')).toMatchObject({ referenceTypes: ['User', 'Group'] });
    for (const [name, attribute] of [...user, ...group]) {
      expect(attribute, name).toMatchObject({
        type: expect.stringMatching(/^(string|boolean|decimal|integer|dateTime|binary|reference|complex)$/),
        multiValued: expect.any(Boolean),
        required: expect.any(Boolean),
        caseExact: expect.any(Boolean),
        mutability: expect.stringMatching(/^(readOnly|readWrite|immutable|writeOnly)$/),
        returned: expect.stringMatching(/^(always|never|default|request)$/),
        uniqueness: expect.stringMatching(/^(none|server|global)$/),
      });
    }
    // Compared without regard to case where caseExact is false, and not where it is true.
    for (const [name, attribute] of user) {
      if (name.includes('.') || attribute.type !== 'string' || attribute.mutability !== 'readWrite') continue;
      const value = suite.unique('CaSe');
      await suite.makeUser({ [name]: value });
      expect(await suite.find(`${name} eq "${value.toUpperCase()}"`), name).toHaveLength(attribute.caseExact ? 0 : 1);
    }
  });
});

describe('extensions of the organization', () => {
  const BADGE = 'urn:acme:params:scim:schemas:extension:badge:2.0:User';
  const learned = async (client: ScimClient, urn: string): Promise<unknown> => {
    const { status, json } = await client('GET', `/Schemas/${urn}`);
    if (status === 404) return 404;
    return ((json as ScimBody).attributes as Record<string, unknown>[]).map(({ name, type, multiValued }) => [
      name,
      type,
      multiValued,
    ]);
  };

  it('are learned from POST, PUT, PATCH and Bulk, listed as schemas and at their resource type, by directory', async () => {
    const client = scimClient(await suite.seed());
    const plain = (await client('GET', '/Schemas')).json;
    expect(await learned(client, BADGE)).toBe(404);
    const user = await suite.makeUser({ [BADGE]: { number: 7 } }, client);
    expect(await learned(client, BADGE)).toEqual([['number', 'integer', false]]);
    const path = `/Users/${user.id}`;
    await client('PUT', path, { ...user, [BADGE]: { number: 7.5, active: true } });
    await client('PATCH', path, patchBody({ op: 'add', path: `${BADGE}:Doors`, value: [{ id: 'a', floor: 1 }] }));
    const data = { displayName: suite.unique('g'), 'urn:acme:2.0:Group': { owner: 'x' } };
    await client('POST', '/Bulk', {
      schemas: [BULK],
      Operations: [{ method: 'POST', path: '/Groups', bulkId: 'g', data }],
    });
    expect(await learned(client, BADGE)).toEqual([
      ['number', 'decimal', false],
      ['active', 'boolean', false],
      ['Doors', 'complex', true],
    ]);
    expect(await learned(client, 'URN:ACME:2.0:group')).toEqual([['owner', 'string', false]]);
    const { Resources: types } = (await client('GET', '/ResourceTypes')).json;
    const extensions = types.map(({ schemaExtensions }) =>
      (schemaExtensions as { schema: string }[]).map(({ schema }) => schema),
    );
    expect(extensions).toEqual([
      [`${SCHEMA.replace('core', 'extension:enterprise')}User`, BADGE],
      ['urn:acme:2.0:Group'],
    ]);
    expect((await client('GET', '/Schemas')).json.totalResults).toBe(plain.totalResults + 2);
    const other = scimClient(await suite.seed());
    expect(await learned(other, BADGE)).toBe(404);
    expect((await other('GET', '/Schemas')).json.totalResults).toBe(plain.totalResults);
  });

  it('have locations that lead to them, also with slashes and signs in their URI', async () => {
    const ids = ['http://schemas.example.com/2006/11/Extension/2.0/User', 'urn:acme:päron#1?2&3%41:2.0:User'];
    for (const id of ids) {
      await suite.makeUser({ [id]: { level: 1 } });
      const schema = (await suite.scim('GET', '/Schemas')).json.Resources.find((candidate) => candidate.id === id);
      expect((await suite.follow(schema!.meta.location)).json).toEqual(schema);
    }
  });

  it('leave the core schemas as they are and cost a statement only when something is new', async () => {
    const directory = await suite.seed();
    const client = scimClient(directory);
    const core = (await client('GET', `/Schemas/${SCHEMA}User`)).text.replaceAll(directory.directoryId, '');
    await suite.makeUser({ shoeSize: 42, [`${SCHEMA}User`]: { hatSize: 7 }, [BADGE]: { number: 1 } }, client);
    expect((await client('GET', `/Schemas/${SCHEMA}User`)).text.replaceAll(directory.directoryId, '')).toBe(core);
    // What is known is not written again: were it, it would be back.
    await suite.admin('DELETE FROM learned_attributes WHERE directory_id = $1', [directory.directoryId]);
    await suite.makeUser({ [BADGE]: { number: 2 } }, client);
    expect(await learned(client, BADGE)).toBe(404);
    await suite.makeUser({ [BADGE]: { number: 'two' } }, client);
    expect(await learned(client, BADGE)).toEqual([['number', 'string', false]]);
  });
});

describe('errors (RFC 7644 §3.12)', () => {
  it('115 answers errors in the Error schema, with status as text and scimType only from the table (RFC 7644 §3.12)', async () => {
    const user = await suite.makeUser();
    const path = `/Users/${user.id}`;
    const answers: [number, Answer][] = [
      [400, await suite.scim('GET', '/Users?filter=x')],
      [400, await suite.scim('PATCH', path, patchBody({ op: 'remove' }))],
      [400, await suite.scim('PATCH', path, patchBody({ op: 'add', path: '[', value: 1 }))],
      [400, await suite.scim('GET', '/Users?cursor=x')],
      [403, await suite.scim('GET', '/Users?filter=password%20pr')],
      [404, await suite.scim('GET', '/Users/nobody')],
      [409, await suite.scim('POST', '/Users', { userName: user.userName })],
    ];
    for (const [status, answer] of answers) expectError(answer, status);
  });

  it('116 answers every error status with a SCIM body, the framework’s own too (RFC 7644 §3.12)', async () => {
    const { scim, directory } = suite;
    const { id } = await suite.makeUser();
    const plain = { 'content-type': 'text/plain' };
    expectError(await scim('POST', '/Users', undefined, { raw: '{' }), 400);
    expectError(await scim('GET', '/Users/%ff'), 400);
    expectError(await scim('GET', '/Users', undefined, { headers: { authorization: undefined } }), 401);
    expectError(await scim('GET', '/Schemas?filter=x'), 403);
    expectError(await scim('GET', `/${'x'.repeat(3_000)}`), 404);
    expectError(await scim('DELETE', '/Users'), 405);
    expectError(await scim('DELETE', `/Users/${id}`, undefined, { headers: { 'if-match': 'W/"99"' } }), 412);
    expectError(await scim('POST', '/Users', { userName: 'x', note: 'x'.repeat(1_100_000) }), 413);
    expectError(await scim('POST', '/Users', undefined, { raw: 'x', headers: plain }), 415);
    expectError(await scim('GET', '/Me'), 501);
    expectError(await rawRequest(`${directory.scimUrl}/Users/%`, directory.token), 400);
    await suite.admin('ALTER FUNCTION scim_load_user(text, text, integer, text) RENAME TO scim_load_user_away');
    try {
      const broken = await scim('GET', `/Users/${id}`);
      expectError(broken, 500);
      expect(broken.text).not.toMatch(/scim_load_user|function|postgres/i);
    } finally {
      await suite.admin('ALTER FUNCTION scim_load_user_away(text, text, integer, text) RENAME TO scim_load_user');
    }
    expect((await scim('GET', `/Users/${id}`)).status).toBe(200);
  });
});

/** A request whose URL no client library rewrites. */
function rawRequest(url: string, token: string): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const path = url.slice(url.indexOf('/', 'http://'.length));
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers: { authorization: `Bearer ${token}` } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const headers = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
        resolve({ status: response.statusCode ?? 0, headers, text, json: JSON.parse(text) as Answer['json'] });
      });
    });
    sent.on('error', reject).end();
  });
}

describe('versions, media types and tenants (RFC 7644 §3.8, §3.11, §3.14, §6)', () => {
  it('117 gives the same weak entity tag as header and as meta.version (RFC 7644 §3.14)', async () => {
    for (const endpoint of ['/Users', '/Groups']) {
      const names = { userName: suite.unique('tag'), displayName: suite.unique('tag') };
      const created = await suite.scim('POST', endpoint, names);
      const path = `${endpoint}/${created.json.id}`;
      const answers = [
        created,
        await suite.scim('GET', path),
        await suite.scim('PUT', path, { ...names, title: 'x', externalId: 'x' }),
        await suite.scim('PATCH', `${path}?attributes=meta`, patchBody({ op: 'add', path: 'externalId', value: 'y' })),
      ];
      for (const { headers, json } of answers) {
        expect(json.meta.version).toMatch(/^W\/"[^"]+"$/);
        expect(headers.get('etag')).toBe(json.meta.version);
      }
      expect(new Set(answers.map(({ json }) => json.meta.version)).size).toBe(3);
    }
  });

  it('118 answers 412 when If-Match names no current version and 304 when If-None-Match does; * is any (RFC 7644 §3.14)', async () => {
    for (const { endpoint, body } of [
      { endpoint: '/Users', body: { userName: suite.unique('match') } },
      { endpoint: '/Groups', body: { displayName: suite.unique('match') } },
    ]) {
      const { json } = await suite.scim('POST', endpoint, body);
      const path = `${endpoint}/${json.id}`;
      const { version } = json.meta;
      const send = async (method: string, header: string, tag: string, sent?: unknown): Promise<number> =>
        (await suite.scim(method, path, sent, { headers: { [header]: tag } })).status;
      const patch = patchBody({ op: 'add', path: 'externalId', value: suite.unique('x') });
      expect(await send('GET', 'if-none-match', version)).toBe(304);
      expect(await send('GET', 'if-none-match', '*')).toBe(304);
      expect(await send('GET', 'if-none-match', `W/"7", ${version}`)).toBe(304);
      expect(await send('GET', 'if-none-match', 'W/"7"')).toBe(200);
      expect(await send('PUT', 'if-match', 'W/"7"', { ...body, externalId: 'z' })).toBe(412);
      expect(await send('PATCH', 'if-match', 'W/"7"', patch)).toBe(412);
      expect(await send('DELETE', 'if-match', 'W/"7"')).toBe(412);
      expect((await suite.scim('GET', path)).json.meta.version).toBe(version);
      expect(await send('PATCH', 'if-match', `W/"7", ${version}`, patch)).toBeLessThan(300);
      expect(await send('PUT', 'if-match', '*', { ...body, externalId: 'z' })).toBe(200);
      expect(await send('DELETE', 'if-match', '*')).toBe(204);
    }
  });

  it('119 answers 501 at /Me: a directory’s token stands for no user (RFC 7644 §3.11)', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      expectError(await suite.scim(method, '/Me', method === 'GET' || method === 'DELETE' ? undefined : {}), 501);
    }
  });

  it('120 reads and writes UTF-8 as application/scim+json, takes application/json, refuses other types with 415 (RFC 7644 §3.8)', async () => {
    const displayName = 'Zoë Ωmega 你好 🦊';
    for (const type of [
      'application/scim+json',
      'application/json',
      'application/scim+json; charset=utf-8',
      'APPLICATION/JSON',
    ]) {
      for (const accept of ['application/scim+json', 'application/json', '*/*', undefined]) {
        const headers = { 'content-type': type, accept };
        const answer = await suite.scim('POST', '/Users', { userName: suite.unique('utf'), displayName }, { headers });
        expect(answer.status).toBe(201);
        expect(answer.headers.get('content-type')).toBe('application/scim+json');
        expect(answer.json.displayName).toBe(displayName);
      }
    }
    for (const type of ['text/plain', 'application/xml', 'application/scim']) {
      const headers = { 'content-type': type };
      expectError(await suite.scim('POST', '/Users', { userName: suite.unique('utf') }, { headers }), 415);
    }
  });

  it('121 keeps tenants apart: ids, filters, uniqueness, versions, members, bulkIds and cursors (RFC 7644 §6)', async () => {
    const other = scimClient(await suite.seed());
    const userName = suite.unique('shared');
    const theirs = await suite.makeUser({ userName, externalId: userName }, other);
    const theirGroup = await suite.makeGroup([theirs.id], other);
    const mine = await suite.makeUser({ userName, externalId: userName });
    expect(mine.id).not.toBe(theirs.id);
    for (const path of [`/Users/${theirs.id}`, `/Groups/${theirGroup.id}`]) {
      expectError(await suite.scim('GET', path, undefined, { headers: { 'if-none-match': '*' } }), 404);
      expectError(await suite.scim('DELETE', path, undefined, { headers: { 'if-match': theirs.meta.version } }), 404);
    }
    expect((await suite.find(`userName eq "${userName}"`)).map(({ id }) => id)).toEqual([mine.id]);
    expect(await suite.find(`id eq "${theirs.id}"`)).toEqual([]);
    expect(await suite.find(`members eq "${theirs.id}"`, '/Groups')).toEqual([]);
    expect((await suite.makeGroup([theirs.id])).members).toBeUndefined();
    const bulk = { schemas: [BULK], Operations: [{ method: 'DELETE', path: `/Users/${theirs.id}` }] };
    expect((await suite.scim('POST', '/Bulk', bulk)).json.Operations[0]?.status).toBe('404');
    await suite.makeUser();
    const page = (await suite.scim('GET', '/Users?cursor=&count=1')).json;
    const stolen = await other('GET', `/Users?cursor=${page.nextCursor}&count=500`);
    expect(stolen.json.Resources.every(({ id }) => id === theirs.id)).toBe(true);
    expect((await other('GET', `/Users/${theirs.id}`)).json.meta).toEqual(theirs.meta);
    expect((await suite.scim('GET', `/Users/${newId()}`)).json.detail).toBe(
      (await suite.scim('GET', `/Users/${theirs.id}`)).json.detail,
    );
  });
});

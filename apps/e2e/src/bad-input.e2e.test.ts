import { buildOktaUser, type RunningRollcall, startRollcall, waitUntil } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectManagementApi, type ManagementApi } from './support/connect-management-api';
import { createDirectory, type ReadyDirectory } from './support/create-directory';
import { createPortalOrganization } from './support/open-portal';
import { readAllEvents } from './support/read-all-events';
import { runLauncher } from './support/run-launcher';
import { type RawAnswer, type RawRequest, sendRaw } from './support/send-raw';

const SCIM_ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const MEGABYTE = 1024 * 1024;
const NOBODY = '0'.repeat(26);
/** What no answer may tell: stack traces, files, statements. */
const INTERNALS = /node_modules|\.js:\d|\bat \w+.*\(|SELECT |INSERT |postgres|typeorm/i;

let rollcall: RunningRollcall;
let directory: ReadyDirectory;
let accessToken: string;
let user: { id: string; userName: string };
let group: { id: string };

beforeAll(async () => {
  rollcall = await startRollcall();
  [directory, accessToken] = await Promise.all([createDirectory(rollcall), rollcall.accessToken()]);
  user = JSON.parse((await scim('POST', '/Users', { body: json(buildOktaUser(1)) })).text) as typeof user;
  const members = [{ value: user.id }];
  group = JSON.parse(
    (await scim('POST', '/Groups', { body: json({ displayName: 'G', members }) })).text,
  ) as typeof group;
});

afterAll(() => rollcall?.stop());

/** A PATCH body. */
const patch = (...Operations: unknown[]): string =>
  json({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });
const json = (value: unknown): string => JSON.stringify(value);

/** A SCIM request to the directory, as its identity provider sends it unless told otherwise. */
function scim(method: string, path: string, { headers, body }: RawRequest = {}, at = directory): Promise<RawAnswer> {
  return sendRaw(rollcall.baseUrl, `${new URL(at.scimUrl).pathname}${path}`, {
    method,
    body,
    headers: { authorization: `Bearer ${at.token}`, 'content-type': 'application/scim+json', ...headers },
  });
}

/** A management API request with a valid access token unless told otherwise. */
function api(method: string, path: string, { headers, body }: RawRequest = {}): Promise<RawAnswer> {
  return sendRaw(rollcall.baseUrl, `/api/v1${path}`, {
    method,
    body,
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json', ...headers },
  });
}

/** The answer is an error as RFC 7644 §3.12 has it, and tells nothing of the inside. */
function expectScimError(answer: RawAnswer, status: number, scimType?: string): void {
  const body = JSON.parse(answer.text) as Record<string, unknown>;
  expect([answer.status, body]).toEqual([
    status,
    { schemas: [SCIM_ERROR], status: String(status), detail: expect.any(String), ...(scimType && { scimType }) },
  ]);
  expect(answer.headers['content-type']).toMatch(/^application\/scim\+json/);
  expect(answer.text).not.toMatch(INTERNALS);
}

/** The answer is an error of the management API or the portal's API, and tells nothing of the inside. */
function expectApiError(answer: RawAnswer, status: number, code: string | RegExp): void {
  const { error, ...rest } = JSON.parse(answer.text) as { error: { code: string; message: string } };
  expect([answer.status, error.code, rest]).toEqual([status, expect.stringMatching(code), {}]);
  expect(error.message.length).toBeGreaterThan(10);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(answer.text).not.toMatch(INTERNALS);
}

/** Everything that the environment and the directory hold, as read over HTTP. */
async function readEverything(): Promise<unknown[]> {
  const base = `/organizations/${directory.organizationId}`;
  const answers = await Promise.all([
    scim('GET', '/Users'),
    scim('GET', '/Groups'),
    api('GET', '/organizations'),
    api('GET', base),
    api('GET', `${base}/directories/${directory.directoryId}/secrets`),
    api('GET', '/webhook_endpoints'),
  ]);
  // When a token was last used, and how deliveries go, is no part of what a refused request could change.
  return answers.map(({ text }) =>
    JSON.parse(
      text
        .replaceAll(/"last_used_time":[^,}]+/g, '"last_used_time":null')
        .replaceAll(/"health":{[^}]*}/g, '"health":{}'),
    ),
  );
}

/** Runs requests that are to be refused and checks that they changed nothing. */
async function expectUntouched(requests: () => Promise<void>): Promise<void> {
  const before = await readEverything();
  await requests();
  expect(await readEverything()).toEqual(before);
}

describe('SCIM: a body', () => {
  const deep = `{"userName":"x","a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;

  it.each([
    ['cut JSON', '{"userName":', 400, 'invalidSyntax'],
    ['no JSON', 'userName=x', 400, 'invalidSyntax'],
    ['nothing', '', 400, 'invalidSyntax'],
    ['an array', '[{"userName":"x"}]', 400, 'invalidSyntax'],
    ['a string', '"x"', 400, 'invalidSyntax'],
    ['null', 'null', 400, 'invalidSyntax'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 400, 'invalidSyntax'],
    ['200,000 levels', deep, 400, 'invalidSyntax'],
    ['no userName', json({ displayName: 'x' }), 400, 'invalidValue'],
    ['a blank userName', json({ userName: '  ' }), 400, 'invalidValue'],
    ['an object as userName', json({ userName: { a: 1 } }), 400, 'invalidValue'],
    ['a word as active', json({ userName: 'x', active: 'perhaps' }), 400, 'invalidValue'],
    ['a text as name', json({ userName: 'x', name: 'Ann' }), 400, 'invalidValue'],
    ['U+0000', json({ userName: 'a\0b' }), 400, 'invalidValue'],
    ['half a surrogate pair', '{"userName":"a\\ud800"}', 400, 'invalidValue'],
    ['more than 1 MB', json({ userName: 'x', nickName: 'x'.repeat(MEGABYTE) }), 413, undefined],
  ])('with %s is refused and leaves nothing', async (_name, body, status, scimType) => {
    await expectUntouched(async () => {
      expectScimError(await scim('POST', '/Users', { body }), status, scimType);
      expectScimError(await scim('PUT', `/Users/${user.id}`, { body }), status, scimType);
    });
  });

  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=latin1',
  ])('of type %s is refused with 415', async (type) => {
    await expectUntouched(async () => {
      const request = { headers: { 'content-type': type }, body: json({ userName: 'typed' }) };
      expectScimError(await scim('POST', '/Users', request), 415);
    });
  });

  it('of unknown length is refused with 413 as soon as it passes the limit', async () => {
    await expectUntouched(async () => {
      const headers = { 'transfer-encoding': 'chunked' };
      const body = json({ userName: 'x', nickName: 'x'.repeat(2 * MEGABYTE) });
      expectScimError(await scim('POST', '/Users', { headers, body }), 413);
    });
  });

  it('of a group may have 16 MB and no more, of a bulk request 5 MB', async () => {
    await expectUntouched(async () => {
      const group17 = json({ displayName: 'x', note: 'x'.repeat(17 * MEGABYTE) });
      expectScimError(await scim('POST', '/Groups', { body: group17 }), 413);
      const bulk6 = json({
        Operations: [{ method: 'POST', path: '/Users', data: { note: 'x'.repeat(6 * MEGABYTE) } }],
      });
      expectScimError(await scim('POST', '/Bulk', { body: bulk6 }), 413);
    });
  });
});

describe('SCIM: a PATCH', () => {
  const good = { op: 'replace', path: 'nickName', value: 'Half written' };

  it.each([
    ['no schemas', json({ Operations: [good] }), 'invalidSyntax'],
    ['no Operations', patch(), 'invalidSyntax'],
    ['an operation that is no object', patch(good, 'remove'), 'invalidSyntax'],
    ['an unknown op', patch(good, { op: 'move', path: 'title', value: 'x' }), 'invalidSyntax'],
    ['a path that cannot be read', patch(good, { op: 'replace', path: 'name[', value: 'x' }), 'invalidPath'],
    ['a filter that cannot be read', patch(good, { op: 'remove', path: 'emails[type eq]' }), 'invalidFilter'],
    ['a remove without a path', patch(good, { op: 'remove' }), 'noTarget'],
    ['a mistyped value', patch(good, { op: 'replace', path: 'active', value: 'perhaps' }), 'invalidValue'],
    ['a blank userName', patch(good, { op: 'replace', path: 'userName', value: '' }), 'invalidValue'],
  ])('with %s is refused as a whole', async (_name, body, scimType) => {
    await expectUntouched(async () => {
      expectScimError(await scim('PATCH', `/Users/${user.id}`, { body }), 400, scimType);
    });
  });

  it('of a group with one wrong operation changes no member', async () => {
    await expectUntouched(async () => {
      const body = patch(
        { op: 'remove', path: `members[value eq "${user.id}"]` },
        { op: 'replace', path: 'displayName', value: { a: 1 } },
      );
      expectScimError(await scim('PATCH', `/Groups/${group.id}`, { body }), 400, 'invalidValue');
    });
  });
});

describe('SCIM: an address', () => {
  it.each([
    ['GET', '/Nothing', 404],
    ['POST', '/Nothing', 404],
    ['GET', `/Users/${NOBODY}`, 404],
    ['DELETE', `/Groups/${NOBODY}`, 404],
    ['GET', '/Users/../../../api/v1/organizations', 404],
    ['GET', '/Users/%00', 404],
    ['GET', '/Users/%zz', 400],
    ['PUT', '/Users', 405],
    ['DELETE', '/Groups', 405],
    ['POST', `/Users/${NOBODY}`, 405],
    ['PATCH', '/Schemas', 405],
    ['GET', '/Bulk', 405],
    ['GET', '/Me', 501],
  ])('answers %s %s with a SCIM %i', async (method, path, status) => {
    await expectUntouched(async () => {
      const answer = await scim(method, path, { body: method === 'GET' || method === 'DELETE' ? undefined : '{}' });
      expectScimError(answer, status);
      if (status === 405) expect(answer.headers.allow).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
    });
  });

  it.each([
    ['filter=userName', 'invalidFilter'],
    ['filter=userName%20eq', 'invalidFilter'],
    ['filter=userName%20like%20%22x%22', 'invalidFilter'],
    [`filter=${encodeURIComponent('('.repeat(5_000))}`, 'invalidFilter'],
  ])('refuses the query %s with 400', async (query, scimType) => {
    expectScimError(await scim('GET', `/Users?${query}`), 400, scimType);
  });
});

describe('SCIM: a token', () => {
  const users = (authorization: string | undefined) =>
    sendRaw(rollcall.baseUrl, `${new URL(directory.scimUrl).pathname}/Users`, {
      headers: authorization === undefined ? {} : { authorization },
    });

  async function newSecret(body: object): Promise<{ token: string; id: string }> {
    const path = `/organizations/${directory.organizationId}/directories/${directory.directoryId}/secrets`;
    const made = await directory.api<{ plain_secret: string; secret: { id: string } }>('POST', path, body);
    return { token: made.plain_secret, id: made.secret.id };
  }

  function expectUnauthorized(answer: RawAnswer): void {
    expectScimError(answer, 401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  }

  it.each([
    ['none', () => undefined],
    ['an empty one', () => 'Bearer '],
    ['another scheme', () => `Basic ${Buffer.from('a:b').toString('base64')}`],
    ['garbage', () => 'Bearer garbage'],
    ['10 kB of garbage', () => `Bearer ${'x'.repeat(10_000)}`],
    [
      'one with a letter changed',
      () => `Bearer ${directory.token.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}`,
    ],
    ['an access token of the management API', () => `Bearer ${accessToken}`],
    ['a client secret', () => `Bearer ${rollcall.bootstrap.client_secret}`],
  ])('that is %s is refused with 401', async (_name, authorization) => {
    expectUnauthorized(await users(authorization()));
  });

  it('of another directory is refused with 401, for every method and place', async () => {
    const other = await createDirectory(rollcall);
    const thief = { ...directory, token: other.token };
    await expectUntouched(async () => {
      for (const [method, path, body] of [
        ['GET', '/Users', undefined],
        ['GET', '/ServiceProviderConfig', undefined],
        ['POST', '/Users', json({ userName: 'thief' })],
        ['PATCH', `/Users/${user.id}`, patch({ op: 'replace', path: 'title', value: 'x' })],
        ['DELETE', `/Groups/${group.id}`, undefined],
        ['POST', '/Bulk', json({ Operations: [] })],
        ['GET', '/Nothing', undefined],
      ] as const) {
        expectUnauthorized(await scim(method, path, { body }, thief));
      }
    });
  });

  it('is refused with 401 once it is revoked, and once it has expired', async () => {
    const path = `/organizations/${directory.organizationId}/directories/${directory.directoryId}/secrets`;
    const [revoked, expiring] = await Promise.all([newSecret({}), newSecret({ expires_in: 2 })]);
    expect((await users(`Bearer ${revoked.token}`)).status).toBe(200);
    expect((await users(`Bearer ${expiring.token}`)).status).toBe(200);
    expect((await api('DELETE', `${path}/${revoked.id}`)).status).toBe(204);
    expectUnauthorized(await users(`Bearer ${revoked.token}`));
    const refusal = await waitUntil(async () => {
      const answer = await users(`Bearer ${expiring.token}`);
      return answer.status === 200 ? null : answer;
    });
    expectUnauthorized(refusal);
  });

  it('for a directory that never was is refused with 401 and nothing more', async () => {
    const nowhere = { ...directory, scimUrl: `${rollcall.baseUrl}/scim/${NOBODY}/v2` };
    expectUnauthorized(await scim('GET', '/Users', {}, nowhere));
  });
});

describe('SCIM: a directory that may not be used', () => {
  it('answers 403 while it is disabled, but 401 to a wrong token, and goes on where it was', async () => {
    const base = `/organizations/${directory.organizationId}/directories/${directory.directoryId}`;
    await expectUntouched(async () => {
      await directory.api('PATCH', `${base}:disable`);
      expectScimError(await scim('GET', '/Users'), 403);
      expectScimError(await scim('POST', '/Users', { body: json({ userName: 'while disabled' }) }), 403);
      expectScimError(await scim('POST', '/Users', { body: '{malformed' }), 403);
      expectScimError(await scim('GET', '/Users', { headers: { authorization: 'Bearer wrong' } }), 401);
      await directory.api('PATCH', `${base}:enable`);
    });
  });

  it('answers 403 while the feature is off, and so does the making of another one', async () => {
    const base = `/organizations/${directory.organizationId}`;
    const switchTo = (enabled: boolean) =>
      directory.api('PATCH', `${base}/settings`, { features: [{ name: 'dir_sync', enabled }] });
    const before = await readEverything();
    await switchTo(false);
    expectScimError(await scim('GET', '/Users'), 403);
    expectScimError(await scim('DELETE', `/Users/${user.id}`), 403);
    const body = json({ directory: { directory_type: 'SCIM', directory_provider: 'OKTA' } });
    expectApiError(await api('POST', `${base}/directories`, { body }), 403, 'feature_disabled');
    expectApiError(await api('PATCH', `${base}/directories/${directory.directoryId}:enable`), 403, 'feature_disabled');
    expect((await api('GET', `${base}/directories`)).status).toBe(200);
    await switchTo(true);
    const withoutTimes = (state: unknown) => json(state).replaceAll(/"update_time":"[^"]+"/g, '');
    expect(withoutTimes(await readEverything())).toBe(withoutTimes(before));
  });
});

describe('the management API: a body', () => {
  it.each([
    ['cut JSON', '{"display_name":', 400, 'malformed_json'],
    ['an array', '[]', 400, 'invalid_request'],
    ['a string', '"x"', 400, 'invalid_request'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400, 'invalid_encoding'],
    ['nothing it must have', '{}', 400, 'invalid_request'],
    ['a number as name', json({ display_name: 7 }), 400, 'invalid_request'],
    ['an unknown field', json({ display_name: 'x', displayName: 'x' }), 400, 'invalid_request'],
    ['a text as metadata', json({ display_name: 'x', metadata: 'x' }), 400, 'invalid_request'],
    ['U+0000', json({ display_name: 'a\0b' }), 400, 'invalid_request'],
    ['half a surrogate pair', '{"display_name":"a\\ud800"}', 400, 'invalid_request'],
    ['more than 1 MB', json({ display_name: 'x', external_id: 'x'.repeat(MEGABYTE) }), 413, 'too_large'],
  ])('with %s is refused and leaves nothing', async (_name, body, status, code) => {
    await expectUntouched(async () => {
      expectApiError(await api('POST', '/organizations', { body }), status, code);
      // A PATCH may leave everything out.
      if (body === '{}') return;
      expectApiError(await api('PATCH', `/organizations/${directory.organizationId}`, { body }), status, code);
    });
  });

  it.each([
    [{ url: 'not a url' }, 400],
    [{ url: 'ftp://example.com/' }, 422],
    [{ url: 'http://u:p@127.0.0.1/' }, 422],
    [{ url: 'http://127.0.0.1/', event_types: ['user_created'] }, 400],
    [{ url: 'http://127.0.0.1/', organization_ids: [`org_${NOBODY}`, 'x'] }, 400],
    [{ url: 'http://127.0.0.1/', ordering: 'sorted' }, 400],
    [{ url: 'http://127.0.0.1/', enabled: 'yes' }, 400],
  ])('of a webhook endpoint %j is refused with %i', async (body, status) => {
    await expectUntouched(async () => {
      const code = status === 422 ? 'webhook_target_refused' : 'invalid_request';
      expectApiError(await api('POST', '/webhook_endpoints', { body: json(body) }), status, code);
    });
  });

  it.each([
    ['{"from_time":', 400, 'malformed_json'],
    ['[]', 400, 'invalid_request'],
    ['"everything"', 400, 'invalid_request'],
    [json({ from_sequence: 1 }), 400, 'invalid_request'],
    [json({ directory_id: `dir_${NOBODY}`, from_sequence: -1 }), 400, 'invalid_request'],
    [json({ directory_id: `dir_${NOBODY}` }), 404, 'directory_not_found'],
    [json({ from_time: '2026-11-22' }), 400, 'invalid_request'],
    [json({ types: ['user_created'] }), 400, 'invalid_request'],
    [json({ dry_run: 1 }), 400, 'invalid_request'],
    [json({ __proto: 1 }), 400, 'invalid_request'],
  ])('of a replay %s is refused with %i', async (body, status, code) => {
    const { webhook_endpoint: endpoint } = await directory.api<{ webhook_endpoint: { id: string } }>(
      'POST',
      '/webhook_endpoints',
      { url: 'http://127.0.0.1:9/' },
    );
    expectApiError(await api('POST', `/webhook_endpoints/${endpoint.id}:replay`, { body }), status, code);
    expect(await directory.api('GET', `/webhook_endpoints/${endpoint.id}/replays`)).toMatchObject({ total_size: 0 });
    await directory.api('DELETE', `/webhook_endpoints/${endpoint.id}`);
  });

  it('of another type than JSON is refused with 415', async () => {
    await expectUntouched(async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
        const request = { headers: { 'content-type': type }, body: 'display_name=x' };
        expectApiError(await api('POST', '/organizations', request), 415, 'unsupported_media_type');
      }
    });
  });
});

describe('the management API: an address', () => {
  it.each([
    ['GET', '/nothing', 404, 'not_found'],
    ['GET', '/organizations/nobody', 404, 'organization_not_found'],
    ['GET', `/organizations/org_${NOBODY}`, 404, 'organization_not_found'],
    ['GET', `/organizations/dir_${NOBODY}`, 404, 'organization_not_found'],
    ['PATCH', `/webhook_endpoints/whe_${NOBODY}`, 404, 'webhook_endpoint_not_found'],
    ['POST', `/webhook_endpoints/whe_${NOBODY}:replay`, 404, 'webhook_endpoint_not_found'],
    ['POST', '/webhook_endpoints/nobody:replay', 404, 'webhook_endpoint_not_found'],
    ['GET', `/webhook_endpoints/whe_${NOBODY}/replays`, 404, 'webhook_endpoint_not_found'],
    ['POST', `/webhook_endpoints/whe_${NOBODY}/replays/rpl_${NOBODY}:pause`, 404, 'webhook_endpoint_not_found'],
    ['DELETE', '/organizations', 405, 'method_not_allowed'],
    ['PUT', '/webhook_endpoints', 405, 'method_not_allowed'],
    ['PUT', `/webhook_endpoints/whe_${NOBODY}:replay`, 405, 'method_not_allowed'],
    ['DELETE', `/webhook_endpoints/whe_${NOBODY}/replays/rpl_${NOBODY}`, 405, 'method_not_allowed'],
    ['POST', '/events', 405, 'method_not_allowed'],
    ['GET', '/organizations?page_size=0', 400, 'invalid_request'],
    ['GET', '/organizations?page_size=many', 400, 'invalid_request'],
    ['GET', '/organizations?page_token=invented', 400, 'invalid_page_token'],
    ['GET', '/organizations?sort=name', 400, 'invalid_request'],
    ['GET', '/events?after_sequence=1', 400, 'invalid_request'],
    ['GET', '/events?after=invented', 400, /./],
    ['GET', '/organizations/%zz', 400, 'invalid_request'],
  ])('answers %s %s with %i and its own error format', async (method, path, status, code) => {
    await expectUntouched(async () => {
      const answer = await api(method, path, { body: method === 'GET' ? undefined : '{}' });
      expectApiError(answer, status, code);
      if (status === 405) expect(answer.headers.allow).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
    });
  });
});

describe('the management API: a credential', () => {
  it.each([
    ['none', () => undefined],
    ['garbage', () => 'Bearer garbage'],
    ['a SCIM token', () => `Bearer ${directory.token}`],
    ['the client secret itself', () => `Bearer ${rollcall.bootstrap.client_secret}`],
    ['a token with another signature', () => `Bearer ${accessToken.replace(/[^.]+$/, 'AAAA')}`],
    ['a token that says it needs no signature', () => `Bearer ${unsigned(accessToken)}`],
  ])('that is %s is refused with 401', async (_name, authorization) => {
    await expectUntouched(async () => {
      const value = authorization();
      const headers = { 'content-type': 'application/json', ...(value !== undefined && { authorization: value }) };
      const body = json({ display_name: 'thief' });
      const answer = await sendRaw(rollcall.baseUrl, '/api/v1/organizations', { method: 'POST', headers, body });
      expectApiError(answer, 401, value === undefined ? 'unauthenticated' : 'invalid_token');
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    });
  });

  it.each([
    ['a wrong secret', { grant_type: 'client_credentials', client_secret: 'wrong' }, 401, 'invalid_client'],
    ['no secret', { grant_type: 'client_credentials' }, 401, 'invalid_client'],
    ['another grant', { grant_type: 'password', client_secret: 'x' }, 400, 'unsupported_grant_type'],
    ['no grant', { client_secret: 'x' }, 400, 'invalid_request'],
  ])('asked for with %s is refused as RFC 6749 has it', async (_name, form, status, error) => {
    const answer = await sendRaw(rollcall.baseUrl, '/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_id: rollcall.bootstrap.client_id, ...form }).toString(),
    });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      status,
      { error, error_description: expect.any(String) },
    ]);
    expect(answer.headers['cache-control']).toContain('no-store');
  });

  it('asked for as JSON is refused as RFC 6749 has it', async () => {
    const answer = await sendRaw(rollcall.baseUrl, '/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: json({ grant_type: 'client_credentials' }),
    });
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([400, { error: 'invalid_request' }]);
  });

  function unsigned(token: string): string {
    const [, claims = ''] = token.split('.');
    return `${Buffer.from(json({ alg: 'none', typ: 'at+jwt' })).toString('base64url')}.${claims}.`;
  }
});

describe('another environment', () => {
  let foreign: ManagementApi;

  beforeAll(async () => {
    const args = ['rollcall', 'create-environment', '--name', 'Foreign', '--json'];
    const run = await runLauncher(args, { DATA_DIR: rollcall.dataDir });
    const made = JSON.parse(run.stdout) as { client_id: string; client_secret: string };
    foreign = await connectManagementApi(rollcall.baseUrl, {
      clientId: made.client_id,
      clientSecret: made.client_secret,
    });
  });

  it('gets 404 for every object of this one, and none of its lists or events shows any', async () => {
    const { webhook_endpoint: endpoint } = await directory.api<{ webhook_endpoint: { id: string } }>(
      'POST',
      '/webhook_endpoints',
      { url: 'http://127.0.0.1:9/' },
    );
    const organization = `/organizations/${directory.organizationId}`;
    const base = `${organization}/directories/${directory.directoryId}`;
    await expectUntouched(async () => {
      for (const [method, path, body] of [
        ['GET', organization],
        ['PATCH', organization, { display_name: 'Stolen' }],
        ['DELETE', organization],
        ['PATCH', `${organization}/settings`, { features: [{ name: 'dir_sync', enabled: false }] }],
        ['PUT', `${organization}/portal_links`],
        ['GET', `${organization}/directories`],
        ['POST', `${organization}/directories`, { directory: { directory_type: 'SCIM', directory_provider: 'OKTA' } }],
        ['GET', base],
        ['DELETE', base],
        ['PATCH', `${base}:disable`],
        ['PATCH', base, { deprovision_guard: null }],
        ['GET', `${base}/held_users`],
        ['POST', `${base}:release_deprovisioning`, {}],
        ['POST', `${base}:discard_deprovisioning`, {}],
        ['POST', `${base}/secrets`, {}],
        ['POST', `${base}/secrets:regenerate`, {}],
        ['GET', `${base}/users`],
        ['GET', `${base}/users/diruser_${user.id}`],
        ['GET', `${base}/groups/dirgroup_${group.id}/members`],
        ['GET', `${base}/snapshot`],
        ['GET', `/webhook_endpoints/${endpoint.id}`],
        ['PATCH', `/webhook_endpoints/${endpoint.id}`, { enabled: false }],
        ['DELETE', `/webhook_endpoints/${endpoint.id}`],
        ['POST', `/webhook_endpoints/${endpoint.id}/secret:rotate`, {}],
        ['POST', `/webhook_endpoints/${endpoint.id}:replay`, {}],
        ['GET', `/webhook_endpoints/${endpoint.id}/replays`],
        ['GET', `/webhook_endpoints/${endpoint.id}/replays/rpl_${NOBODY}`],
        ['POST', `/webhook_endpoints/${endpoint.id}/replays/rpl_${NOBODY}:cancel`],
      ] as const) {
        await expect(foreign(method, path, body), `${method} ${path}`).rejects.toThrow(/answered 404: .*_not_found/);
      }
    });
    expect(await foreign('GET', '/organizations')).toMatchObject({ organizations: [], total_size: 0 });
    expect(await foreign('GET', '/webhook_endpoints')).toMatchObject({ webhook_endpoints: [], total_size: 0 });
    expect(await foreign('GET', '/events')).toMatchObject({ events: [], has_more: false });
  });
});

describe('a key that names a prototype', () => {
  const dangerous =
    '{"userName":"proto","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},' +
    '"name":{"__proto__":{"polluted":1},"givenName":"G"},"\\u005f_proto__":{"polluted":1}}';

  it('in a SCIM body reaches no prototype: later answers do not know it', async () => {
    const created = await scim('POST', '/Users', { body: dangerous });
    expect([201, 400]).toContain(created.status);
    expect(created.text).not.toContain('__proto__');
    for (const path of ['/Users', '/Groups', '/ServiceProviderConfig']) {
      expect((await scim('GET', path)).text.replaceAll(/"constructor":\{[^}]*\}+/g, '')).not.toContain('polluted');
    }
    expect((await api('GET', '/organizations')).text).not.toContain('polluted');
    if (created.status === 201) {
      const { id } = JSON.parse(created.text) as { id: string };
      expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
    }
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    '%s as a SCIM path, filter, projection or address is an error or means nothing',
    async (name) => {
      await expectUntouched(async () => {
        expectScimError(await scim('GET', `/${name}`), 404);
        expectScimError(await scim('GET', `/Users/${name}`), 404);
        for (const query of [`filter=${name}%20eq%20%22x%22`, `filter=${name}.${name}%20pr`, `sortBy=${name}`]) {
          const answer = await scim('GET', `/Users?${query}`);
          if (answer.status !== 200) expectScimError(answer, 400, JSON.parse(answer.text).scimType as string);
        }
        const projected = await scim('GET', `/Users?attributes=${name}&excludedAttributes=`);
        expect(projected.status).toBeLessThan(500);
      });
    },
  );

  it.each(['__proto__', 'constructor', 'prototype'])('%s in a PATCH reaches no prototype', async (name) => {
    for (const operation of [
      { op: 'add', path: `${name}.polluted`, value: 1 },
      { op: 'replace', path: `name.${name}`, value: { polluted: 1 } },
      { op: 'replace', path: `urn:ietf:params:scim:schemas:core:2.0:User:${name}`, value: { polluted: 1 } },
    ]) {
      const answer = await scim('PATCH', `/Users/${user.id}`, { body: patch(operation) });
      expect(answer.status).toBeLessThan(500);
    }
    expect((await scim('GET', '/ServiceProviderConfig')).text).not.toContain('polluted');
    expect((await api('GET', '/organizations')).text).not.toContain('polluted');
    const body = patch({ op: 'remove', path: name }, { op: 'remove', path: `name.${name}` });
    expect((await scim('PATCH', `/Users/${user.id}`, { body })).status).toBeLessThan(500);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty'])('%s as a field of the API is unknown', async (name) => {
    await expectUntouched(async () => {
      const body = `{"display_name":"x","${name}":{"prototype":{"polluted":1}}}`;
      expectApiError(await api('POST', '/organizations', { body }), 400, 'invalid_request');
      expectApiError(await api('GET', `/organizations?${name}=1`), 400, 'invalid_request');
      expectApiError(await api('GET', `/organizations/${name}`), 404, 'organization_not_found');
      expectApiError(await api('GET', `/${name}`), 404, 'not_found');
    });
  });

  it('in a body of the API sets nothing as __proto__, and is kept as any other in free metadata', async () => {
    const metadata = { constructor: { a: 1 }, toString: 'x' };
    const body = `{"display_name":"Plain","__proto__":{"external_id":"polluted"},"metadata":${json(metadata).replace('{', '{"__proto__":{"polluted":1},')}}`;
    const answer = await api('POST', '/organizations', { body });
    expect(answer.status).toBe(201);
    const { organization } = JSON.parse(answer.text) as { organization: { external_id: null; metadata: object } };
    expect(organization.external_id).toBe(null);
    expect(organization.metadata).toEqual(metadata);
    expect(answer.text).not.toContain('polluted');
  });
});

describe('the portal’s API', () => {
  it('refuses what comes without a session, from another site or as a form', async () => {
    const organization = await createPortalOrganization(rollcall, { name: 'Guarded' });
    const token = (await organization.newLink()).split('#')[1];
    const portal = (method: string, path: string, request: RawRequest = {}) =>
      sendRaw(rollcall.baseUrl, `/portal/api${path}`, {
        method,
        ...request,
        headers: { 'content-type': 'application/json', ...request.headers },
      });
    const open = (headers: Record<string, string> = {}) =>
      portal('POST', '/session', { headers, body: json({ link_token: token }) });

    expectApiError(await portal('GET', '/session'), 401, 'session_missing');
    expectApiError(await portal('GET', '/directories', { headers: { cookie: 'rollcall_portal=x' } }), 401, /^session_/);
    expectApiError(await portal('GET', '/nothing'), 404, 'not_found');
    expectApiError(await portal('POST', '/session', { body: '{' }), 400, 'malformed_json');
    expectApiError(await portal('POST', '/session', { body: json({ link_token: 7 }) }), 400, 'invalid_request');
    expectApiError(await portal('POST', '/session', { body: json({ link_token: 'x' }) }), 404, 'link_unknown');
    expectApiError(await open({ origin: 'https://evil.example' }), 403, 'foreign_origin');
    expectApiError(await open({ 'content-type': 'text/plain' }), 415, 'unsupported_media_type');
    // None of these has spent the link.
    expect((await open()).status).toBe(200);
    expectApiError(await open(), 410, 'link_used');
  });
});

describe('after all of this', () => {
  it('the server is the same process, ready, and has logged no fault of its own', async () => {
    expect((await sendRaw(rollcall.baseUrl, '/readyz')).status).toBe(200);
    expect(rollcall.output()).not.toContain('a process has ended');
    expect(rollcall.output()).not.toContain('request failed');
    expect(rollcall.output()).not.toContain(directory.token);
  });

  it('no refused request has become an event', async () => {
    const last = JSON.parse((await scim('POST', '/Users', { body: json({ userName: 'the last' }) })).text) as {
      id: string;
    };
    const events = await waitUntil(async () => {
      const found = await readAllEvents(directory);
      return found.some(({ resourceId }) => resourceId === `diruser_${last.id}`) ? found : null;
    });
    expect(events.map(({ type }) => type.replace('organization.directory', ''))).toEqual([
      '_created',
      '.user_created',
      '.group_created',
      '.group_members_changed',
      '.user_updated',
      '_disabled',
      '_enabled',
      '.user_created',
      '.user_deleted',
      '.user_created',
    ]);
  });
});

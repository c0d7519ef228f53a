import { describe, expect, it } from 'vitest';
import {
  accessToken,
  api,
  directory,
  expectApiError,
  expectUntouched,
  json,
  MEGABYTE,
  NOBODY,
  rollcall,
  useServer,
} from './support/bad-input';
import { createPortalOrganization } from './support/open-portal';
import { type RawRequest, sendRaw } from './support/send-raw';

useServer();

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
  });
});

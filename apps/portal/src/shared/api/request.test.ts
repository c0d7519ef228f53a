import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PortalError } from './portal-error';
import { request } from './request';

/** What the server answers, and what it was asked: method, path and the tag that the asker knows. */
const state = {
  status: 200,
  body: { users: ['Ada'] } as object,
  etag: 'W/"1"' as string | null,
  retryAfter: null as string | null,
};
const asked: [string, string, string | undefined][] = [];

beforeAll(() => {
  // Node.js 20 has none.
  vi.stubGlobal('navigator', { onLine: true });
  vi.stubGlobal('fetch', (url: string, { method, headers }: { method: string; headers: Record<string, string> }) => {
    const known = headers['if-none-match'];
    asked.push([method, url, known]);
    const tag = new Headers(state.etag === null ? [] : [['etag', state.etag]]);
    if (state.retryAfter !== null) tag.set('retry-after', state.retryAfter);
    const isKnown = state.status === 200 && known !== undefined && known === state.etag;
    const body = isKnown ? null : JSON.stringify(state.body);
    return Promise.resolve(new Response(body, { headers: tag, status: isKnown ? 304 : state.status }));
  });
});

afterAll(() => void vi.unstubAllGlobals());

beforeEach(async () => {
  Object.assign(state, { status: 200, body: { users: ['Ada'] }, etag: 'W/"1"', retryAfter: null });
  await request('DELETE', '/session');
  asked.length = 0;
});

const knownTags = () => asked.map(([, , known]) => known);

describe('what is read again', () => {
  it('is the very object that it was while the server says that nothing has changed', async () => {
    const first = await request('GET', '/users', { query: { page_size: 20 } });
    expect(await request('GET', '/users', { query: { page_size: 20 } })).toBe(first);
    expect(knownTags()).toEqual([undefined, 'W/"1"']);
  });

  it('is what the server answers when something has', async () => {
    await request('GET', '/users');
    Object.assign(state, { body: { users: ['Grace'] }, etag: 'W/"2"' });
    expect(await request('GET', '/users')).toEqual({ users: ['Grace'] });
    expect(await request('GET', '/users')).toEqual({ users: ['Grace'] });
    expect(knownTags()).toEqual([undefined, 'W/"1"', 'W/"2"']);
  });

  it('is another thing at another address, query included', async () => {
    await request('GET', '/users');
    await request('GET', '/users', { query: { page_size: 20 } });
    await request('GET', '/groups');
    expect(knownTags()).toEqual([undefined, undefined, undefined]);
  });

  it('is not remembered without a tag', async () => {
    state.etag = null;
    await request('GET', '/users');
    await request('GET', '/users');
    expect(knownTags()).toEqual([undefined, undefined]);
  });
});

describe('what was read is forgotten', () => {
  it.each(['POST', 'DELETE'] as const)('when a session begins or ends: %s', async (method) => {
    await request('GET', '/users');
    await request(method, '/session');
    await request('GET', '/users');
    expect(knownTags()).toEqual([undefined, undefined, undefined]);
  });

  it.each([401, 403, 404, 409, 500, 503])('when the server answers %d', async (status) => {
    await request('GET', '/users');
    state.status = status;
    await expect(request('GET', '/groups')).rejects.toBeInstanceOf(PortalError);
    state.status = 200;
    await request('GET', '/users');
    expect(asked.at(-1)).toEqual(['GET', '/portal/api/users', undefined]);
  });

  it('not by a change, whose effect the server knows', async () => {
    await request('GET', '/users');
    await request('PATCH', '/users', { body: {} });
    await request('GET', '/users');
    expect(knownTags()).toEqual([undefined, undefined, 'W/"1"']);
  });
});

describe('a refusal', () => {
  it.each([
    ['3', 3_000],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    [null, undefined],
  ])('with Retry-After %s keeps how long to wait', async (value, retryAfterMs) => {
    Object.assign(state, { status: 429, retryAfter: value });
    const refusal = await request('GET', '/users').catch((error: unknown) => error);
    expect([(refusal as PortalError).status, (refusal as PortalError).retryAfterMs]).toEqual([429, retryAfterMs]);
  });
});

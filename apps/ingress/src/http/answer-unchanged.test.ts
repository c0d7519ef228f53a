import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeAnswer, fetchRaw } from '../testing/raw-answer';
import { answerUnchanged } from './answer-unchanged';
import { compressAnswers } from './compress-answers';

const server = fastify();
let url: string;
let users = ['Ada'];

beforeAll(async () => {
  server.decorateRequest('tenant', null);
  compressAnswers(server);
  answerUnchanged(server);
  server.get('/portal/api/users', () => ({ users }));
  server.get('/portal/api/none', (_request, reply) => reply.code(404).send({ error: {} }));
  server.post('/portal/api/users', () => ({ users }));
  server.get('/api/v1/users', () => ({ users }));
  url = await server.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(() => server.close());

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetchRaw(url + path, { method, headers });

async function tagOf(headers: Record<string, string> = {}): Promise<string> {
  return (await get('/portal/api/users', headers)).headers.etag ?? '';
}

describe('an answer that is polled', () => {
  it('has a weak tag, the same while it is the same and another when it is not', async () => {
    const tag = await tagOf();
    expect(tag).toMatch(/^W\/"[\w-]{43}"$/);
    expect(await tagOf()).toBe(tag);
    users = ['Ada', 'Grace'];
    expect(await tagOf()).not.toBe(tag);
  });

  it('is 304 without a body to one who has it, by a list, in the strong form or by *', async () => {
    const tag = await tagOf();
    for (const known of [tag, `"x", ${tag}`, tag.slice(2), '*', ` ${tag} , W/"y"`]) {
      const { status, headers, bytes } = await get('/portal/api/users', { 'if-none-match': known });
      expect([known, status, bytes.length]).toEqual([known, 304, 0]);
      expect(headers.etag).toBe(tag);
      expect(headers['content-type']).toBeUndefined();
      expect(headers['content-length']).toBeUndefined();
    }
  });

  it.each(['', '"x"', 'W/"x", "y"', 'x'.repeat(5_000), ',,,'])('is sent whole to one who knows %j', async (known) => {
    const { status, bytes } = await get('/portal/api/users', { 'if-none-match': known });
    expect([status, JSON.parse(bytes.toString())]).toEqual([200, { users }]);
  });

  it('has one tag in every coding, and is compressed where it is not known', async () => {
    users = Array.from({ length: 5_000 }, (_, n) => `user ${n}`);
    const gzip = { 'accept-encoding': 'gzip' };
    const [plain, coded] = [await get('/portal/api/users'), await get('/portal/api/users', gzip)];
    expect(coded.headers).toMatchObject({ etag: plain.headers.etag, 'content-encoding': 'gzip' });
    expect(decodeAnswer(coded).equals(plain.bytes)).toBe(true);
    const known = { ...gzip, 'if-none-match': plain.headers.etag ?? '' };
    const { status, headers, bytes } = await get('/portal/api/users', known);
    expect([status, headers['content-encoding'], bytes.length]).toEqual([304, undefined, 0]);
  });

  it.each([1, 5_000])('names what it depends on in a 304 as in a 200, with %d users', async (count) => {
    users = Array.from({ length: count }, (_, n) => `user ${n}`);
    const whole = await get('/portal/api/users');
    const unchanged = await get('/portal/api/users', { 'if-none-match': whole.headers.etag ?? '' });
    expect([whole.status, unchanged.status]).toEqual([200, 304]);
    expect(unchanged.headers.vary).toBe(whole.headers.vary);
  });

  it('is one of the management API where a page of the dashboard asks for it', async () => {
    const page = { 'rollcall-environment': 'env_1' };
    const { status, headers } = await get('/api/v1/users', page);
    expect([status, headers.etag]).toEqual([200, await tagOf()]);
    const again = await get('/api/v1/users', { ...page, 'if-none-match': headers.etag ?? '' });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
  });

  it('has its tag for HEAD too, which is 304 to one who has it', async () => {
    const tag = await tagOf();
    const head = await get('/portal/api/users', {}, 'HEAD');
    expect([head.status, head.headers.etag]).toEqual([200, tag]);
    const { status, headers } = await get('/portal/api/users', { 'if-none-match': tag }, 'HEAD');
    expect([status, headers.etag, headers['content-length']]).toEqual([304, tag, undefined]);
  });
});

it.each([
  ['an error', '/portal/api/none', 'GET'],
  ['an answer to a write', '/portal/api/users', 'POST'],
  ['an answer to an application', '/api/v1/users', 'GET'],
])('has no tag: %s', async (_what, path, method) => {
  const { status, headers } = await get(path, { 'if-none-match': '*' }, method);
  expect([status === 304, headers.etag]).toEqual([false, undefined]);
});

import { randomBytes } from 'node:crypto';
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeAnswer, fetchRaw } from '../testing/raw-answer';
import { codeBody, codeOnce, sendCoded } from './coded-body';

const BODY = Buffer.from(randomBytes(10_000).toString('hex'));

const server = fastify();
let url: string;

beforeAll(async () => {
  const body = await codeBody(BODY);
  server.get('/', (request, reply) =>
    sendCoded(request, reply.type('text/css').header('cache-control', 'public'), body),
  );
  url = await server.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(() => server.close());

const get = (headers: Record<string, string> = {}, method = 'GET') => fetchRaw(url, { method, headers });

describe('a body that stays the same', () => {
  it.each([
    ['br', 'gzip, br'],
    ['gzip', 'gzip, br;q=0.5'],
    [undefined, 'identity'],
  ])('is sent in the coding that is liked best, %s, with one tag in all', async (coding, accepted) => {
    const answer = await get({ 'accept-encoding': accepted });
    expect(answer.headers['content-encoding']).toBe(coding);
    expect(decodeAnswer(answer).equals(BODY)).toBe(true);
    expect(answer.headers.etag).toMatch(/^W\/"[\w-]{43}"$/);
    expect(answer.headers.etag).toBe((await get()).headers.etag);
  });

  it.each(['GET', 'HEAD'])('is 304 without a body to %s of one who has it', async (method) => {
    const { etag = '' } = (await get()).headers;
    for (const known of [etag, `"x", ${etag}`, '*']) {
      const { status, headers, bytes } = await get({ 'if-none-match': known, 'accept-encoding': 'gzip' }, method);
      expect([known, status, bytes.length]).toEqual([known, 304, 0]);
      expect(headers).toMatchObject({ etag, vary: 'accept-encoding', 'cache-control': 'public' });
      for (const name of ['content-type', 'content-encoding', 'content-length']) expect(headers[name]).toBeUndefined();
    }
  });

  it.each(['', '"x"', 'W/"x", "y"', ',,,'])('is sent whole to one who knows %j', async (known) => {
    const { status, bytes } = await get({ 'if-none-match': known });
    expect([status, bytes.equals(BODY)]).toEqual([200, true]);
  });
});

it('makes a body once, and again only when it could not be made', async () => {
  const outcomes = [() => Promise.reject(new Error('no such file')), () => Promise.resolve(BODY)];
  const body = codeOnce(async () => {
    const next = outcomes.shift();
    if (!next) throw new Error('asked once too often');
    return next();
  });
  await expect(Promise.all([body(), body()])).rejects.toThrow('no such file');
  const made = await body();
  expect(made.identity.equals(BODY)).toBe(true);
  expect(await body()).toBe(made);
});

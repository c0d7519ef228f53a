import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeAnswer, fetchRaw } from '../testing/raw-answer';
import { compressAnswers } from './compress-answers';
import { servePortal } from './serve-portal';

const SCRIPT = Buffer.from('export const answer = 42; // ü\n'.repeat(2_000));
const PICTURE = randomBytes(3_000);
const PAGE = Buffer.from(`<!doctype html><title>portal</title>${'<p>ü</p>'.repeat(300)}`);

const server = fastify();
let url: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-portal-'));
  await mkdir(join(folder, 'assets'));
  const files = {
    'index.html': PAGE,
    'assets/a-1.js': SCRIPT,
    'assets/a-1.js.br': brotliCompressSync(SCRIPT),
    'assets/a-1.js.gz': gzipSync(SCRIPT),
    'assets/b-1.png': PICTURE,
  };
  for (const [file, bytes] of Object.entries(files)) await writeFile(join(folder, file), bytes);
  compressAnswers(server);
  await servePortal(server, { folder, findFraming: () => Promise.resolve([]) });
  url = await server.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const get = (path: string, acceptEncoding?: string, more: Record<string, string> = {}, method = 'GET') => {
  const headers = { ...(acceptEncoding !== undefined && { 'accept-encoding': acceptEncoding }), ...more };
  return fetchRaw(url + path, { method, headers });
};

const CODINGS: [string | undefined, string | undefined][] = [
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['*', 'br'],
  ['gzip;q=0, *', 'br'],
  ['br;q=0, gzip;q=0, *', undefined],
  ['gzip;q=0', undefined],
  ['identity', undefined],
  ['deflate, zstd', undefined],
  ['', undefined],
  [undefined, undefined],
];

describe.each([
  ['an asset', '/assets/a-1.js', SCRIPT, /javascript/],
  ['the page', '/portal', PAGE, /^text\/html/],
  ['the page below its address', '/portal/directories/x', PAGE, /^text\/html/],
])('%s', (_what, path, bytes, type) => {
  it.each(CODINGS)('comes to a client that says %j in %j, and is the same', async (accept, coding) => {
    const answer = await get(path, accept);
    expect([answer.status, answer.headers['content-encoding']]).toEqual([200, coding]);
    expect(answer.headers.vary).toBe('accept-encoding');
    expect(answer.headers['content-type']).toMatch(type);
    expect(answer.headers['content-length']).toBe(String(answer.bytes.length));
    expect(decodeAnswer(answer).equals(bytes)).toBe(true);
  });

  it.each(['br', 'gzip', 'identity'])('has the same headers for HEAD in %s, and no body', async (accept) => {
    const [got, head] = [await get(path, accept), await get(path, accept, {}, 'HEAD')];
    expect(head.bytes).toHaveLength(0);
    expect({ ...head.headers, date: '' }).toEqual({ ...got.headers, date: '' });
  });
});

describe('an asset', () => {
  it.each(['br', 'gzip', 'identity'])('may be kept for ever in %s', async (accept) => {
    const { headers } = await get('/assets/a-1.js', accept);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it.each([
    ['br', brotliCompressSync(SCRIPT)],
    ['gzip', gzipSync(SCRIPT)],
    ['identity', SCRIPT],
  ])('is read in parts of what it is in %s', async (accept, whole) => {
    const { status, headers, bytes } = await get('/assets/a-1.js', accept, { range: 'bytes=5-19' });
    expect([status, headers['content-range']]).toEqual([206, `bytes 5-19/${whole.length}`]);
    expect(bytes).toEqual(whole.subarray(5, 20));
  });

  it('is 304 to one who has it in that coding', async () => {
    const { headers } = await get('/assets/a-1.js', 'br');
    const again = await get('/assets/a-1.js', 'br', { 'if-none-match': headers.etag ?? '' });
    expect([again.status, again.bytes.length, again.headers.vary]).toEqual([304, 0, 'accept-encoding']);
    expect((await get('/assets/a-1.js', 'gzip', { 'if-none-match': headers.etag ?? '' })).status).toBe(200);
  });

  it('without a compressed form comes as it is', async () => {
    const answer = await get('/assets/b-1.png', 'gzip, br');
    expect([answer.status, answer.headers['content-encoding']]).toEqual([200, undefined]);
    expect(answer.bytes.equals(PICTURE)).toBe(true);
  });

  it('that is not there is 404', async () => {
    for (const path of ['/assets/none.js', '/assets/', '/assets/%2e%2e/index.html']) {
      expect((await get(path, 'gzip, br')).status).toBeGreaterThanOrEqual(400);
    }
  });
});

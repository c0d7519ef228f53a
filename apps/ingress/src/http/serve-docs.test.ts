import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeAnswer, fetchRaw } from '../testing/raw-answer';
import { serveDocs } from './serve-docs';

const BROWSER = { accept: 'text/html,application/xhtml+xml' };
const FILES = {
  'index.html': '<!doctype html><title>start</title>',
  'index.md': '# Start\n',
  'concepts/ordering.html': `<!doctype html><title>ordering</title>${'<p>ü</p>'.repeat(300)}`,
  'concepts/ordering.md': '# Ordering\n',
  'assets/docs-1.css': 'p { color: red }\n'.repeat(100),
  '404.html': '<!doctype html><title>missing</title>',
  'llms.txt': '# Rollcall\n',
  'linked.html': '<a href="/docs/index.md">x</a> <a href="https://example.com/">y</a> <a href="#z">z</a>',
  'linked.md': '[x](/docs/index.md) [y](https://example.com/) a (/b)',
};

let server: FastifyInstance;
let url: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-docs-'));
  for (const name of ['concepts', 'assets']) await mkdir(join(folder, name));
  for (const [file, text] of Object.entries(FILES)) await writeFile(join(folder, file), text);
  server = fastify();
  await serveDocs(server, { folder, publicUrl: 'https://rollcall.example.com/sync/' });
  url = await server.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetchRaw(url + path, { method, headers });

describe('the documentation', () => {
  it.each([
    ['/docs', 'index.html', 'text/html; charset=utf-8'],
    ['/docs/', 'index.html', 'text/html; charset=utf-8'],
    ['/docs?theme=dark', 'index.html', 'text/html; charset=utf-8'],
    ['/docs/index.md', 'index.md', 'text/markdown; charset=utf-8'],
    ['/docs/concepts/ordering', 'concepts/ordering.html', 'text/html; charset=utf-8'],
    ['/docs/concepts/ordering.md', 'concepts/ordering.md', 'text/markdown; charset=utf-8'],
    ['/docs/assets/docs-1.css', 'assets/docs-1.css', 'text/css; charset=utf-8'],
    ['/llms.txt', 'llms.txt', 'text/plain; charset=utf-8'],
  ] as const)('has at %s what is in %s, in the coding that is asked for', async (path, file, type) => {
    for (const coding of ['br', 'gzip', 'identity']) {
      const answer = await get(path, { 'accept-encoding': coding });
      expect([answer.status, answer.headers['content-type']]).toEqual([200, type]);
      expect(answer.headers['content-encoding'] ?? 'identity').toBe(coding);
      expect(decodeAnswer(answer).toString()).toBe(FILES[file]);
    }
    const head = await get(path, {}, 'HEAD');
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
  });

  it('loads its own files alone, runs no script of others, and cannot be framed', async () => {
    const { headers } = await get('/docs');
    expect(headers['content-security-policy']).toContain(`default-src 'none'`);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' });
  });

  it('is asked for each time and not sent again; what is named after its content is kept for ever', async () => {
    const { headers } = await get('/docs/concepts/ordering');
    expect(headers['cache-control']).toBe('no-cache');
    const again = await get('/docs/concepts/ordering', { 'if-none-match': headers.etag ?? '' });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    const styles = await get('/docs/assets/docs-1.css');
    expect(styles.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it.each(['/docs/none', '/docs/concepts', '/docs/..%2f..%2fpackage.json', '/docs/assets/'])(
    'shows a browser that there is no %s, and tells a program',
    async (path) => {
      const shown = await get(path, BROWSER);
      expect([shown.status, decodeAnswer(shown).toString()]).toEqual([404, FILES['404.html']]);
      const told = await get(path, { accept: 'application/json' });
      expect([told.status, told.headers['content-type']]).toEqual([404, expect.stringContaining('json')]);
    },
  );

  it('is found below the path of the public URL, where that has one', () => {
    expect(server.documentation?.base).toBe('https://rollcall.example.com/sync');
  });

  it('has links that lead below that path', async () => {
    const read = async (path: string) => decodeAnswer(await get(path)).toString();
    expect(await read('/docs/linked')).toBe(
      '<a href="/sync/docs/index.md">x</a> <a href="https://example.com/">y</a> <a href="#z">z</a>',
    );
    expect(await read('/docs/linked.md')).toBe('[x](/sync/docs/index.md) [y](https://example.com/) a (/b)');
  });

  it('says that a page is missing also to who has the page that says so', async () => {
    const { headers } = await get('/docs/none', BROWSER);
    const again = await get('/docs/none', { ...BROWSER, 'if-none-match': headers.etag ?? '*' });
    expect(again.status).toBe(404);
  });

  it('is not served where it was not built', async () => {
    const bare = fastify();
    await serveDocs(bare, { folder: '/nonexistent', publicUrl: 'https://rollcall.example.com' });
    await serveDocs(bare, { folder: undefined, publicUrl: 'https://rollcall.example.com' });
    expect(bare.documentation).toBeUndefined();
    expect((await bare.inject('/docs')).statusCode).toBe(404);
  });
});

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { fetchRaw } from '../testing/raw-answer';
import { startTestIngress } from '../testing/start-test-ingress';
import type { TestIngress } from '../testing/start-test-ingress';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';
const TEMPLATE = '<!doctype html><title>{{title}}</title><body class="built"><h1>{{title}}</h1>{{content}}</body>';

let databases: TestDatabase[];
let built: TestIngress;
/** Where the portal was not built. */
let bare: TestIngress;

beforeAll(async () => {
  const portalFolder = await mkdtemp(join(tmpdir(), 'rollcall-pages-'));
  await writeFile(join(portalFolder, 'index.html'), '<!doctype html><title>portal</title>');
  await writeFile(join(portalFolder, 'message.html'), TEMPLATE);
  databases = [
    await createTestDatabase({ migrate: migrateDatabase }),
    await createTestDatabase({ migrate: migrateDatabase }),
  ];
  built = await startTestIngress(databases[0]!, { portalFolder });
  bare = await startTestIngress(databases[1]!);
});

afterAll(async () => {
  await Promise.all([built.stop(), bare.stop()]);
  await Promise.all(databases.map((database) => database.drop()));
});

async function ask(
  path: string,
  { accept, method, on = built }: { accept?: string; method?: string; on?: TestIngress } = {},
) {
  const headers: Record<string, string> = accept === undefined ? {} : { accept };
  const { status, headers: answered, bytes } = await fetchRaw(on.baseUrl + path, { method, headers });
  return { status, headers: answered, text: bytes.toString() };
}

function expectPage({ headers, text }: Awaited<ReturnType<typeof ask>>, title: string): void {
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['content-security-policy']).toContain(`default-src 'none'; script-src 'self'; style-src 'self'`);
  expect(headers['content-security-policy']).toContain(`frame-ancestors 'none'`);
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
  });
  expect(text).toContain(`<title>${title}</title>`);
  expect(text).toContain(`<h1>${title}</h1>`);
  expect(text).not.toMatch(/\{\{|<script|style=|<style/);
}

describe('at / a browser', () => {
  it.each(['GET', 'HEAD'])('is led to the dashboard by %s, and asks again the next time', async (method) => {
    const { status, headers, text } = await ask('/', { accept: BROWSER, method });
    expect([status, headers.location, text]).toEqual([302, '/dashboard', '']);
    expect(headers).toMatchObject({ vary: 'accept', 'cache-control': 'no-store' });
  });

  it.each([undefined, '*/*', 'application/json', 'application/json, text/html;q=0.9', 'text/html;q=0, */*'])(
    'is no program, which says %j and is told that nothing is there',
    async (accept) => {
      const { status, headers, text } = await ask('/', { accept });
      expect([status, headers.vary]).toEqual([404, 'accept']);
      expect(JSON.parse(text)).toMatchObject({ error: { code: 'not_found' } });
    },
  );
});

describe('a path that nothing is at', () => {
  it.each([
    '/foo',
    '/dashboards',
    '/portal2',
    '/foo/bar?x=1',
    '/scimitar',
    '/apiary',
    '/index.html',
    '/assets/none.js',
  ])('is a page to a browser: %s', async (path) => {
    const page = await ask(path, { accept: BROWSER });
    expect([page.status, page.headers.vary]).toEqual([404, 'accept']);
    expectPage(page, 'This page does not exist');
    expect(page.text).toContain('href="/"');
  });

  it.each(['/foo', '/dashboards', '/portal2'])('is JSON to a program: %s', async (path) => {
    const { status, headers, text } = await ask(path, { accept: '*/*' });
    expect([status, headers.vary, headers['content-type']]).toEqual([404, 'accept', 'application/json; charset=utf-8']);
    const request_id = headers['x-request-id'];
    expect(JSON.parse(text)).toEqual({ error: { code: 'not_found', message: expect.any(String), request_id } });
  });

  it('is not shown on its page', async () => {
    const { text } = await ask('/%3Cscript%3Ealert(1)?secret=hunter2', { accept: BROWSER });
    expect(text).not.toMatch(/alert|hunter2|script/i);
  });

  it('is a page for HEAD too, and JSON for what is no reading', async () => {
    const head = await ask('/foo', { accept: BROWSER, method: 'HEAD' });
    expect([head.status, head.headers['content-type'], head.text]).toEqual([404, 'text/html; charset=utf-8', '']);
    const { status, headers } = await ask('/foo', { accept: BROWSER, method: 'DELETE' });
    expect([status, headers['content-type']]).toEqual([404, 'application/json; charset=utf-8']);
  });

  it('is a page where the path cannot be read', async () => {
    const page = await ask('/%zz', { accept: BROWSER });
    expect(page.status).toBe(400);
    expectPage(page, 'That did not work');
  });
});

describe('an API keeps the form of its errors, whoever asks', () => {
  it.each([
    ['/api/v1/nothing', 404, 'application/json; charset=utf-8'],
    ['/api/v1/organizations', 401, 'application/json; charset=utf-8'],
    ['/api', 404, 'application/json; charset=utf-8'],
    ['/API/v1', 404, 'application/json; charset=utf-8'],
    ['/api/v1/%zz', 400, 'application/json; charset=utf-8'],
    ['/portal/api/session', 401, 'application/json; charset=utf-8'],
    ['/portal/api/nothing', 404, 'application/json; charset=utf-8'],
    ['//portal//api/nothing', 404, 'application/json; charset=utf-8'],
    ['/dashboard/api/nothing', 404, 'application/json; charset=utf-8'],
    ['//dashboard//api/nothing', 404, 'application/json; charset=utf-8'],
    ['/oauth/token', 405, 'application/json; charset=utf-8'],
    ['/oauth/nothing', 404, 'application/json; charset=utf-8'],
    ['/scim/x/v2/Users', 401, 'application/scim+json'],
    ['/scim', 404, 'application/scim+json'],
  ])('%s', async (path, status, type) => {
    const answer = await ask(path, { accept: BROWSER });
    expect([answer.status, answer.headers['content-type']]).toEqual([status, type]);
    expect(answer.headers['content-security-policy']).toBe(`default-src 'none'; frame-ancestors 'none'`);
  });
});

describe('where the portal was not built', () => {
  it.each(['/portal', '/portal/open', '/dashboard', '/dashboard/sign-in'])(
    '%s says so on a page to a browser',
    async (path) => {
      const page = await ask(path, { accept: BROWSER, on: bare });
      expect(page.status).toBe(503);
      expectPage(page, 'The portal is not there yet');
      expect(page.text).toContain('npm run build');
    },
  );

  it('says so in JSON to a program', async () => {
    const { status, text } = await ask('/portal', { accept: '*/*', on: bare });
    expect([status, JSON.parse(text)]).toMatchObject([503, { error: { code: 'portal_not_built' } }]);
  });

  it('has its page of what is not there all the same', async () => {
    expectPage(await ask('/foo', { accept: BROWSER, on: bare }), 'This page does not exist');
  });
});

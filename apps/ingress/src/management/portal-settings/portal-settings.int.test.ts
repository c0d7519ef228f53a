import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { connectPortal } from '../../portal-api/testing/connect-portal';
import { startApi } from '../testing/start-api';
import type { ErrorBody, TestApi } from '../testing/start-api';
import type { PortalSettingsItem } from './portal-settings.dto';

const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(100)]);

const NOTHING_SET = {
  display_name: null,
  logo_url: null,
  logo_path: null,
  accent_color: null,
  support_contact: null,
  allowed_origins: [],
  admin_may_map_roles: false,
  admin_may_map_attributes: false,
} satisfies PortalSettingsItem;

let test: TestApi;
let strict: TestApi;
let host: Server;
let hostUrl: string;
/** What was asked for of the owner's server. */
const asked: string[] = [];

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
  });
  strict = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  host = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/logo.png') return response.end(PNG);
    if (request.url === '/page.png') return response.end('<script>alert(1)</script>');
    if (request.url === '/large.png') return response.end(Buffer.concat([PNG, Buffer.alloc(300 * 1024)]));
    if (request.url === '/moved.png') return response.writeHead(302, { location: '/logo.png' }).end();
    return response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  hostUrl = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
});

afterAll(async () => {
  host.close();
  await Promise.all([test.stop(), strict.stop()]);
});

const put = <Body = PortalSettingsItem>(body: object, on = test) => on.api.call<Body>('PUT', '/portal_settings', body);
const get = async (on = test.api) => (await on.call<PortalSettingsItem>('GET', '/portal_settings')).body;

describe('portal settings', () => {
  it('have a value each before anything was set', async () => {
    expect(await get(strict.api)).toEqual(NOTHING_SET);
  });

  it('are as they were sent, and what was not sent is as if it had never been', async () => {
    const settings = {
      display_name: 'Harborlight',
      accent_color: '#2563eb',
      support_contact: 'help@harborlight.test',
      allowed_origins: ['https://app.harborlight.test', 'http://localhost:3000'],
      admin_may_map_roles: true,
    };
    const answer = await put({ ...settings, accent_color: '#2563EB' });
    expect(answer).toMatchObject({ status: 200, body: { ...NOTHING_SET, ...settings } });
    expect(await get()).toEqual(answer.body);
    expect((await put(answer.body)).body).toEqual(answer.body);
    expect((await put({ display_name: 'Harborlight' })).body).toEqual({ ...NOTHING_SET, display_name: 'Harborlight' });
  });

  it('are those of their environment alone', async () => {
    await put({ display_name: 'Harborlight' });
    expect(await get(test.foreign)).toEqual(NOTHING_SET);
  });

  it.each([
    [{ accent_color: 'red' }, /"accent_color" must be a color/],
    [{ accent_color: '#fff' }, /"accent_color" must be a color/],
    [{ allowed_origins: ['https://*.harborlight.test'] }, /"allowed_origins" must be a list/],
    [{ allowed_origins: ["https://a.test;script-src'self'"] }, /"allowed_origins" must be a list/],
    [{ allowed_origins: ['http://app.harborlight.test'] }, /"allowed_origins" must be a list/],
    [{ allowed_origins: Array.from({ length: 21 }, (_, i) => `https://a${i}.test`) }, /at most 20/],
    [{ display_name: 'a\u202Eb' }, /"display_name" must be a text/],
    [{ display_name: 'x'.repeat(81) }, /"display_name" must be a text/],
    [{ logo: 'x' }, /"logo" is not a known field/],
  ])('refuse %j', async (body, message) => {
    const answer = await put<ErrorBody>(body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toMatch(message);
  });
});

describe('a logo', () => {
  it('is fetched once and shown from this server, where nothing in it runs', async () => {
    const portal = connectPortal(test);
    await put({ logo_url: `${hostUrl}/logo.png` });
    const count = asked.length;
    await put({ logo_url: `${hostUrl}/logo.png`, display_name: 'Harborlight' });
    expect(asked.length).toBe(count);
    const { cookie } = await portal.openSession();
    const { body } = await portal.call<{ portal: { logo_path: string } }>('GET', '/session', { cookie });
    const shown = await fetch(`${test.ingress.baseUrl}${body.portal.logo_path}`);
    expect(Buffer.from(await shown.arrayBuffer()).equals(PNG)).toBe(true);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it('is gone when it is taken away', async () => {
    const portal = connectPortal(test);
    await put({ logo_url: `${hostUrl}/logo.png` });
    const { cookie } = await portal.openSession();
    const { body } = await portal.call<{ portal: { logo_path: string } }>('GET', '/session', { cookie });
    await put({ logo_url: null });
    expect((await fetch(`${test.ingress.baseUrl}${body.portal.logo_path}`)).status).toBe(404);
  });

  it.each([
    ['/page.png', /no PNG, JPEG or WebP/],
    ['/large.png', /larger than 200 kB/],
    ['/moved.png', /leads to another one/],
    ['/nothing.png', /status 404/],
  ])('is refused at %s, and what was set before stays', async (path, message) => {
    await put({ display_name: 'Before' });
    const answer = await put<ErrorBody>({ display_name: 'After', logo_url: `${hostUrl}${path}` });
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'logo_refused' } } });
    expect(answer.body.error.message).toMatch(message);
    expect((await get()).display_name).toBe('Before');
  });

  it.each(['http://169.254.169.254/latest/meta-data', 'https://127.0.0.1/logo.png', 'https://localhost/logo.png'])(
    'is not looked for at %s, which is no address of the internet',
    async (logo_url) => {
      const answer = await put<ErrorBody>({ logo_url }, strict);
      expect(answer).toMatchObject({ status: 422, body: { error: { code: 'logo_refused' } } });
    },
  );
});

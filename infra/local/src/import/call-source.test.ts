import { serveJson } from '@rollcall/testing';
import type { JsonAnswer, JsonServer } from '@rollcall/testing';
import { afterEach, expect, it } from 'vitest';
import { readScalekit } from './read-scalekit';
import { readWorkos } from './read-workos';
import type { Source } from './source';

const servers: JsonServer[] = [];

async function serve(answer: (path: string) => JsonAnswer): Promise<{ baseUrl: string; asked: string[] }> {
  const asked: string[] = [];
  const server = await serveJson((_, url) => {
    asked.push(url.pathname);
    return answer(url.pathname);
  });
  servers.push(server);
  return { baseUrl: server.baseUrl, asked };
}

const scalekit = (baseUrl: string): Source =>
  readScalekit(baseUrl, { clientId: 'skc_1', clientSecret: 'secret' }, () => undefined);
const workos = (baseUrl: string): Source => readWorkos(baseUrl, 'sk_live_1', () => undefined);

const TOKEN: JsonAnswer = { body: { access_token: 'token' } };

async function readAll(source: Source): Promise<void> {
  for await (const organization of source.readOrganizations()) expect(organization).toHaveProperty('id');
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

it.each([307, 302])('sends credentials to nobody but the source, which answers %i', async (status) => {
  const other = await serve(() => TOKEN);
  const source = await serve((path) => ({ status, body: {}, headers: { location: `${other.baseUrl}${path}` } }));
  await expect(scalekit(source.baseUrl).readRoles()).rejects.toThrow(
    'POST /oauth/token was answered with a redirect, which is not followed.',
  );
  await expect(workos(source.baseUrl).readRoles()).rejects.toThrow(
    'GET /authorization/roles was answered with a redirect, which is not followed.',
  );
  expect(source.asked).toEqual(['/oauth/token', '/authorization/roles']);
  expect(other.asked).toEqual([]);
});

it('ends at a list that comes back to a page of before', async () => {
  let pages = 0;
  const organization = () => ({ id: `org_${(pages += 1)}` });
  const same = await serve((path) => {
    if (path === '/directories') return { body: { data: [] } };
    return { body: { data: [organization()], list_metadata: { after: 'org_1' } } };
  });
  await expect(readAll(workos(same.baseUrl))).rejects.toThrow('GET /organizations has no end');
  expect(same.asked).toEqual(['/directories', '/organizations', '/organizations']);

  const first = await serve((path) => {
    if (path === '/oauth/token') return TOKEN;
    if (path.endsWith('/directories')) return { body: {} };
    return { body: { organizations: [{ id: 'org_1' }], next_page_token: organization().id } };
  });
  await expect(readAll(scalekit(first.baseUrl))).rejects.toThrow('GET /api/v1/organizations has no end');
});

it('reads no answer that is larger than any page', async () => {
  const { baseUrl } = await serve(() => ({ body: { data: [], filler: 'x'.repeat(17 * 1_024 * 1_024) } }));
  await expect(workos(baseUrl).readRoles()).rejects.toThrow('was answered with more than 16777216 bytes');
});

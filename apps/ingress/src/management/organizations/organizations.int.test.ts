import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { createEnvironment, migrateDatabase } from '@rollcall/database';
import { startTestIngress } from '../../testing/start-test-ingress';
import type { TestIngress } from '../../testing/start-test-ingress';
import { connectApi } from '../testing/api-client';
import type { ApiClient } from '../testing/api-client';
import type { OrganizationAnswer, OrganizationItem, OrganizationList } from './organization.dto';

let database: TestDatabase;
let ingress: TestIngress;
let api: ApiClient;
let foreign: ApiClient;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  ingress = await startTestIngress(database);
  api = await connectApi(ingress.baseUrl, ingress.credentials);
  const other = await newEnvironment('Other');
  foreign = await connectApi(ingress.baseUrl, other);
});

afterAll(async () => {
  await ingress.stop();
  await database.drop();
});

const newEnvironment = (name: string) => createEnvironment({ ownerUrl: database.ownerUrl, keys: ingress.keys, name });

const create = async (body: object = { display_name: 'Acme' }, client = api): Promise<OrganizationItem> =>
  (await client.call<OrganizationAnswer>('POST', '/organizations', body)).body.organization;

interface ErrorBody {
  error: { code: string; message: string; details?: { fields?: { field: string; problem: string }[] } };
}

describe('POST /organizations', () => {
  it('answers 201 with the organization, Directory Sync off', async () => {
    const body = {
      display_name: 'Acme',
      external_id: 'acme-1',
      metadata: { plan: 'pro', seats: 5, escape: '\\u0000' },
    };
    const { status, body: answer } = await api.call<OrganizationAnswer>('POST', '/organizations', body);
    expect(status).toBe(201);
    expect(answer.organization).toEqual({
      id: expect.stringMatching(/^org_[0-9a-hjkmnp-tv-z]{26}$/),
      ...body,
      create_time: expect.stringMatching(/^\d{4}-.*Z$/),
      update_time: expect.any(String),
      settings: { features: [{ name: 'dir_sync', enabled: false }] },
    });
  });

  it('takes a second organization with the same external_id as a conflict', async () => {
    await create({ display_name: 'A', external_id: 'twice' });
    const { status, body } = await api.call<ErrorBody>('POST', '/organizations', {
      display_name: 'B',
      external_id: 'twice',
    });
    expect(status).toBe(409);
    expect(body.error.code).toBe('external_id_taken');
  });

  it('lets two environments use the same external_id', async () => {
    await create({ display_name: 'A', external_id: 'shared' });
    await expect(create({ display_name: 'B', external_id: 'shared' }, foreign)).resolves.toMatchObject({
      external_id: 'shared',
    });
  });

  it.each([
    ['an unknown field', { display_name: 'A', nmae: 'x' }, /"nmae" is not a known field; known here: display_name,/],
    ['a missing field', {}, /"display_name" must be a text of 1 to 200 characters/],
    ['a wrong type', { display_name: 7 }, /"display_name" must be a text/],
    ['null where nothing can be cleared', { display_name: null }, /"display_name" must be a text/],
    ['an over-long text', { display_name: 'x'.repeat(201) }, /"display_name" must be a text of 1 to 200/],
    ['an empty text', { display_name: '' }, /"display_name" must be a text of 1 to 200/],
    ['a text PostgreSQL cannot store', { display_name: 'a\0b' }, /"display_name" must be a text/],
    ['metadata that is no object', { display_name: 'A', metadata: ['x'] }, /"metadata" must be an object/],
    ['metadata with a NUL', { display_name: 'A', metadata: { x: ['\0'] } }, /"metadata" must be an object/],
    ['too much metadata', { display_name: 'A', metadata: { x: 'x'.repeat(20_000) } }, /"metadata" must be an object/],
  ])('refuses %s with 400 and says what is allowed', async (_, input, message) => {
    const { status, body } = await api.call<ErrorBody>('POST', '/organizations', input);
    expect(status).toBe(400);
    expect(body.error.code).toBe('invalid_request');
    expect(body.error.message).toMatch(message);
    expect(body.error.details?.fields).toHaveLength(1);
  });

  it('refuses a body that is no object', async () => {
    expect((await api.call('POST', '/organizations', [])).status).toBe(400);
    expect((await api.call('POST', '/organizations', 'x')).status).toBe(400);
  });
});

it('keeps what the application says of an organization, and removes it again', async () => {
  const said = { slug: 'acme', logo_url: 'https://acme.example/logo.png', region_code: 'EU' };
  const { id, ...made } = await create({ display_name: 'Acme', ...said });
  expect(made).toMatchObject(said);
  const change = async (body: object) =>
    (await api.call<OrganizationAnswer>('PATCH', `/organizations/${id}`, body)).body.organization;
  expect(await change({ slug: 'acme-2' })).toMatchObject({ ...said, slug: 'acme-2' });
  const bare = await change({ slug: null, logo_url: null, region_code: null });
  for (const name of Object.keys(said)) expect(bare).not.toHaveProperty(name);
  expect((await api.call('PATCH', `/organizations/${id}`, { region_code: 'MOON' })).status).toBe(400);
});

it('is searched for, and changed by the application’s own id', async () => {
  const mine = await connectApi(ingress.baseUrl, await newEnvironment('Searching'));
  const { id } = await create({ display_name: 'Umbrella', external_id: 'um/1' }, mine);
  await create({ display_name: 'Other' }, mine);
  const found = await mine.call<OrganizationList>('GET', '/organizations:search?query=BREL');
  expect(found.body).toMatchObject({ organizations: [{ id }], total_size: 1 });
  expect((await mine.call('GET', '/organizations:search')).status).toBe(400);
  const path = `/organizations:external/${encodeURIComponent('um/1')}`;
  const changed = await mine.call<OrganizationAnswer>('PATCH', path, { display_name: 'Umbrella AG' });
  expect(changed.body.organization).toMatchObject({ id, display_name: 'Umbrella AG', external_id: 'um/1' });
  expect((await foreign.call('PATCH', path, { display_name: 'Stolen' })).status).toBe(404);
});

describe('GET /organizations', () => {
  it('pages forward and back with tokens that are empty at the ends', async () => {
    const mine = await connectApi(ingress.baseUrl, await newEnvironment('Paging'));
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await create({ display_name: name }, mine);
    const page = async (query: string) =>
      (await mine.call<OrganizationList>('GET', `/organizations?page_size=2${query}`)).body;
    const shown = (list: OrganizationList) => list.organizations.map((item) => item.display_name);

    const first = await page('');
    expect([shown(first), first.total_size, first.prev_page_token]).toEqual([['a', 'b'], 5, '']);
    const second = await page(`&page_token=${first.next_page_token}`);
    expect(shown(second)).toEqual(['c', 'd']);
    const third = await page(`&page_token=${second.next_page_token}`);
    expect([shown(third), third.next_page_token]).toEqual([['e'], '']);
    const back = await page(`&page_token=${third.prev_page_token}`);
    expect(shown(back)).toEqual(['c', 'd']);
    const start = await page(`&page_token=${back.prev_page_token}`);
    expect([shown(start), start.prev_page_token]).toEqual([['a', 'b'], '']);
    expect(start.next_page_token).not.toBe('');
  });

  it('begins at its end when it is asked for the last page', async () => {
    const mine = await connectApi(ingress.baseUrl, await newEnvironment('Last page'));
    for (const name of ['a', 'b', 'c']) await create({ display_name: name }, mine);
    const page = async (token: string) =>
      (await mine.call<OrganizationList>('GET', `/organizations?page_size=2&page_token=${token}`)).body;
    const last = await page('last');
    expect([last.organizations.map((item) => item.display_name), last.next_page_token]).toEqual([['b', 'c'], '']);
    const before = await page(last.prev_page_token);
    expect([before.organizations.map((item) => item.display_name), before.prev_page_token]).toEqual([['a'], '']);
    expect((await mine.call('GET', '/audit_log?page_token=last')).status).toBe(400);
  });

  it.each(['page_size=0', 'page_size=101', 'page_size=x', 'page_token=AAAA', 'pagesize=3'])(
    'refuses %s with 400',
    async (query) => {
      expect((await api.call('GET', `/organizations?${query}`)).status).toBe(400);
    },
  );

  it('refuses a page token of another environment', async () => {
    const { body } = await api.call<OrganizationList>('GET', '/organizations?page_size=1');
    expect(body.next_page_token).not.toBe('');
    const { status } = await foreign.call('GET', `/organizations?page_token=${body.next_page_token}`);
    expect(status).toBe(400);
  });

  it('finds by a part of the name or of the external id in any case, by the id, and nothing of another environment', async () => {
    const mine = await connectApi(ingress.baseUrl, await newEnvironment('Searching'));
    const acme = await create({ display_name: 'Acme Ägypten', external_id: 'cust-17' }, mine);
    const globex = await create({ display_name: 'Globex 100%' }, mine);
    const find = async (search: string, client = mine) => {
      const query = new URLSearchParams({ search }).toString();
      const { body } = await client.call<OrganizationList>('GET', `/organizations?${query}`);
      return [body.organizations.map(({ id }) => id), body.total_size];
    };
    expect(await find('aCME ägy')).toEqual([[acme.id], 1]);
    expect(await find('T-17')).toEqual([[acme.id], 1]);
    expect(await find(globex.id)).toEqual([[globex.id], 1]);
    expect(await find('0%')).toEqual([[globex.id], 1]);
    expect(await find('%')).toEqual([[globex.id], 1]);
    expect(await find('_')).toEqual([[], 0]);
    expect(await find('')).toEqual([[acme.id, globex.id], 2]);
    expect(await find(acme.id, foreign)).toEqual([[], 0]);
  });

  it('shows another environment nothing', async () => {
    const mine = await create();
    const { body } = await foreign.call<OrganizationList>('GET', '/organizations?page_size=100');
    expect(body.organizations.map(({ id }) => id)).not.toContain(mine.id);
  });
});

describe('one organization', () => {
  it('is found by its id and by the external id', async () => {
    const mine = await create({ display_name: 'A', external_id: 'a/b c' });
    expect((await api.call('GET', `/organizations/${mine.id}`)).body).toEqual({ organization: mine });
    expect((await api.call('GET', '/organizations:external/a%2Fb%20c')).body).toEqual({ organization: mine });
    expect((await api.call('GET', '/organizations:external/nobody')).status).toBe(404);
    expect((await api.call('GET', '/organizations:external/a%00b')).status).toBe(404);
  });

  it.each(['org_unknown', 'dir_01kag3v2q9x8w7n6m5k4j3h2g1', 'org_01kag3v2q9x8w7n6m5k4j3h2g1', '%00'])(
    'answers 404 for %s',
    async (id) => {
      expect((await api.call('GET', `/organizations/${id}`)).status).toBe(404);
    },
  );

  it('of another environment is 404 for every method', async () => {
    const { id } = await create();
    expect((await foreign.call('GET', `/organizations/${id}`)).status).toBe(404);
    expect((await foreign.call('PATCH', `/organizations/${id}`, { display_name: 'X' })).status).toBe(404);
    expect((await foreign.call('PATCH', `/organizations/${id}/settings`, { features: [] })).status).toBe(404);
    expect((await foreign.call('DELETE', `/organizations/${id}`)).status).toBe(404);
    expect((await foreign.call('PUT', `/organizations/${id}/portal_links`)).status).toBe(404);
    expect((await foreign.call('GET', `/organizations/${id}/directories`)).status).toBe(404);
    expect((await api.call('GET', `/organizations/${id}`)).status).toBe(200);
  });

  it('answers a method it does not take with 405 and Allow', async () => {
    const { id } = await create();
    const { status, headers } = await api.call('PUT', `/organizations/${id}`, {});
    expect(status).toBe(405);
    expect(headers.get('allow')).toContain('PATCH');
  });
});

describe('PATCH /organizations/{id}', () => {
  it('merges, and null clears', async () => {
    const { id } = await create({ display_name: 'A', external_id: 'patch-me', metadata: { a: 1, b: 2 } });
    const patch = async (body: object) =>
      (await api.call<OrganizationAnswer>('PATCH', `/organizations/${id}`, body)).body.organization;
    expect(await patch({ metadata: { b: null, c: 3 } })).toMatchObject({
      display_name: 'A',
      external_id: 'patch-me',
      metadata: { a: 1, c: 3 },
    });
    const cleared = await patch({ external_id: null, metadata: null });
    expect(cleared).toMatchObject({ display_name: 'A', external_id: null, metadata: {} });
    expect(await patch({ display_name: 'B' })).toMatchObject({ display_name: 'B' });
  });

  it('takes an empty body as {} whatever its content type', async () => {
    const organization = await create();
    const answer = await fetch(`${ingress.baseUrl}/api/v1/organizations/${organization.id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${api.accessToken}`, 'content-type': 'text/plain' },
    });
    expect(answer.status).toBe(200);
  });

  it('refuses another content type with 415, broken JSON with 400, too much with 413', async () => {
    const { id } = await create();
    const send = (type: string, body: string) =>
      fetch(`${ingress.baseUrl}/api/v1/organizations/${id}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${api.accessToken}`, 'content-type': type },
        body,
      });
    expect((await send('text/plain', 'x')).status).toBe(415);
    expect((await send('application/json', '{')).status).toBe(400);
    expect((await send('application/json', `{"display_name":"${'x'.repeat(1_100_000)}"}`)).status).toBe(413);
  });

  it('refuses an external_id that another organization has', async () => {
    await create({ display_name: 'A', external_id: 'mine' });
    const { id } = await create();
    expect((await api.call('PATCH', `/organizations/${id}`, { external_id: 'mine' })).status).toBe(409);
  });
});

describe('PATCH /organizations/{id}/settings', () => {
  it.each(['dir_sync', 'scim', 'directory_sync'])('knows the feature as %s', async (name) => {
    const { id } = await create();
    const { status, body } = await api.call<OrganizationAnswer>('PATCH', `/organizations/${id}/settings`, {
      features: [{ name, enabled: true }],
    });
    expect(status).toBe(200);
    expect(body.organization.settings.features).toEqual([{ name: 'dir_sync', enabled: true }]);
  });

  it('refuses a feature that there is not, naming those there are', async () => {
    const { id } = await create();
    const { status, body } = await api.call<ErrorBody>('PATCH', `/organizations/${id}/settings`, {
      features: [{ name: 'sso', enabled: true }],
    });
    expect(status).toBe(400);
    expect(body.error.message).toContain('must be one of dir_sync, scim, directory_sync');
  });
});

describe('DELETE /organizations/{id}', () => {
  it('answers 204, and its external_id can be used again', async () => {
    const { id } = await create({ display_name: 'A', external_id: 'again' });
    expect((await api.call('DELETE', `/organizations/${id}`)).status).toBe(204);
    expect((await api.call('GET', `/organizations/${id}`)).status).toBe(404);
    expect((await api.call('DELETE', `/organizations/${id}`)).status).toBe(404);
    await expect(create({ display_name: 'B', external_id: 'again' })).resolves.toMatchObject({ external_id: 'again' });
  });
});

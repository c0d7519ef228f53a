import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import type { DirectoryItem } from '../management/directories/directory.dto';
import { pathOf, startApi } from '../management/testing/start-api';
import type { ErrorBody, TestApi } from '../management/testing/start-api';
import { runAsAdmin } from '../testing/seed-directory';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => test?.stop());

interface Admin {
  organizationId: string;
  call<Body>(method: string, path: string, body?: object): Promise<{ status: number; body: Body }>;
}

/** The portal of an organization, opened in a browser of its own. */
async function openPortal(given?: string): Promise<Admin> {
  const organizationId = given ?? (await test.newOrganization());
  const links = `/organizations/${organizationId}/portal_links?features=dir_sync`;
  const { link } = (await test.api.call<{ link: { location: string } }>('PUT', links)).body;
  const send = (method: string, path: string, cookie: string, body: object = {}) =>
    fetch(`${test.ingress.baseUrl}/portal/api${path}`, {
      method,
      headers: { 'content-type': 'application/json', cookie, 'x-rollcall-organization': organizationId },
      body: method === 'GET' ? undefined : JSON.stringify(body),
    });
  const opened = await send('POST', '/session', '', { link_token: link.location.split('#')[1] });
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  return {
    organizationId,
    call: async (method, path, body) => {
      const answer = await send(method, path, cookie, body);
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

type Made = { directory: DirectoryItem };

const bodyFor = (provider: string, more: object = {}) => ({
  directory: { directory_type: 'SCIM', directory_provider: provider },
  ...more,
});

const configure = (admin: Admin, provider: string, more?: object) =>
  admin.call<Made & ErrorBody>('POST', '/directories', bodyFor(provider, more));

const namesOf = async (admin: Admin) =>
  (await admin.call<{ directories: DirectoryItem[] }>('GET', '/directories')).body.directories.map(({ name }) => name);

describe('configuring a provider in the portal', () => {
  it('makes one directory of ten requests at once, and tells the others which', async () => {
    const admin = await openPortal();
    const answers = await Promise.all(Array.from({ length: 10 }, () => configure(admin, 'OKTA')));
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBe(1);
    const { id, name } = made[0]!.body.directory;
    for (const { status, body } of answers.filter((answer) => answer !== made[0])) {
      expect([status, body.error.code, body.error.details]).toEqual([
        409,
        'directory_exists',
        { directory_id: id, name },
      ]);
    }
    expect(await namesOf(admin)).toEqual(['Okta']);
  });

  it('makes one of two at once in two browsers of the same organization', async () => {
    const first = await openPortal();
    const second = await openPortal(first.organizationId);
    const answers = await Promise.all([configure(first, 'JUMPCLOUD'), configure(second, 'JUMPCLOUD')]);
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '409']);
  });

  it('makes one of a request at the portal and one that follows a creation by the application', async () => {
    const admin = await openPortal();
    await test.api.call('POST', `/organizations/${admin.organizationId}/directories`, bodyFor('OKTA'));
    expect((await configure(admin, 'OKTA')).status).toBe(409);
  });

  it('makes another when told so, under a name that tells them apart', async () => {
    const admin = await openPortal();
    for (const _ of [1, 2, 3]) expect((await configure(admin, 'OKTA', { another: true })).status).toBe(201);
    expect(await namesOf(admin)).toEqual(['Okta', 'Okta 2', 'Okta 3']);
  });

  it('gives numbers that are free: after a rename, after a deletion, and of several at once', async () => {
    const admin = await openPortal();
    const [first, second] = [await configure(admin, 'OKTA'), await configure(admin, 'OKTA', { another: true })];
    const path = ({ body }: typeof first) => `/directories/${body.directory.id}`;
    await admin.call('PATCH', path(first), { name: 'Staff' });
    expect((await configure(admin, 'OKTA', { another: true })).body.directory.name).toBe('Okta');
    await admin.call('DELETE', path(second));
    const both = await Promise.all([1, 2].map(() => configure(admin, 'OKTA', { another: true })));
    expect(both.map(({ body }) => body.directory.name).toSorted()).toEqual(['Okta 2', 'Okta 3']);
  });

  it('keeps a name that was asked for', async () => {
    const admin = await openPortal();
    const directory = { directory_type: 'SCIM', directory_provider: 'OKTA', name: 'Contractors' };
    const { body } = await admin.call<Made>('POST', '/directories', { directory });
    expect(body.directory.name).toBe('Contractors');
  });

  it('names the newest of several that there are', async () => {
    const admin = await openPortal();
    await configure(admin, 'OKTA');
    const { directory } = (await configure(admin, 'OKTA', { another: true })).body;
    expect((await configure(admin, 'OKTA')).body.error.details).toEqual({
      directory_id: directory.id,
      name: 'Okta 2',
    });
  });

  it('is not in the way of another provider, of another organization, or after a deletion', async () => {
    const admin = await openPortal();
    const { directory } = (await configure(admin, 'OKTA')).body;
    expect((await configure(admin, 'CUSTOM')).status).toBe(201);
    expect((await configure(await openPortal(), 'OKTA')).status).toBe(201);
    expect((await test.api.call('DELETE', pathOf(directory))).status).toBe(204);
    expect((await configure(admin, 'OKTA')).status).toBe(201);
  });

  it('ends at a hundred directories, also for two at once, until one is deleted', async () => {
    const admin = await openPortal();
    const { directory } = (await configure(admin, 'OKTA')).body;
    await runAsAdmin(test.database.adminUrl, [
      [
        `INSERT INTO directories
         SELECT (jsonb_populate_record(d, jsonb_build_object('id', '01kag3v2q9x8w7n6m5k4j3h' || lpad(n::text, 3, '0')))).*
         FROM directories d, generate_series(1, 98) n WHERE d.id = $1`,
        [directory.id.slice(4)],
      ],
    ]);
    const answers = await Promise.all([1, 2].map(() => configure(admin, 'OKTA', { another: true })));
    expect(answers.map(({ status, body }) => body.error?.code ?? String(status)).toSorted()).toEqual([
      '201',
      'too_many_directories',
    ]);
    expect((await configure(admin, 'CUSTOM')).body.error.message).toContain('Delete one that is no longer used');
    await admin.call('DELETE', `/directories/${directory.id}`);
    expect((await configure(admin, 'CUSTOM')).status).toBe(201);
  });

  it('takes true and false for "another" and nothing else', async () => {
    const admin = await openPortal();
    for (const another of ['true', 1, null, {}]) {
      const { status, body } = await configure(admin, 'OKTA', { another });
      expect([another, status, body.error.code]).toEqual([another, 400, 'invalid_request']);
    }
    expect((await configure(admin, 'OKTA', { another: false })).status).toBe(201);
    expect((await configure(admin, 'OKTA', { another: false })).status).toBe(409);
  });
});

describe('the management API', () => {
  it('makes as many of one provider as it is told to', async () => {
    const { organizationId } = await openPortal();
    const path = `/organizations/${organizationId}/directories`;
    for (const _ of [1, 2]) {
      const { status, body } = await test.api.call<Made>('POST', path, bodyFor('OKTA'));
      expect([status, body.directory.name]).toEqual([201, 'Okta']);
    }
    expect((await test.api.call('POST', path, bodyFor('OKTA', { another: true }))).status).toBe(400);
  });
});

describe('a token that an administrator issues', () => {
  it('has the name and the end that it is given, and is replaced alone', async () => {
    const admin = await openPortal();
    const { directory } = (await configure(admin, 'OKTA')).body;
    const path = `/directories/${directory.id}/secrets`;
    type Issued = { secret: DirectoryItem['secrets'][number] };
    const [first, other] = [
      (await admin.call<Issued>('POST', path, { name: 'Okta', expires_in: 86_400 })).body.secret,
      (await admin.call<Issued>('POST', path)).body.secret,
    ];
    expect(first).toMatchObject({ name: 'Okta', status: 'ACTIVE' });
    expect(Date.parse(first.expire_time ?? '') - Date.parse(first.create_time)).toBe(86_400_000);
    const again = { secret_id: first.id, name: 'Okta', overlap_seconds: 60, expires_in: 86_400 };
    expect((await admin.call('POST', `${path}:regenerate`, again)).status).toBe(201);
    expect((await admin.call('POST', `${path}:regenerate`, again)).status).toBe(409);
    const { secrets } = (await admin.call<Made>('GET', `/directories/${directory.id}`)).body.directory;
    expect(secrets.find(({ id }) => id === other.id)).toMatchObject({ expire_time: null, replaced_time: null });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { runAsAdmin } from '../../testing/seed-directory';
import type { IssuedSecretAnswer, SecretList } from '../secrets/secret.dto';
import { connectScim, pathOf, startApi } from '../testing/start-api';
import type { ErrorBody, TestApi } from '../testing/start-api';
import type { DirectoryAnswer, DirectoryItem, DirectoryList } from './directory.dto';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => test.stop());

const read = async (directory: DirectoryItem) =>
  (await test.api.call<DirectoryAnswer>('GET', pathOf(directory))).body.directory;

const changesOf = async ({ id }: DirectoryItem) =>
  runAsAdmin<{ kind: string; resource: { lifecycle: string; directory: Record<string, unknown> } }>(
    test.database.adminUrl,
    [['SELECT kind, resource FROM changes WHERE directory_id = $1 ORDER BY id', [id.slice(4)]]],
  );

const issue = async (directory: DirectoryItem, body?: object, action = 'secrets') =>
  (await test.api.call<IssuedSecretAnswer>('POST', `${pathOf(directory)}/${action}`, body)).body;

const scimStatus = async (directory: DirectoryItem, token: string) =>
  (await connectScim(test.ingress.baseUrl, directory, token).call('GET', '/Users?startIndex=1&count=2')).status;

describe('POST …/directories', () => {
  it('takes the directory as the body too, as Scalekit’s API does', async () => {
    const path = `/organizations/${await test.newOrganization()}/directories`;
    const flat = { directory_type: 'SCIM', directory_provider: 'OKTA' };
    const { status, body } = await test.api.call<DirectoryAnswer>('POST', path, flat);
    expect([status, body.directory.directory_provider]).toEqual([201, 'OKTA']);
    const wrong = await test.api.call<ErrorBody>('POST', path, { ...flat, directory_type: 'LDAP' });
    expect(wrong.body.error.message).toContain('"directory.directory_type"');
  });

  it('makes a custom directory of a provider that Scalekit alone has, under its name unless given another', async () => {
    const path = `/organizations/${await test.newOrganization()}/directories`;
    const make = async (provider: string, more: object = {}) => {
      const body = { directory_type: 'SCIM', directory_provider: provider, ...more };
      return (await test.api.call<DirectoryAnswer>('POST', path, body)).body.directory;
    };
    expect(await make('GOOGLE')).toMatchObject({ directory_provider: 'CUSTOM', name: 'Google' });
    const { id, ...auth0 } = await make('AUTH0', { name: 'Staff' });
    expect(auth0).toMatchObject({ directory_provider: 'CUSTOM', name: 'Staff' });
    const change = async (body: object) =>
      (await test.api.call<DirectoryAnswer>('PATCH', `${path}/${id}`, body)).body.directory;
    expect(await change({ directory_provider: 'OKTA' })).toMatchObject({ directory_provider: 'OKTA' });
    expect(await change({ directory_provider: 'GOOGLE' })).toMatchObject({
      directory_provider: 'CUSTOM',
      name: 'Staff',
    });
    await change({ directory_provider: 'OKTA' });
    const nested = { directory: { directory_provider: 'AUTH0' } };
    expect(await change(nested)).toMatchObject({ directory_provider: 'CUSTOM', name: 'Staff' });
    const unknown = { directory_type: 'SCIM', directory_provider: 'constructor' };
    expect((await test.api.call('POST', path, unknown)).status).toBe(400);
  });

  it('makes a directory that is enabled, a draft and known to the outbox', async () => {
    const organizationId = await test.newOrganization();
    const { status, body } = await test.api.call<DirectoryAnswer>(
      'POST',
      `/organizations/${organizationId}/directories`,
      { directory: { directory_type: 'SCIM', directory_provider: 'MICROSOFT_AD' } },
    );
    expect(status).toBe(201);
    const { directory } = body;
    expect(directory).toMatchObject({
      id: expect.stringMatching(/^dir_[0-9a-z]{26}$/),
      name: 'Microsoft Entra ID',
      organization_id: organizationId,
      enabled: true,
      status: 'DRAFT',
      last_synced_at: null,
      total_users: 0,
      total_groups: 0,
      stats: { total_users: 0, total_groups: 0 },
      groups_tracked: 'ALL',
      secrets: [],
      role_assignments: { assignments: [] },
      attribute_mappings: { attributes: [] },
    });
    expect(directory.directory_endpoint).toMatch(new RegExp(`^http://.*/scim/${directory.id.slice(4)}/v2$`));
    expect(await changesOf(directory)).toEqual([
      {
        kind: 'directory_written',
        resource: {
          lifecycle: 'created',
          directory: {
            id: directory.id.slice(4),
            organization_id: organizationId.slice(4),
            name: directory.name,
            directory_type: 'SCIM',
            directory_provider: 'MICROSOFT_AD',
            enabled: true,
            status: 'DRAFT',
            updated_at: directory.update_time,
          },
        },
      },
    ]);
  });

  it('is 403 while the feature is off', async () => {
    const organizationId = await test.newOrganization(false);
    const { status, body } = await test.api.call<ErrorBody>('POST', `/organizations/${organizationId}/directories`, {
      directory: { directory_type: 'SCIM', directory_provider: 'OKTA' },
    });
    expect(status).toBe(403);
    expect(body.error.code).toBe('feature_disabled');
  });

  it.each([
    [{}, '"directory" must be an object'],
    [{ directory: {} }, '"directory.directory_type" must be one of SCIM'],
    [{ directory: { directory_type: 'SCIM', directory_provider: 'KEYCLOAK' } }, 'must be one of OKTA, MICROSOFT_AD,'],
    [
      { directory: { directory_type: 'SCIM', directory_provider: 'OKTA', enabled: true } },
      '"directory.enabled" is not a known field; known here: directory_type, directory_provider, name.',
    ],
    [{ directory_type: 'SCIM' }, '"directory.directory_provider" must be one of OKTA, '],
  ])('refuses %j with 400', async (input, message) => {
    const organizationId = await test.newOrganization();
    const path = `/organizations/${organizationId}/directories`;
    const { status, body } = await test.api.call<ErrorBody>('POST', path, input);
    expect(status).toBe(400);
    expect(body.error.message).toContain(message);
  });
});

describe('one directory', () => {
  it('is 404 in another environment, in another organization, and after its deletion', async () => {
    const directory = await test.newDirectory();
    const elsewhere = { id: directory.id, organization_id: await test.newOrganization() };
    for (const [client, path] of [
      [test.foreign, pathOf(directory)],
      [test.api, pathOf(elsewhere)],
    ] as const) {
      expect((await client.call('GET', path)).status).toBe(404);
      expect((await client.call('PATCH', path, { directory: { name: 'X' } })).status).toBe(404);
      expect((await client.call('PATCH', `${path}:disable`)).status).toBe(404);
      expect((await client.call('POST', `${path}/secrets`)).status).toBe(404);
      expect((await client.call('GET', `${path}/secrets`)).status).toBe(404);
      expect((await client.call('GET', `${path}/users`)).status).toBe(404);
      expect((await client.call('GET', `${path}/groups`)).status).toBe(404);
      expect((await client.call('GET', `${path}/snapshot`)).status).toBe(404);
      expect((await client.call('DELETE', path)).status).toBe(404);
    }
    expect((await test.api.call('DELETE', pathOf(directory))).status).toBe(204);
    expect((await test.api.call('GET', pathOf(directory))).status).toBe(404);
    expect((await test.api.call('DELETE', pathOf(directory))).status).toBe(404);
  });

  it.each([' ', '\u200b', '\u3164', 'Okta\u202e', 'a\nb'])('is not given the name %j', async (name) => {
    const directory = await test.newDirectory();
    const path = `/organizations/${directory.organization_id}/directories`;
    const made = { directory: { directory_type: 'SCIM', directory_provider: 'OKTA', name } };
    expect((await test.api.call('POST', path, made)).status).toBe(400);
    expect((await test.api.call('PATCH', pathOf(directory), { directory: { name } })).status).toBe(400);
  });

  it('is changed by PATCH, merged; null sets the name back', async () => {
    const directory = await test.newDirectory();
    const patch = async (body: object) =>
      (await test.api.call<DirectoryAnswer>('PATCH', pathOf(directory), body)).body.directory;
    expect(await patch({ directory: { name: 'HQ' } })).toMatchObject({ name: 'HQ', directory_provider: 'OKTA' });
    expect(await patch({ strict: true })).toMatchObject({ name: 'HQ', strict: true });
    expect(await patch({ directory: { name: null, directory_provider: 'CUSTOM' } })).toMatchObject({
      name: 'Custom SCIM',
      directory_provider: 'CUSTOM',
      strict: true,
    });
    expect((await changesOf(directory)).map(({ resource }) => resource.lifecycle)).toEqual(['created']);
  });

  it('stands in the list of its organization alone', async () => {
    const directory = await test.newDirectory();
    const other = await test.newDirectory(directory.organization_id);
    await test.newDirectory();
    const { body } = await test.api.call<DirectoryList>(
      'GET',
      `/organizations/${directory.organization_id}/directories`,
    );
    expect(body).toMatchObject({ total_size: 2, next_page_token: '', prev_page_token: '' });
    expect(body.directories.map(({ id }) => id)).toEqual([directory.id, other.id]);
  });

  it('answers 404 for an action that it does not have', async () => {
    const directory = await test.newDirectory();
    expect((await test.api.call('PATCH', `${pathOf(directory)}:unknown`)).status).toBe(404);
  });
});

describe(':enable and :disable', () => {
  it('change it once, whatever the body, with one change row each', async () => {
    const directory = await test.newDirectory();
    const { token } = await test.newScim(directory);
    const act = async (action: string, body?: object) =>
      test.api.call<{ enabled: boolean }>('PATCH', `${pathOf(directory)}:${action}`, body);
    expect(await scimStatus(directory, token)).toBe(200);
    expect(await act('disable')).toMatchObject({ status: 200, body: { enabled: false } });
    expect(await act('disable', {})).toMatchObject({ status: 200, body: { enabled: false } });
    expect(await scimStatus(directory, token)).toBe(403);
    expect(await act('enable')).toMatchObject({ status: 200, body: { enabled: true } });
    expect(await act('enable')).toMatchObject({ status: 200, body: { enabled: true } });
    expect(await scimStatus(directory, token)).toBe(200);
    const changes = await changesOf(directory);
    expect(changes.map(({ resource }) => [resource.lifecycle, resource.directory['enabled']])).toEqual([
      ['created', true],
      ['disabled', false],
      ['enabled', true],
    ]);
  });

  it('refuse to enable while the feature is off; disabling works; switching it on restores everything', async () => {
    const directory = await test.newDirectory();
    const { token } = await test.newScim(directory);
    const gate = (enabled: boolean) =>
      test.api.call('PATCH', `/organizations/${directory.organization_id}/settings`, {
        features: [{ name: 'scim', enabled }],
      });
    await gate(false);
    expect(await scimStatus(directory, token)).toBe(403);
    expect((await test.api.call('PATCH', `${pathOf(directory)}:enable`)).status).toBe(403);
    expect((await read(directory)).enabled).toBe(true);
    await gate(true);
    expect(await scimStatus(directory, token)).toBe(200);
    await gate(false);
    expect((await test.api.call('PATCH', `${pathOf(directory)}:disable`)).status).toBe(200);
    expect((await test.api.call('DELETE', pathOf(directory))).status).toBe(204);
  });
});

describe('secrets', () => {
  it('are shown once, work, and bring the directory from DRAFT to COMPLETED', async () => {
    const directory = await test.newDirectory();
    expect((await read(directory)).status).toBe('DRAFT');
    const { plain_secret, secret } = await issue(directory);
    expect(plain_secret).toMatch(/^[A-Za-z0-9_.-]{40,128}$/);
    expect(secret).toEqual({
      id: expect.stringMatching(/^sec_/),
      directory_id: directory.id,
      secret_suffix: plain_secret.slice(-4),
      name: null,
      status: 'ACTIVE',
      create_time: expect.any(String),
      expire_time: null,
      replaced_time: null,
      retire_when_seen: false,
      last_used_time: null,
    });
    const waiting = await read(directory);
    expect(waiting).toMatchObject({ status: 'IN_PROGRESS', secrets: [secret] });
    expect(JSON.stringify(waiting)).not.toContain(plain_secret);
    expect(await scimStatus(directory, plain_secret)).toBe(200);
    await expect.poll(async () => (await read(directory)).status).toBe('COMPLETED');
    expect((await read(directory)).secrets[0]?.last_used_time).toEqual(expect.any(String));
  });

  it('are refused from the answer of DELETE on', async () => {
    const directory = await test.newDirectory();
    const { plain_secret, secret } = await issue(directory);
    expect(await scimStatus(directory, plain_secret)).toBe(200);
    const path = `${pathOf(directory)}/secrets/${secret.id}`;
    expect((await test.foreign.call('DELETE', path)).status).toBe(404);
    expect((await test.api.call('DELETE', path)).status).toBe(204);
    expect(await scimStatus(directory, plain_secret)).toBe(401);
    expect((await test.api.call('DELETE', path)).status).toBe(204);
    const unknown = `${path.slice(0, -4)}0000`;
    expect((await test.api.call('DELETE', unknown)).status).toBe(404);
    const { body } = await test.api.call<SecretList>('GET', `${pathOf(directory)}/secrets`);
    expect(body.secrets).toMatchObject([{ id: secret.id, status: 'REVOKED' }]);
  });

  it('expire after expires_in', async () => {
    const directory = await test.newDirectory();
    const { plain_secret, secret } = await issue(directory, { expires_in: 1 });
    expect(Date.parse(secret.expire_time ?? '') - Date.parse(secret.create_time)).toBe(1_000);
    await expect.poll(async () => scimStatus(directory, plain_secret)).toBe(401);
    expect((await read(directory)).secrets).toMatchObject([{ status: 'EXPIRED' }]);
  });

  it('are replaced at once by secrets:regenerate without an overlap', async () => {
    const directory = await test.newDirectory();
    const old = await issue(directory);
    const fresh = await issue(directory, undefined, 'secrets:regenerate');
    expect(await scimStatus(directory, old.plain_secret)).toBe(401);
    expect(await scimStatus(directory, fresh.plain_secret)).toBe(200);
    const { secrets } = await read(directory);
    expect(secrets.map(({ id, status }) => [id, status])).toEqual([
      [fresh.secret.id, 'ACTIVE'],
      [old.secret.id, 'REVOKED'],
    ]);
  });

  it('go on working for overlap_seconds, none longer than it would have', async () => {
    const directory = await test.newDirectory();
    const long = await issue(directory);
    const short = await issue(directory, { expires_in: 60 });
    const fresh = await issue(directory, { overlap_seconds: 3600, expires_in: 7200 }, 'secrets:regenerate');
    for (const { plain_secret } of [long, short, fresh]) expect(await scimStatus(directory, plain_secret)).toBe(200);
    const { secrets } = await read(directory);
    const expiry = Object.fromEntries(secrets.map((secret) => [secret.id, secret.expire_time]));
    expect(expiry[short.secret.id]).toBe(short.secret.expire_time);
    const overlapEnd = Date.parse(expiry[long.secret.id] ?? '') - Date.parse(fresh.secret.create_time);
    expect(overlapEnd).toBe(3_600_000);
  });

  it('are at most ten active ones', async () => {
    const directory = await test.newDirectory();
    for (let i = 0; i < 10; i++) await issue(directory);
    const { status, body } = await test.api.call<ErrorBody>('POST', `${pathOf(directory)}/secrets`);
    expect(status).toBe(422);
    expect(body.error.code).toBe('too_many_secrets');
    expect((await test.api.call('POST', `${pathOf(directory)}/secrets:regenerate`)).status).toBe(201);
  });

  it.each([
    ['secrets', { expires_in: 0 }],
    ['secrets', { expires_in: '60' }],
    ['secrets', { overlap_seconds: 1 }],
    ['secrets:regenerate', { overlap_seconds: -1 }],
    ['secrets:regenerate', { overlap_seconds: 1.5 }],
  ])('POST %s with %j is 400', async (action, body) => {
    const directory = await test.newDirectory();
    expect((await test.api.call('POST', `${pathOf(directory)}/${action}`, body)).status).toBe(400);
  });
});

describe('deletion', () => {
  it('of a directory revokes its tokens and tells the outbox', async () => {
    const directory = await test.newDirectory();
    const { token } = await test.newScim(directory);
    await test.api.call('DELETE', pathOf(directory));
    expect(await scimStatus(directory, token)).toBe(401);
    expect((await changesOf(directory)).map(({ resource }) => resource.lifecycle)).toEqual(['created', 'deleted']);
  });

  it('of an organization takes its directories along', async () => {
    const directory = await test.newDirectory();
    const { token } = await test.newScim(directory);
    expect((await test.api.call('DELETE', `/organizations/${directory.organization_id}`)).status).toBe(204);
    expect(await scimStatus(directory, token)).toBe(401);
    expect((await changesOf(directory)).map(({ resource }) => resource.lifecycle)).toEqual(['created', 'deleted']);
  });
});

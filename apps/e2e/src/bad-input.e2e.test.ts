import { waitUntil } from '@rollcall/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  accessToken,
  api,
  directory,
  expectApiError,
  expectScimError,
  expectUntouched,
  group,
  json,
  MEGABYTE,
  NOBODY,
  patch,
  readEverything,
  rollcall,
  scim,
  user,
  useServer,
} from './support/bad-input';
import { connectManagementApi, type ManagementApi } from './support/connect-management-api';
import { createDirectory } from './support/create-directory';
import { readAllEvents } from './support/read-all-events';
import { runLauncher } from './support/run-launcher';
import { type RawAnswer, sendRaw } from './support/send-raw';

useServer();

describe('SCIM: a body', () => {
  const deep = `{"userName":"x","a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;

  it.each([
    ['cut JSON', '{"userName":', 400, 'invalidSyntax'],
    ['no JSON', 'userName=x', 400, 'invalidSyntax'],
    ['nothing', '', 400, 'invalidSyntax'],
    ['an array', '[{"userName":"x"}]', 400, 'invalidSyntax'],
    ['a string', '"x"', 400, 'invalidSyntax'],
    ['null', 'null', 400, 'invalidSyntax'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 400, 'invalidSyntax'],
    ['200,000 levels', deep, 400, 'invalidSyntax'],
    ['no userName', json({ displayName: 'x' }), 400, 'invalidValue'],
    ['a blank userName', json({ userName: '  ' }), 400, 'invalidValue'],
    ['an object as userName', json({ userName: { a: 1 } }), 400, 'invalidValue'],
    ['a word as active', json({ userName: 'x', active: 'perhaps' }), 400, 'invalidValue'],
    ['a text as name', json({ userName: 'x', name: 'Ann' }), 400, 'invalidValue'],
    ['U+0000', json({ userName: 'a\0b' }), 400, 'invalidValue'],
    ['half a surrogate pair', '{"userName":"a\\ud800"}', 400, 'invalidValue'],
    ['more than 1 MB', json({ userName: 'x', nickName: 'x'.repeat(MEGABYTE) }), 413, undefined],
  ])('with %s is refused and leaves nothing', async (_name, body, status, scimType) => {
    await expectUntouched(async () => {
      expectScimError(await scim('POST', '/Users', { body }), status, scimType);
      expectScimError(await scim('PUT', `/Users/${user.id}`, { body }), status, scimType);
    });
  });

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'of type %s is refused with 415',
    async (type) => {
      await expectUntouched(async () => {
        const request = { headers: { 'content-type': type }, body: json({ userName: 'typed' }) };
        expectScimError(await scim('POST', '/Users', request), 415);
      });
    },
  );

  it('of unknown length is refused with 413 as soon as it passes the limit', async () => {
    await expectUntouched(async () => {
      const headers = { 'transfer-encoding': 'chunked' };
      const body = json({ userName: 'x', nickName: 'x'.repeat(2 * MEGABYTE) });
      expectScimError(await scim('POST', '/Users', { headers, body }), 413);
    });
  });

  it('of a group or a bulk request may have 16 MB and no more', async () => {
    await expectUntouched(async () => {
      const group17 = json({ displayName: 'x', note: 'x'.repeat(17 * MEGABYTE) });
      expectScimError(await scim('POST', '/Groups', { body: group17 }), 413);
      const bulk17 = json({
        Operations: [{ method: 'POST', path: '/Users', data: { note: 'x'.repeat(17 * MEGABYTE) } }],
      });
      expectScimError(await scim('POST', '/Bulk', { body: bulk17 }), 413);
    });
  });
});

describe('SCIM: a PATCH', () => {
  const good = { op: 'replace', path: 'nickName', value: 'Half written' };

  it.each([
    ['another message', json({ schemas: ['urn:x'], Operations: [good] }), 'invalidSyntax'],
    ['no Operations', json({}), 'invalidSyntax'],
    ['an operation that is no object', patch(good, 'remove'), 'invalidSyntax'],
    ['an unknown op', patch(good, { op: 'move', path: 'title', value: 'x' }), 'invalidSyntax'],
    ['a path that cannot be read', patch(good, { op: 'replace', path: 'name[', value: 'x' }), 'invalidPath'],
    ['a filter that cannot be read', patch(good, { op: 'remove', path: 'emails[type eq]' }), 'invalidFilter'],
    ['a remove without a path', patch(good, { op: 'remove' }), 'noTarget'],
    ['a mistyped value', patch(good, { op: 'replace', path: 'active', value: 'perhaps' }), 'invalidValue'],
    ['a blank userName', patch(good, { op: 'replace', path: 'userName', value: '' }), 'invalidValue'],
  ])('with %s is refused as a whole', async (_name, body, scimType) => {
    await expectUntouched(async () => {
      expectScimError(await scim('PATCH', `/Users/${user.id}`, { body }), 400, scimType);
    });
  });

  it('of a group with one wrong operation changes no member', async () => {
    await expectUntouched(async () => {
      const body = patch(
        { op: 'remove', path: `members[value eq "${user.id}"]` },
        { op: 'replace', path: 'displayName', value: { a: 1 } },
      );
      expectScimError(await scim('PATCH', `/Groups/${group.id}`, { body }), 400, 'invalidValue');
    });
  });
});

describe('SCIM: an address', () => {
  it.each([
    ['GET', '/Nothing', 404],
    ['POST', '/Nothing', 404],
    ['GET', `/Users/${NOBODY}`, 404],
    ['DELETE', `/Groups/${NOBODY}`, 404],
    ['GET', '/Users/../../../api/v1/organizations', 404],
    ['GET', '/Users/%00', 404],
    ['GET', '/Users/%zz', 400],
    ['PUT', '/Users', 405],
    ['DELETE', '/Groups', 405],
    ['POST', `/Users/${NOBODY}`, 405],
    ['PATCH', '/Schemas', 405],
    ['GET', '/Bulk', 405],
    ['GET', '/Me', 501],
  ])('answers %s %s with a SCIM %i', async (method, path, status) => {
    await expectUntouched(async () => {
      const answer = await scim(method, path, { body: method === 'GET' || method === 'DELETE' ? undefined : '{}' });
      expectScimError(answer, status);
      if (status === 405) expect(answer.headers.allow).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
    });
  });

  it.each([
    ['filter=userName', 'invalidFilter'],
    ['filter=userName%20eq', 'invalidFilter'],
    ['filter=userName%20like%20%22x%22', 'invalidFilter'],
    [`filter=${encodeURIComponent('('.repeat(5_000))}`, 'invalidFilter'],
  ])('refuses the query %s with 400', async (query, scimType) => {
    expectScimError(await scim('GET', `/Users?${query}`), 400, scimType);
  });
});

describe('SCIM: a token', () => {
  const users = (authorization: string | undefined) =>
    sendRaw(rollcall.baseUrl, `${new URL(directory.scimUrl).pathname}/Users`, {
      headers: authorization === undefined ? {} : { authorization },
    });

  async function newSecret(body: object): Promise<{ token: string; id: string }> {
    const path = `/organizations/${directory.organizationId}/directories/${directory.directoryId}/secrets`;
    const made = await directory.api<{ plain_secret: string; secret: { id: string } }>('POST', path, body);
    return { token: made.plain_secret, id: made.secret.id };
  }

  function expectUnauthorized(answer: RawAnswer): void {
    expectScimError(answer, 401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  }

  it.each([
    ['none', () => undefined],
    ['an empty one', () => 'Bearer '],
    ['another scheme', () => `Basic ${Buffer.from('a:b').toString('base64')}`],
    ['garbage', () => 'Bearer garbage'],
    ['10 kB of garbage', () => `Bearer ${'x'.repeat(10_000)}`],
    [
      'one with a letter changed',
      () => `Bearer ${directory.token.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}`,
    ],
    ['an access token of the management API', () => `Bearer ${accessToken}`],
    ['a client secret', () => `Bearer ${rollcall.bootstrap.client_secret}`],
  ])('that is %s is refused with 401', async (_name, authorization) => {
    expectUnauthorized(await users(authorization()));
  });

  it('of another directory is refused with 401, for every method and place', async () => {
    const other = await createDirectory(rollcall);
    const thief = { ...directory, token: other.token };
    await expectUntouched(async () => {
      for (const [method, path, body] of [
        ['GET', '/Users', undefined],
        ['GET', '/ServiceProviderConfig', undefined],
        ['POST', '/Users', json({ userName: 'thief' })],
        ['PATCH', `/Users/${user.id}`, patch({ op: 'replace', path: 'title', value: 'x' })],
        ['DELETE', `/Groups/${group.id}`, undefined],
        ['POST', '/Bulk', json({ Operations: [] })],
        ['GET', '/Nothing', undefined],
      ] as const) {
        expectUnauthorized(await scim(method, path, { body }, thief));
      }
    });
  });

  it('is refused with 401 once it is revoked, and once it has expired', async () => {
    const path = `/organizations/${directory.organizationId}/directories/${directory.directoryId}/secrets`;
    const [revoked, expiring] = await Promise.all([newSecret({}), newSecret({ expires_in: 2 })]);
    expect((await users(`Bearer ${revoked.token}`)).status).toBe(200);
    expect((await users(`Bearer ${expiring.token}`)).status).toBe(200);
    expect((await api('DELETE', `${path}/${revoked.id}`)).status).toBe(204);
    expectUnauthorized(await users(`Bearer ${revoked.token}`));
    const refusal = await waitUntil(async () => {
      const answer = await users(`Bearer ${expiring.token}`);
      return answer.status === 200 ? null : answer;
    });
    expectUnauthorized(refusal);
  });

  it('for a directory that never was is refused with 401 and nothing more', async () => {
    const nowhere = { ...directory, scimUrl: `${rollcall.baseUrl}/scim/${NOBODY}/v2` };
    expectUnauthorized(await scim('GET', '/Users', {}, nowhere));
  });
});

describe('SCIM: a directory that may not be used', () => {
  it('answers 403 while it is disabled, but 401 to a wrong token, and goes on where it was', async () => {
    const base = `/organizations/${directory.organizationId}/directories/${directory.directoryId}`;
    await expectUntouched(async () => {
      await directory.api('PATCH', `${base}:disable`);
      expectScimError(await scim('GET', '/Users'), 403);
      expectScimError(await scim('POST', '/Users', { body: json({ userName: 'while disabled' }) }), 403);
      expectScimError(await scim('POST', '/Users', { body: '{malformed' }), 403);
      expectScimError(await scim('GET', '/Users', { headers: { authorization: 'Bearer wrong' } }), 401);
      await directory.api('PATCH', `${base}:enable`);
    });
  });

  it('answers 403 while the feature is off, and so does the making of another one', async () => {
    const base = `/organizations/${directory.organizationId}`;
    const switchTo = (enabled: boolean) =>
      directory.api('PATCH', `${base}/settings`, { features: [{ name: 'dir_sync', enabled }] });
    const before = await readEverything();
    await switchTo(false);
    expectScimError(await scim('GET', '/Users'), 403);
    expectScimError(await scim('DELETE', `/Users/${user.id}`), 403);
    const body = json({ directory: { directory_type: 'SCIM', directory_provider: 'OKTA' } });
    expectApiError(await api('POST', `${base}/directories`, { body }), 403, 'feature_disabled');
    expectApiError(await api('PATCH', `${base}/directories/${directory.directoryId}:enable`), 403, 'feature_disabled');
    expect((await api('GET', `${base}/directories`)).status).toBe(200);
    await switchTo(true);
    const withoutTimes = (state: unknown) => json(state).replaceAll(/"update_time":"[^"]+"/g, '');
    expect(withoutTimes(await readEverything())).toBe(withoutTimes(before));
  });
});

describe('another environment', () => {
  let foreign: ManagementApi;

  beforeAll(async () => {
    const args = ['rollcall', 'create-environment', '--name', 'Foreign', '--json'];
    const run = await runLauncher(args, { DATA_DIR: rollcall.dataDir });
    const made = JSON.parse(run.stdout) as { client_id: string; client_secret: string };
    foreign = await connectManagementApi(rollcall.baseUrl, {
      clientId: made.client_id,
      clientSecret: made.client_secret,
    });
  });

  it('gets 404 for every object of this one, and none of its lists or events shows any', async () => {
    const { webhook_endpoint: endpoint } = await directory.api<{ webhook_endpoint: { id: string } }>(
      'POST',
      '/webhook_endpoints',
      { url: 'http://127.0.0.1:9/' },
    );
    const organization = `/organizations/${directory.organizationId}`;
    const base = `${organization}/directories/${directory.directoryId}`;
    await expectUntouched(async () => {
      for (const [method, path, body] of [
        ['GET', organization],
        ['PATCH', organization, { display_name: 'Stolen' }],
        ['DELETE', organization],
        ['PATCH', `${organization}/settings`, { features: [{ name: 'dir_sync', enabled: false }] }],
        ['PUT', `${organization}/portal_links`],
        ['GET', `${organization}/directories`],
        ['POST', `${organization}/directories`, { directory: { directory_type: 'SCIM', directory_provider: 'OKTA' } }],
        ['GET', base],
        ['DELETE', base],
        ['PATCH', `${base}:disable`],
        ['PATCH', base, { deprovision_guard: null }],
        ['GET', `${base}/held_users`],
        ['POST', `${base}:release_deprovisioning`, {}],
        ['POST', `${base}:discard_deprovisioning`, {}],
        ['POST', `${base}/secrets`, {}],
        ['POST', `${base}/secrets:regenerate`, {}],
        ['GET', `${base}/users`],
        ['GET', `${base}/users/diruser_${user.id}`],
        ['GET', `${base}/groups/dirgroup_${group.id}/members`],
        ['GET', `${base}/snapshot`],
        ['GET', `/webhook_endpoints/${endpoint.id}`],
        ['PATCH', `/webhook_endpoints/${endpoint.id}`, { enabled: false }],
        ['DELETE', `/webhook_endpoints/${endpoint.id}`],
        ['POST', `/webhook_endpoints/${endpoint.id}/secret:rotate`, {}],
        ['POST', `/webhook_endpoints/${endpoint.id}:replay`, {}],
        ['GET', `/webhook_endpoints/${endpoint.id}/replays`],
        ['GET', `/webhook_endpoints/${endpoint.id}/replays/rpl_${NOBODY}`],
        ['POST', `/webhook_endpoints/${endpoint.id}/replays/rpl_${NOBODY}:cancel`],
      ] as const) {
        await expect(foreign(method, path, body), `${method} ${path}`).rejects.toThrow(/answered 404: .*_not_found/);
      }
    });
    expect(await foreign('GET', '/organizations')).toMatchObject({ organizations: [], total_size: 0 });
    expect(await foreign('GET', '/webhook_endpoints')).toMatchObject({ webhook_endpoints: [], total_size: 0 });
    expect(await foreign('GET', '/events')).toMatchObject({ events: [], has_more: false });
  });
});

describe('a key that names a prototype', () => {
  const dangerous =
    '{"userName":"proto","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},' +
    '"name":{"__proto__":{"polluted":1},"givenName":"G"},"\\u005f_proto__":{"polluted":1}}';

  it('in a SCIM body reaches no prototype: later answers do not know it', async () => {
    const created = await scim('POST', '/Users', { body: dangerous });
    expect([201, 400]).toContain(created.status);
    expect(created.text).not.toContain('__proto__');
    for (const path of ['/Users', '/Groups', '/ServiceProviderConfig']) {
      expect((await scim('GET', path)).text.replaceAll(/"constructor":\{[^}]*\}+/g, '')).not.toContain('polluted');
    }
    expect((await api('GET', '/organizations')).text).not.toContain('polluted');
    if (created.status === 201) {
      const { id } = JSON.parse(created.text) as { id: string };
      expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
    }
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    '%s as a SCIM path, filter, projection or address is an error or means nothing',
    async (name) => {
      await expectUntouched(async () => {
        expectScimError(await scim('GET', `/${name}`), 404);
        expectScimError(await scim('GET', `/Users/${name}`), 404);
        for (const query of [`filter=${name}%20eq%20%22x%22`, `filter=${name}.${name}%20pr`, `sortBy=${name}`]) {
          const answer = await scim('GET', `/Users?${query}`);
          if (answer.status !== 200) expectScimError(answer, 400, JSON.parse(answer.text).scimType as string);
        }
        const projected = await scim('GET', `/Users?attributes=${name}&excludedAttributes=`);
        expect(projected.status).toBeLessThan(500);
      });
    },
  );

  it.each(['__proto__', 'constructor', 'prototype'])('%s in a PATCH reaches no prototype', async (name) => {
    for (const operation of [
      { op: 'add', path: `${name}.polluted`, value: 1 },
      { op: 'replace', path: `name.${name}`, value: { polluted: 1 } },
      { op: 'replace', path: `urn:ietf:params:scim:schemas:core:2.0:User:${name}`, value: { polluted: 1 } },
    ]) {
      const answer = await scim('PATCH', `/Users/${user.id}`, { body: patch(operation) });
      expect(answer.status).toBeLessThan(500);
    }
    expect((await scim('GET', '/ServiceProviderConfig')).text).not.toContain('polluted');
    expect((await api('GET', '/organizations')).text).not.toContain('polluted');
    const body = patch({ op: 'remove', path: name }, { op: 'remove', path: `name.${name}` });
    expect((await scim('PATCH', `/Users/${user.id}`, { body })).status).toBeLessThan(500);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty'])('%s as a field of the API is unknown', async (name) => {
    await expectUntouched(async () => {
      const body = `{"display_name":"x","${name}":{"prototype":{"polluted":1}}}`;
      expectApiError(await api('POST', '/organizations', { body }), 400, 'invalid_request');
      expectApiError(await api('GET', `/organizations?${name}=1`), 400, 'invalid_request');
      expectApiError(await api('GET', `/organizations/${name}`), 404, 'organization_not_found');
      expectApiError(await api('GET', `/${name}`), 404, 'not_found');
    });
  });

  it('in a body of the API sets nothing as __proto__, and is kept as any other in free metadata', async () => {
    const metadata = { constructor: { a: 1 }, toString: 'x' };
    const body = `{"display_name":"Plain","__proto__":{"external_id":"polluted"},"metadata":${json(metadata).replace('{', '{"__proto__":{"polluted":1},')}}`;
    const answer = await api('POST', '/organizations', { body });
    expect(answer.status).toBe(201);
    const { organization } = JSON.parse(answer.text) as { organization: { external_id: null; metadata: object } };
    expect(organization.external_id).toBe(null);
    expect(organization.metadata).toEqual(metadata);
    expect(answer.text).not.toContain('polluted');
  });
});

describe('after all of this', () => {
  it('the server is the same process, ready, and has logged no fault of its own', async () => {
    expect((await sendRaw(rollcall.baseUrl, '/readyz')).status).toBe(200);
    expect(rollcall.output()).not.toContain('a process has ended');
    expect(rollcall.output()).not.toContain('request failed');
    expect(rollcall.output()).not.toContain(directory.token);
  });

  it('no refused request has become an event', async () => {
    const last = JSON.parse((await scim('POST', '/Users', { body: json({ userName: 'the last' }) })).text) as {
      id: string;
    };
    const events = await waitUntil(async () => {
      const found = await readAllEvents(directory);
      return found.some(({ resourceId }) => resourceId === `diruser_${last.id}`) ? found : null;
    });
    expect(events.map(({ type }) => type.replace('organization.directory', ''))).toEqual([
      '_created',
      '.user_created',
      '.group_created',
      '.group_members_changed',
      '.user_updated',
      '_disabled',
      '_enabled',
      '.user_created',
      '.user_deleted',
      '.user_created',
    ]);
  });
});

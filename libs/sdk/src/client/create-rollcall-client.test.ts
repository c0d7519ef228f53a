import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { CLIENT_ID, CLIENT_SECRET, sendJson, startApiServer } from './api-server.test-support';
import type { ApiServer, SeenRequest } from './api-server.test-support';
import { createRollcallClient } from './create-rollcall-client';
import type { RollcallClientOptions } from './create-rollcall-client';
import {
  AuthenticationError,
  ConflictError,
  ConnectionError,
  InvalidRequestError,
  NotFoundError,
  PermissionError,
  PositionGoneError,
  RateLimitError,
  RollcallError,
  ServerError,
} from './rollcall-error';

let server: ApiServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe('access tokens', () => {
  it('gets one token for calls at the same time and keeps it for later ones', async () => {
    const { client, api } = await start((_, response) => sendJson(response, 200, { organization: { id: 'org_1' } }));
    await Promise.all([client.organizations.get('org_1'), client.organizations.get('org_2')]);
    await client.organizations.get('org_3');
    expect(api.tokensIssued).toBe(1);
    expect(api.requests.map(({ authorization }) => authorization)).toEqual(Array(3).fill('Bearer token-1'));
  });

  it('replaces a token a minute before it expires', async () => {
    let time = 0;
    const { client, api } = await start((_, response) => sendJson(response, 200, {}), { now: () => time });
    await client.events.readPage();
    time = 3_539_000;
    await client.events.readPage();
    expect(api.tokensIssued).toBe(1);
    time = 3_540_000;
    await client.events.readPage();
    expect(api.tokensIssued).toBe(2);
  });

  it('gets another token when the server refuses the one it has, and reports a second refusal', async () => {
    const { client, api } = await start((request, response) => {
      if (request.authorization === 'Bearer token-2') return sendJson(response, 200, { organization: { id: 'org_1' } });
      sendJson(response, 401, { error: { code: 'token_expired', message: 'The access token has expired.' } });
    });
    expect(await client.organizations.get('org_1')).toEqual({ id: 'org_1' });
    api.tokensIssued = 2;
    await expect(createRollcallClient(optionsOf(api)).organizations.get('org_1')).rejects.toMatchObject({
      status: 401,
      code: 'token_expired',
    });
    expect(api.tokensIssued).toBe(4);
  });

  it('sends an API key as it is, and once when it is refused', async () => {
    const key = { clientId: undefined, clientSecret: undefined, apiKey: 'sk_x' };
    const { client, api } = await start(
      (_, response) => sendJson(response, 401, { error: { code: 'invalid_token' } }),
      key,
    );
    await expect(client.organizations.get('org_1')).rejects.toMatchObject({ status: 401 });
    expect(api.requests.map(({ authorization }) => authorization)).toEqual(['Bearer sk_x']);
    expect(api.tokensIssued).toBe(0);
  });

  it('reports wrong credentials as the token endpoint does, and asks again at the next call', async () => {
    const { client, api } = await start((_, response) => sendJson(response, 200, {}), { clientSecret: 'wrong' });
    await expect(client.events.readPage()).rejects.toMatchObject({ status: 401, code: 'invalid_client' });
    await expect(client.events.readPage()).rejects.toThrow('No access token: The client is not known.');
    expect(api.tokensIssued).toBe(2);
    expect(api.requests).toEqual([]);
  });
});

describe('errors', () => {
  it.each([
    [400, InvalidRequestError],
    [401, AuthenticationError],
    [403, PermissionError],
    [404, NotFoundError],
    [409, ConflictError],
    [410, PositionGoneError],
    [413, InvalidRequestError],
    [422, InvalidRequestError],
    [429, RateLimitError],
    [500, ServerError],
    [503, ServerError],
  ])('of %i are of a class of their own, and say which request it was and when to try again', async (status, Kind) => {
    const error = { code: 'some_code', message: 'Some message.', request_id: 'req_1' };
    const { client } = await start((_, response) => sendJson(response, status, { error }, { 'retry-after': '70' }), {
      sleep: async () => undefined,
    });
    const caught: unknown = await client.events.readPage().catch((reason: unknown) => reason);
    expect(caught).toBeInstanceOf(Kind);
    expect(caught).toBeInstanceOf(RollcallError);
    expect(caught).toMatchObject({ name: Kind.name, status, code: 'some_code', requestId: 'req_1', retryAfter: 70 });
  });

  it('carry status, code, message and details of the API', async () => {
    const error = {
      code: 'external_id_taken',
      message: 'Another organization has this external_id.',
      details: { a: 1 },
    };
    const { client } = await start((_, response) => sendJson(response, 409, { error }));
    const caught: unknown = await client.organizations
      .create({ display_name: 'Acme' })
      .catch((reason: unknown) => reason);
    expect(caught).toBeInstanceOf(RollcallError);
    expect(caught).toMatchObject({ name: 'ConflictError', status: 409, ...error });
  });

  it('tell an answer of something in between from one of the server', async () => {
    for (const [status, body] of [
      [502, '<html>Bad gateway</html>'],
      [200, '<html>Welcome</html>'],
      [404, '{"error":{}}'],
      [500, '[]'],
    ] as const) {
      const { client, api } = await start((_, response) => response.writeHead(status).end(body), {
        sleep: async () => undefined,
      });
      await expect(client.events.readPage()).rejects.toMatchObject({ status, code: 'response_invalid' });
      await api.stop();
    }
  });

  it('do not let a list without items pass for an empty one', async () => {
    const { client } = await start((_, response) => sendJson(response, 200, { total_size: 0 }));
    await expect(client.organizations.list().page()).rejects.toMatchObject({ code: 'response_invalid' });
  });

  it('follow no redirect, so that credentials stay with the configured server', async () => {
    const other = await startApiServer((_, response) => ok(response));
    try {
      const { client } = await start((_, response) =>
        response.writeHead(307, { location: `${other.baseUrl}/api/v1/events` }).end(),
      );
      await expect(client.events.readPage()).rejects.toMatchObject({ status: 307, code: 'response_invalid' });
      expect(other.requests).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  it('name a server that does not answer, or not in time', async () => {
    const { client, api } = await start(() => undefined, { timeoutSeconds: 1, sleep: async () => undefined });
    await expect(client.events.readPage()).rejects.toMatchObject({ status: 0, code: 'timeout' });
    await api.stop();
    await expect(client.events.readPage()).rejects.toMatchObject({ status: 0, code: 'connection_failed' });
    await expect(client.events.readPage()).rejects.toBeInstanceOf(ConnectionError);
  });

  it('end the request of a caller who gave up', async () => {
    const { client, api } = await start(() => undefined);
    const controller = new AbortController();
    const reading = client.events.readPage({ signal: controller.signal });
    await expect.poll(() => api.requests).toHaveLength(1);
    controller.abort(new Error('shutting down'));
    await expect(reading).rejects.toThrow('shutting down');
    await expect(client.events.readPage({ signal: controller.signal })).rejects.toThrow('shutting down');
  });

  it('refuse what is no configuration at once', () => {
    const good = { baseUrl: 'https://rollcall.example.com', clientId: 'a', clientSecret: 'b' };
    expect(() => createRollcallClient(good)).not.toThrow();
    for (const bad of [
      { baseUrl: '' },
      { baseUrl: 'rollcall.example.com' },
      { baseUrl: 'ftp://x' },
      { clientId: '' },
      { apiKey: 'sk_x' },
      { clientId: undefined, clientSecret: undefined, apiKey: '' },
    ]) {
      expect(() => createRollcallClient({ ...good, ...bad })).toThrow(TypeError);
    }
    expect(() => createRollcallClient({ ...good, clientSecret: undefined })).toThrow(/clientSecret/);
  });

  it('refuse an id that would change the path', async () => {
    const { client, api } = await start((_, response) => ok(response));
    for (const id of ['', '.', '..', undefined as unknown as string]) {
      await expect(async () => client.organizations.get(id)).rejects.toThrow(TypeError);
    }
    await client.organizations.get('../admin?x#y');
    expect(api.requests[0]?.url).toBe('/api/v1/organizations/..%2Fadmin%3Fx%23y');
  });
});

describe('requests', () => {
  it('keep the path of a base URL and need no slash at its end', async () => {
    const { client, api } = await start((_, response) => ok(response), {}, '/rollcall//');
    api.answerToken = (_, response) => sendJson(response, 200, { access_token: 'x', expires_in: 60 });
    await expect(client.events.readPage()).rejects.toThrow(RollcallError);
    expect(api.requests[0]?.url).toBe('/rollcall/oauth/token');
  });

  it('are those of the management API', async () => {
    const { client, api } = await start(answerAnything);
    for (const [call, expected] of everyCall(client)) {
      api.requests.length = 0;
      await call();
      expect(api.requests.map(({ method, url, body }) => `${method} ${url}${body && ` ${body}`}`)).toEqual([expected]);
      const withBody = api.requests.filter(({ body }) => body !== '');
      expect(withBody.every(({ contentType }) => contentType === 'application/json')).toBe(true);
    }
  });
});

/** Every call of the client, and the request that the API documents for it. */
function everyCall(client: ReturnType<typeof createRollcallClient>): [() => Promise<unknown>, string][] {
  const organization = '/api/v1/organizations/org_1';
  const directory = `${organization}/directories/dir_1`;
  const endpoint = '/api/v1/webhook_endpoints/whe_1';
  const { organizations, portalLinks, directories, directorySecrets, directoryUsers, directoryGroups } = client;
  const { webhookEndpoints, erasures, events, apiClients } = client;
  return [
    [
      () => apiClients.create({ name: 'A', scopes: ['read'], organization_id: 'org_1' }),
      'POST /api/v1/api_clients {"name":"A","scopes":["read"],"organization_id":"org_1"}',
    ],
    [() => apiClients.list().page(), 'GET /api/v1/api_clients?page_size=100'],
    [() => apiClients.update('clt_1', { scopes: ['write'] }), 'PATCH /api/v1/api_clients/clt_1 {"scopes":["write"]}'],
    [() => apiClients.revoke('clt_1'), 'DELETE /api/v1/api_clients/clt_1'],
    [
      () => apiClients.rotateSecret('clt_1', { overlap_seconds: 60 }),
      'POST /api/v1/api_clients/clt_1/secret:rotate {"overlap_seconds":60}',
    ],
    [() => organizations.create({ display_name: 'A' }), 'POST /api/v1/organizations {"display_name":"A"}'],
    [() => organizations.list().page(), 'GET /api/v1/organizations?page_size=100'],
    [() => organizations.get('org_1'), `GET ${organization}`],
    [() => organizations.getByExternalId('a/b'), 'GET /api/v1/organizations:external/a%2Fb'],
    [() => organizations.update('org_1', { external_id: null }), `PATCH ${organization} {"external_id":null}`],
    [() => organizations.delete('org_1'), `DELETE ${organization}`],
    [
      () => organizations.updateSettings('org_1', { features: [{ name: 'dir_sync', enabled: true }] }),
      `PATCH ${organization}/settings {"features":[{"name":"dir_sync","enabled":true}]}`,
    ],
    [() => portalLinks.create('org_1'), `PUT ${organization}/portal_links?features=dir_sync {}`],
    [
      () => portalLinks.create('org_1', { features: ['a', 'b'], expires_in: 60 }),
      `PUT ${organization}/portal_links?features=a&features=b {"expires_in":60}`,
    ],
    [() => portalLinks.list('org_1').page('abc'), `GET ${organization}/portal_links?page_size=100&page_token=abc`],
    [() => portalLinks.delete('org_1', 'lnk_1'), `DELETE ${organization}/portal_links/lnk_1`],
    [() => portalLinks.deleteAll('org_1'), `DELETE ${organization}/portal_links`],
    [
      () => directories.create('org_1', { directory_provider: 'OKTA' }),
      `POST ${organization}/directories {"directory":{"directory_type":"SCIM","directory_provider":"OKTA"}}`,
    ],
    [() => directories.list('org_1').page(), `GET ${organization}/directories?page_size=100`],
    [() => directories.get('org_1', 'dir_1'), `GET ${directory}`],
    [() => directories.update('org_1', 'dir_1', { name: 'B' }), `PATCH ${directory} {"directory":{"name":"B"}}`],
    [() => directories.enable('org_1', 'dir_1'), `PATCH ${directory}:enable`],
    [() => directories.disable('org_1', 'dir_1'), `PATCH ${directory}:disable`],
    [() => directories.delete('org_1', 'dir_1'), `DELETE ${directory}`],
    [() => directorySecrets.create('org_1', 'dir_1'), `POST ${directory}/secrets {}`],
    [
      () => directorySecrets.regenerate('org_1', 'dir_1', { overlap_seconds: 60 }),
      `POST ${directory}/secrets:regenerate {"overlap_seconds":60}`,
    ],
    [
      () => directorySecrets.regenerate('org_1', 'dir_1', { secret_id: 'sec_1', name: 'Okta' }),
      `POST ${directory}/secrets:regenerate {"secret_id":"sec_1","name":"Okta"}`,
    ],
    [() => directorySecrets.list('org_1', 'dir_1').page(), `GET ${directory}/secrets?page_size=100`],
    [() => directorySecrets.revoke('org_1', 'dir_1', 'sec_1'), `DELETE ${directory}/secrets/sec_1`],
    [
      () => directoryUsers.list('org_1', 'dir_1', { include_detail: true, directory_group_id: 'dirgroup_1' }).page(),
      `GET ${directory}/users?page_size=100&include_detail=true&directory_group_id=dirgroup_1`,
    ],
    [() => directoryUsers.get('org_1', 'dir_1', 'diruser_1'), `GET ${directory}/users/diruser_1`],
    [
      () => directoryGroups.list('org_1', 'dir_1', { page_size: 10, updated_after: '2026-11-21T00:00:00Z' }).page(),
      `GET ${directory}/groups?page_size=10&updated_after=2026-11-21T00%3A00%3A00Z`,
    ],
    [
      () => directoryGroups.get('org_1', 'dir_1', 'dirgroup_1', { include_detail: true }),
      `GET ${directory}/groups/dirgroup_1?include_detail=true`,
    ],
    [
      () => directoryGroups.listMembers('org_1', 'dir_1', 'dirgroup_1').page(),
      `GET ${directory}/groups/dirgroup_1/members?page_size=100`,
    ],
    [() => erasures.eraseUser('org_1', 'dir_1', 'diruser_1'), `POST ${directory}/users/diruser_1:erase`],
    [() => erasures.eraseOrganization('org_1'), `POST ${organization}:erase`],
    [
      () => erasures.list({ organization_id: 'org_1' }).page(),
      'GET /api/v1/erasures?page_size=100&organization_id=org_1',
    ],
    [() => erasures.get('era_1'), 'GET /api/v1/erasures/era_1'],
    [
      () => webhookEndpoints.create({ url: 'https://a/', ordering: 'fifo' }),
      'POST /api/v1/webhook_endpoints {"url":"https://a/","ordering":"fifo"}',
    ],
    [() => webhookEndpoints.list().page(), 'GET /api/v1/webhook_endpoints?page_size=100'],
    [() => webhookEndpoints.get('whe_1'), `GET ${endpoint}`],
    [() => webhookEndpoints.update('whe_1', { enabled: false }), `PATCH ${endpoint} {"enabled":false}`],
    [() => webhookEndpoints.delete('whe_1'), `DELETE ${endpoint}`],
    [() => webhookEndpoints.discardPending('whe_1'), `POST ${endpoint}:discard_pending`],
    [
      () => webhookEndpoints.rotateSecret('whe_1', { overlap_seconds: 0 }),
      `POST ${endpoint}/secret:rotate {"overlap_seconds":0}`,
    ],
    [() => webhookEndpoints.test('whe_1'), `POST ${endpoint}:test {}`],
    [
      () => webhookEndpoints.replay('whe_1', { directory_id: 'dir_1' }),
      `POST ${endpoint}:replay {"directory_id":"dir_1"}`,
    ],
    [
      () => webhookEndpoints.replay('whe_1', { failed_only: true, dry_run: true }),
      `POST ${endpoint}:replay {"failed_only":true,"dry_run":true}`,
    ],
    [() => webhookEndpoints.listReplays('whe_1').page(), `GET ${endpoint}/replays?page_size=100`],
    [() => webhookEndpoints.getReplay('whe_1', 'rpl_1'), `GET ${endpoint}/replays/rpl_1`],
    [() => webhookEndpoints.pauseReplay('whe_1', 'rpl_1'), `POST ${endpoint}/replays/rpl_1:pause`],
    [() => webhookEndpoints.resumeReplay('whe_1', 'rpl_1'), `POST ${endpoint}/replays/rpl_1:resume`],
    [() => webhookEndpoints.cancelReplay('whe_1', 'rpl_1'), `POST ${endpoint}/replays/rpl_1:cancel`],
    [() => webhookEndpoints.listDeliveries('whe_1').page(), `GET ${endpoint}/deliveries?page_size=100`],
    [() => webhookEndpoints.retryDelivery('whe_1', 'dlv_1'), `POST ${endpoint}/deliveries/dlv_1:retry`],
    [
      () => events.readPage({ after: 'evt_1', types: ['a', 'b'], organization_id: 'org_1', page_size: 1000 }),
      'GET /api/v1/events?after=evt_1&organization_id=org_1&page_size=1000&types=a%2Cb',
    ],
    [
      () => events.readPage({ directory_id: 'dir_1', after_sequence: 0 }),
      'GET /api/v1/events?directory_id=dir_1&after_sequence=0',
    ],
  ];
}

describe('lists', () => {
  it('are read to the end, a page at a time as the loop gets there', async () => {
    const { client, api } = await start((request, response) => {
      const from = Number(new URL(request.url, 'http://x').searchParams.get('page_token') ?? 0);
      const users = [{ id: `diruser_${from}` }, { id: `diruser_${from + 1}` }];
      const next_page_token = from < 4 ? String(from + 2) : '';
      sendJson(response, 200, { users, total_size: 6, next_page_token, prev_page_token: '' });
    });
    const list = client.directoryUsers.list('org_1', 'dir_1');
    expect(api.requests).toEqual([]);
    const ids: string[] = [];
    for await (const { id } of list) ids.push(id);
    expect(ids).toEqual([0, 1, 2, 3, 4, 5].map((number) => `diruser_${number}`));
    for await (const _ of list) break;
    expect(api.requests).toHaveLength(4);
    expect(await list.page('2')).toMatchObject({
      total_size: 6,
      next_page_token: '4',
      items: [{ id: 'diruser_2' }, {}],
    });
  });
});

describe('the event feed', () => {
  it('is followed by next_after from the position it begins at, until there is nothing yet', async () => {
    const { client, api } = await start((request, response) => {
      const after = new URL(request.url, 'http://x').searchParams.get('after');
      if (after === null) sendJson(response, 200, { events: [{ id: 'evt_1' }], next_after: 'p1', has_more: true });
      if (after === 'p1') sendJson(response, 200, { events: [], next_after: 'p2', has_more: true });
      if (after === 'p2') sendJson(response, 200, { events: [{ id: 'evt_2' }], next_after: 'p3', has_more: false });
    });
    const ids: string[] = [];
    for await (const { id } of client.events.list({ directory_id: 'dir_1', after_sequence: 7 })) ids.push(id);
    expect(ids).toEqual(['evt_1', 'evt_2']);
    expect(api.requests.map(({ url }) => url.split('?')[1])).toEqual([
      'directory_id=dir_1&after_sequence=7',
      'directory_id=dir_1&after=p1',
      'directory_id=dir_1&after=p2',
    ]);
  });
});

const answerAnything = (request: SeenRequest, response: ServerResponse) => {
  if (request.method === 'DELETE') return response.writeHead(204).end();
  const lists =
    'api_clients organizations links directories secrets users groups members webhook_endpoints deliveries replays erasures'.split(
      ' ',
    );
  sendJson(response, 200, { link: {}, ...Object.fromEntries(lists.map((key) => [key, []])) });
};

function ok(response: ServerResponse): void {
  sendJson(response, 200, {});
}

async function start(
  answer: (request: SeenRequest, response: ServerResponse) => void,
  options: Partial<RollcallClientOptions> = {},
  path = '',
) {
  const api = await startApiServer(answer);
  server = api;
  return { api, client: createRollcallClient({ ...optionsOf(api, path), ...options }) };
}

function optionsOf(api: ApiServer, path = ''): RollcallClientOptions {
  return { baseUrl: api.baseUrl + path, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
}

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startFaultProxy, waitUntil } from '@rollcall/testing';
import type { FaultProxy } from '@rollcall/testing';
import type { ApiClientSecretAnswer } from '../management/api-clients/api-client.dto';
import type { OrganizationList } from '../management/organizations/organization.dto';
import type { IssuedSecretAnswer } from '../management/secrets/secret.dto';
import { connectApi } from '../management/testing/api-client';
import { drain } from '../management/testing/drain.test-support';
import { connectScim, pathOf } from '../management/testing/start-api';
import type { ErrorBody, ScimClient } from '../management/testing/start-api';
import type { WebhookEndpointSecretAnswer } from '../management/webhook-endpoints/webhook-endpoint.dto';
import { runAsAdmin } from '../testing/seed-directory';
import { startTestCells } from './start-test-cells.test-support';
import type { TestCells } from './start-test-cells.test-support';

let test: TestCells;
/** In front of the database of b, which is not there when the ingress starts. */
let proxy: FaultProxy;
let control: Place;
let b: Place;

interface Place {
  organization: string;
  directory: string;
  scim: ScimClient;
}

interface Feed {
  events: { id: string; directory_id: string }[];
  next_after: string;
  has_more: boolean;
  unavailable_cells?: string[];
}

beforeAll(async () => {
  test = await startTestCells(async ({ b: { appUrl } }) => {
    const url = new URL(appUrl);
    proxy = await startFaultProxy({ targetPort: Number(url.port) });
    await proxy.setFault({ kind: 'refuse' });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    return { CELLS: `b=${url.href}` };
  });
});

afterAll(async () => {
  await test?.stop();
  await proxy?.stop();
});

async function newPlace(cell: 'control' | 'b'): Promise<Place> {
  const organization = await test.newOrganization(cell);
  const directory = await test.newDirectory(organization);
  const { body } = await test.api.call<IssuedSecretAnswer>('POST', `${pathOf(directory)}/secrets`);
  const scim = connectScim(test.baseUrl, directory, body.plain_secret);
  return { organization, directory: directory.id, scim };
}

let people = 0;
const addPerson = ({ scim }: Place) => scim.call('POST', '/Users', { userName: `person${(people += 1)}@acme.test` });

const readFeed = async (after: string) =>
  (await test.api.call<Feed>('GET', `/events?after=${encodeURIComponent(after)}`)).body;

describe('a cell that is not there when the ingress starts', () => {
  it('keeps nobody else from being served, and is named', async () => {
    control = await newPlace('control');
    expect((await addPerson(control)).status).toBe(201);
    const ready = await fetch(`${test.baseUrl}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ok', degraded: expect.arrayContaining(['cell b']) },
    ]);
    expect((await fetch(`${test.baseUrl}/healthz`)).status).toBe(200);
    expect((await test.api.call<OrganizationList>('GET', '/organizations')).body).toMatchObject({
      total_size: 1,
      unavailable_cells: ['b'],
    });
  });

  it('is not said to have no organization that nobody has asked for yet', async () => {
    const unknown = await test.api.call('GET', '/organizations/org_01hzyzzzzzzzzzzzzzzzzzzzzz');
    expect([unknown.status, unknown.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('is joined when it comes, with the configuration of the owner', async () => {
    await proxy.setFault({ kind: 'pass' });
    await test.whenJoined();
    b = await newPlace('b');
    expect((await addPerson(b)).status).toBe(201);
    expect((await test.api.call('GET', '/organizations/org_01hzyzzzzzzzzzzzzzzzzzzzzz')).status).toBe(404);
  });
});

describe('a cell that goes away', () => {
  it('has its organizations answered 503 with when to come again, and nobody else', async () => {
    await proxy.setFault({ kind: 'refuse' });
    const answer = await fetch(`${test.baseUrl}/scim/${b.directory.slice(4)}/v2/Users`, {
      headers: { authorization: `Bearer ${b.scim.token}` },
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    const api = await test.api.call<ErrorBody>('GET', `/organizations/${b.organization}`);
    expect([api.status, api.body.error.code]).toEqual([503, 'unavailable']);
    expect((await addPerson(control)).status).toBe(201);
    expect((await test.api.call<OrganizationList>('GET', '/organizations')).body.unavailable_cells).toEqual(['b']);
    expect((await test.api.call('POST', '/organizations', { display_name: 'Meanwhile' })).status).toBe(201);
  });

  it('is not asked before it has what a change of the configuration told', async () => {
    const role = { role_name: 'meanwhile', display_name: 'Meanwhile' };
    expect((await test.api.call('POST', '/roles', role)).status).toBe(201);
    await proxy.setFault({ kind: 'pass' });
    await test.whenJoined();
    const group = await b.scim.call('POST', '/Groups', { displayName: 'Crew' });
    expect(group.status).toBe(201);
    const path = `/organizations/${b.organization}/directories/${b.directory}/groups/-/roles:assign`;
    const assignments = [{ group_id: `dirgroup_${group.body.id}`, role_name: 'meanwhile' }];
    expect((await test.api.call('PUT', path, { assignments })).status).toBe(200);
  });

  it('keeps its place in the feed, and others go on', async () => {
    await drain(test.control.appUrl, control.directory);
    await drain(test.b.appUrl, b.directory);
    const start = await readFeed('');
    await addPerson(b);
    await addPerson(control);
    await drain(test.control.appUrl, control.directory);
    await drain(test.b.appUrl, b.directory);
    await proxy.setFault({ kind: 'refuse' });
    const without = await readFeed(start.next_after);
    expect([without.unavailable_cells, without.events.map(({ directory_id }) => directory_id)]).toEqual([
      ['b'],
      [control.directory],
    ]);
    await proxy.setFault({ kind: 'pass' });
    await test.whenJoined();
    const later = await waitUntil(async () => {
      const page = await readFeed(without.next_after);
      return page.unavailable_cells ? null : page;
    });
    expect(later.events.map(({ directory_id }) => directory_id)).toEqual([b.directory]);
  });
});

describe('while a cell is away', () => {
  let limited: ApiClientSecretAnswer;
  let endpoint: string;

  beforeAll(async () => {
    const client = { name: 'Limited', scopes: ['read'], organization_id: b.organization };
    limited = (await test.api.call<ApiClientSecretAnswer>('POST', '/api_clients', client)).body;
    const made = { url: 'https://app.example.test/hook' };
    const { body } = await test.api.call<WebhookEndpointSecretAnswer>('POST', '/webhook_endpoints', made);
    endpoint = `/webhook_endpoints/${body.webhook_endpoint.id}`;
  });

  afterAll(async () => {
    await proxy.setFault({ kind: 'pass' });
    await test.whenJoined();
  });

  async function askToken(client_id: string, client_secret: string): Promise<[number, boolean]> {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
    const { status, headers } = await fetch(`${test.baseUrl}/oauth/token`, { method: 'POST', body });
    return [status, headers.has('retry-after')];
  }

  async function ask(path: string, token: string): Promise<[number, boolean]> {
    const { status, headers } = await fetch(`${test.baseUrl}/api/v1${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return [status, headers.has('retry-after')];
  }

  it('a client of one of its organizations is told to come again, and one that others know is refused', async () => {
    const { client_id } = limited.api_client;
    const { accessToken } = await connectApi(test.baseUrl, {
      ...test.credentials,
      client_id,
      client_secret: limited.client_secret,
    });
    await proxy.setFault({ kind: 'refuse' });
    expect(await askToken(client_id, limited.client_secret)).toEqual([503, true]);
    expect(await askToken(test.credentials.client_id, 'wrong')).toEqual([401, false]);
    expect(await askToken('', 'x')).toEqual([401, false]);
    for (const path of ['/organizations', '/events', '/events/evt_01hzyzzzzzzzzzzzzzzzzzzzzz']) {
      for (const token of [accessToken, limited.api_key ?? '']) {
        expect([path, ...(await ask(path, token))]).toEqual([path, 503, true]);
      }
      expect([path, ...(await ask(path, 'nonsense'))]).toEqual([path, 401, false]);
    }
  });

  it('events are replayed and thrown away for the organizations that are there, and the others are named', async () => {
    interface Done {
      replays: { total: number }[];
      canceled: number;
      unavailable_cells?: string[];
    }
    const replay = (body: object) =>
      test.api.call<Done & ErrorBody>('POST', `${endpoint}:replay`, { dry_run: true, ...body });
    const all = await replay({});
    expect([all.status, all.body.replays.length, all.body.unavailable_cells]).toEqual([202, 1, ['b']]);
    expect(all.body.replays[0]?.total).toBeGreaterThan(0);
    const there = await replay({ directory_id: control.directory });
    expect([there.status, there.body.unavailable_cells]).toEqual([202, undefined]);
    const away = await replay({ directory_id: b.directory });
    expect([away.status, away.headers.has('retry-after')]).toEqual([503, true]);
    const discarded = await test.api.call<Done>('POST', `${endpoint}:discard_pending`);
    expect([discarded.status, discarded.body.canceled, discarded.body.unavailable_cells]).toEqual([200, 0, ['b']]);
    expect((await test.api.call('POST', '/webhook_endpoints/we_01hzyzzzzzzzzzzzzzzzzzzzzz:replay')).status).toBe(404);
  });
});

describe('a cell that comes back', () => {
  let revoked: ApiClientSecretAnswer;

  beforeEach(async () => {
    const client = { name: 'Short', scopes: ['read'] };
    revoked = (await test.api.call<ApiClientSecretAnswer>('POST', '/api_clients', client)).body;
    expect(await ask(test.baseUrl)).toBe(200);
  });

  afterEach(() => test.whenJoined());

  async function ask(baseUrl: string): Promise<number> {
    const url = `${baseUrl}/api/v1/organizations/${b.organization}`;
    return (await fetch(url, { headers: { authorization: `Bearer ${revoked.api_key}` } })).status;
  }

  /** The first answer of the cell itself. */
  const firstAnswer = (baseUrl: string) =>
    waitUntil(async () => {
      const status = await ask(baseUrl);
      return status === 503 ? null : status;
    });

  it('serves no credential that a command has revoked meanwhile', async () => {
    const refused = () => test.logLines().filter(({ msg }) => msg === 'configuration not copied').length;
    const before = refused();
    await proxy.setFault({ kind: 'refuse' });
    await waitUntil(() => refused() > before);
    await runAsAdmin(test.control.adminUrl, [
      ['UPDATE api_clients SET revoked_time = now() WHERE client_id = $1', [revoked.api_client.client_id]],
    ]);
    await proxy.setFault({ kind: 'pass' });
    expect(await firstAnswer(test.baseUrl)).toBe(401);
  });

  it('serves none in any process that one of them has answered to be revoked', async () => {
    const another = await test.startAnother();
    expect(await ask(another.baseUrl)).toBe(200);
    await proxy.setFault({ kind: 'refuse' });
    const path = `/api_clients/${revoked.api_client.client_id}`;
    expect((await test.api.call('DELETE', path)).status).toBe(204);
    await proxy.setFault({ kind: 'pass' });
    expect(await firstAnswer(another.baseUrl)).toBe(401);
    await another.stop();
  });
});

it('every series of a cell has its label, and those of the process are told once', async () => {
  const series = await test.operations.series();
  const cellsOf = (name: string) =>
    new Set(
      series.filter((one) => one.name === name).flatMap(({ values }) => values.map(({ labels }) => labels['cell'])),
    );
  expect(cellsOf('rollcall_http_request_seconds')).toEqual(new Set([undefined, 'control', 'b']));
  expect(cellsOf('rollcall_argon2_waiting')).toEqual(new Set(['control', 'b']));
  expect(series.filter(({ name }) => name === 'process_cpu_seconds_total')).toHaveLength(1);
  const requests = test.logLines().filter(({ msg }) => msg === 'request');
  expect(new Set(requests.map(({ cell }) => cell))).toEqual(new Set([undefined, 'control', 'b']));
});

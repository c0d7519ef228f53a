import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  SCALEKIT_CLIENT,
  startReceiver,
  startRollcall,
  startScalekit,
  startWorkos,
  waitUntil,
} from '@rollcall/testing';
import type { ReceivedRequest, Receiver, RunningRollcall, TestScalekit, TestWorkos } from '@rollcall/testing';
import { ScalekitClient } from '@scalekit-sdk/node';
import { WorkOS } from '@workos-inc/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectManagementApi } from './support/connect-management-api';
import type { ManagementApi } from './support/connect-management-api';
import { runLauncher } from './support/run-launcher';

// Applications of Scalekit's and WorkOS' customers, whose rows are kept under the ids of these. They change a base URL and a key.

const TOKEN = 'the-token-that-okta-has-had-all-along';

let folder: string;
let server: RunningRollcall;
let api: ManagementApi;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-ids-'));
  server = await startRollcall({ env: { WEBHOOK_RETRY_SCHEDULE: '1,1,1' } });
  const { client_id: clientId, client_secret: clientSecret } = server.bootstrap;
  api = await connectManagementApi(server.baseUrl, { clientId, clientSecret });
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function bring(service: string, tokens: string, source: NodeJS.ProcessEnv, ...options: string[]): Promise<void> {
  const file = join(folder, `${service}.txt`);
  await writeFile(file, `${tokens}\n`);
  const args = ['rollcall', 'import', service, '--tokens', file, ...options];
  const env = { DATA_DIR: server.dataDir, PUBLIC_URL: server.baseUrl, ...source };
  expect(await runLauncher(args, env)).toMatchObject({ code: 0, stderr: '' });
}

/** The endpoint that the application registers, which is down at the first event. */
async function addEndpoint({ url }: Receiver, dialect: string): Promise<{ id: string; secret: string }> {
  const { organizations } = await api<{ organizations: { id: string; external_ids: object }[] }>(
    'GET',
    '/organizations?page_size=100',
  );
  const own = organizations.filter(({ external_ids: ids }) => dialect in ids).map(({ id }) => id);
  const settings = { url, dialect, organization_ids: own, ordering: 'fifo' };
  const made = await api<{ webhook_endpoint: { id: string }; secret: string }>('POST', '/webhook_endpoints', settings);
  return { id: made.webhook_endpoint.id, secret: made.secret };
}

/** What the identity provider sends, at the address that it has had: a change, somebody new in the group, and a leaver. */
async function sendAsBefore(scimUrl: string, { user, group }: { user: string; group: string }): Promise<void> {
  const send = async (method: string, path: string, body: object) => {
    const response = await fetch(`${scimUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    expect(response.ok, text).toBe(true);
    return (text === '' ? {} : JSON.parse(text)) as { id: string };
  };
  const ada = { userName: 'ada@acme.test', externalId: '00u71', active: true };
  await send('PUT', `/Users/${user}`, { ...ada, title: 'Captain' });
  const { id } = await send('POST', '/Users', { userName: 'bob@acme.test', active: true });
  await send('PATCH', `/Groups/${group}`, { Operations: [{ op: 'add', path: 'members', value: [{ value: id }] }] });
  await send('PUT', `/Users/${user}`, { ...ada, active: false });
}

/** Bodies by `webhook-id`, in the order in which they first came; every repetition must be the same. */
function bodiesOf(requests: readonly ReceivedRequest[]): Map<string, string> {
  const bodies = new Map<string, string>();
  for (const { headers, body } of requests) {
    const id = String(headers['webhook-id']);
    expect(bodies.get(id) ?? body).toBe(body);
    bodies.set(id, body);
  }
  return bodies;
}

/** Everything that was sent to an endpoint is sent once more. */
async function replay(endpointId: string, receiver: Receiver): Promise<ReadonlyMap<string, string>> {
  const before = bodiesOf(receiver.requests);
  receiver.clear();
  await api('POST', `/webhook_endpoints/${endpointId}:replay`, { from_time: '2020-01-01T00:00:00Z' });
  await waitUntil(() => {
    const again = bodiesOf(receiver.requests);
    return [...before.keys()].every((id) => again.has(id));
  });
  return bodiesOf(receiver.requests);
}

describe('an application that leaves Scalekit', () => {
  const rows = { organization: 'org_51', directory: 'dir_61', user: 'diruser_71', group: 'dirgroup_81' };
  let source: TestScalekit;
  let receiver: Receiver;
  let scalekit: ScalekitClient;

  beforeAll(async () => {
    [source, receiver] = [await startScalekit(), await startReceiver()];
    const { client_id: clientId, client_secret: clientSecret } = server.bootstrap;
    scalekit = new ScalekitClient(server.baseUrl, clientId, clientSecret);
    const groups = [{ id: rows.group, display_name: 'Engineering' }];
    const ada = { id: rows.user, email: 'ada@acme.test', preferred_username: 'ada@acme.test', groups };
    source.organizations.push({
      id: rows.organization,
      display_name: 'Acme',
      create_time: '2026-01-01T00:00:00Z',
      directories: [
        {
          id: rows.directory,
          directory_provider: 'OKTA',
          enabled: true,
          directory_endpoint: `${server.baseUrl}/directory/${rows.directory}/scim/v2`,
          people: { users: [{ ...ada, user_detail: { dp_id: '00u71', active: true } }], groups },
        },
      ],
    });
    const environment = { ...SCALEKIT_CLIENT, SCALEKIT_ENVIRONMENT_URL: source.baseUrl };
    await bring('scalekit', `${rows.directory} ${TOKEN}`, environment);
  });

  afterAll(async () => {
    await source?.stop();
    await receiver?.stop();
  });

  it('finds its rows in the SDK’s answers, and a leaver’s in the event', async () => {
    const { id: endpointId, secret } = await addEndpoint(receiver, 'scalekit');
    receiver.answerOnce({ status: 500 });
    await sendAsBefore(`${server.baseUrl}/directory/${rows.directory}/scim/v2`, rows);
    await waitUntil(() => receiver.requests.some(({ body }) => body.includes('user_deleted')));
    const verified = receiver.requests.filter(({ headers, body }) =>
      scalekit.verifyWebhookPayload(secret, headers as Record<string, string>, body),
    );
    expect(verified).toHaveLength(receiver.requests.length);
    expect(receiver.requests.length).toBe(bodiesOf(receiver.requests).size + 1);
    const place = { organization_id: rows.organization, directory_id: rows.directory };
    const events = [...bodiesOf(receiver.requests).values()].map((body) => JSON.parse(body) as { type: string });
    expect(events).toMatchObject([
      {
        type: 'organization.directory.user_updated',
        organization_id: rows.organization,
        data: { id: rows.user, ...place, title: 'Captain', groups: [{ id: rows.group }] },
      },
      {
        type: 'organization.directory.user_created',
        data: { id: expect.stringMatching(/^diruser_\w{26}$/), ...place },
      },
      { type: 'organization.directory.user_updated', data: { ...place, groups: [{ id: rows.group }] } },
      { type: 'organization.directory.user_deleted', data: { id: rows.user, ...place, active: false } },
    ]);
    const { users } = await scalekit.directory.listDirectoryUsers(rows.organization, rows.directory);
    expect(users).toMatchObject([{ id: rows.user }, { email: 'bob@acme.test', groups: [{ id: rows.group }] }]);
    const listed = await scalekit.events.listEventsPaginated(10, undefined, { organizationId: rows.organization });
    expect(listed.events.map(({ data }) => data?.['id'])).toContain(rows.user);
    const before = bodiesOf(receiver.requests);
    const again = await replay(endpointId, receiver);
    for (const [id, body] of before) expect(again.get(id)).toBe(body);
  });
});

describe('an application that leaves WorkOS', () => {
  const rows = {
    organization: 'org_01EHZNVPK3SFK441A1RGBFSHRT',
    directory: 'directory_01ECAZ4NV9QMV47GW873HDCX74',
    user: 'directory_user_01E1JG7J09H96KYP8HM9B0G5SJ',
    group: 'directory_group_01E64QTDNS0EGJ0FMCVY9BWGZT',
  };
  let source: TestWorkos;
  let receiver: Receiver;
  let workos: WorkOS;

  beforeAll(async () => {
    [source, receiver] = [await startWorkos('sk_live_1'), await startReceiver()];
    const scopes = ['read', 'write'];
    const { api_key: key } = await api<{ api_key: string }>('POST', '/api_clients', { name: 'The app', scopes });
    const { hostname, port } = new URL(server.baseUrl);
    workos = new WorkOS(key, { apiHostname: hostname, port: Number(port), https: false });
    const place = { directory_id: rows.directory, organization_id: rows.organization };
    const group = { id: rows.group, idp_id: '00g81', name: 'Engineering', ...place };
    const ada = { id: rows.user, idp_id: '00u71', email: 'ada@acme.test', state: 'active', groups: [group], ...place };
    const customer = { id: rows.organization, name: 'Acme', created_at: '2026-01-01T00:00:00Z' };
    const directory = { id: rows.directory, name: 'Acme', state: 'linked', type: 'okta scim v2.0', ...place };
    source.organizations.push(customer);
    source.directories.push(directory);
    source.groups.push(group);
    source.users.push({ ...ada, ...place });
    const tokens = `${rows.directory} ${TOKEN} ${server.baseUrl}/scim/v2.0/AbC1`;
    await bring('workos', tokens, { WORKOS_API_KEY: 'sk_live_1' }, '--from', source.baseUrl);
  });

  afterAll(async () => {
    await source?.stop();
    await receiver?.stop();
  });

  it('finds its rows in the SDK’s answers, and a leaver’s in the event', async () => {
    const { id: endpointId, secret } = await addEndpoint(receiver, 'workos');
    receiver.answerOnce({ status: 500 });
    await sendAsBefore(`${server.baseUrl}/scim/v2.0/AbC1`, rows);
    await waitUntil(() => receiver.requests.some(({ body }) => body.includes('dsync.user.deleted')));
    expect(receiver.requests.length).toBe(bodiesOf(receiver.requests).size + 1);
    const told = await Promise.all(
      receiver.requests.map(({ headers, body }) =>
        workos.webhooks.constructEvent({
          payload: JSON.parse(body) as Record<string, unknown>,
          sigHeader: String(headers['workos-signature']),
          secret,
        }),
      ),
    );
    // The directory itself may have been told before there was an endpoint.
    const events = [...new Map(told.map((event) => [event.id, event])).values()].filter(
      ({ event }) => event !== 'dsync.activated',
    );
    const place = { directoryId: rows.directory, organizationId: rows.organization };
    const bob = { id: expect.stringMatching(/^diruser_\w{26}$/) as string, ...place };
    expect(events).toMatchObject([
      { event: 'dsync.user.updated', data: { id: rows.user, idpId: '00u71', ...place } },
      { event: 'dsync.user.created', data: bob },
      {
        event: 'dsync.group.user_added',
        data: { directoryId: rows.directory, user: bob, group: { id: rows.group, ...place } },
      },
      { event: 'dsync.user.deleted', data: { id: rows.user, state: 'inactive', ...place } },
    ]);
    const { data } = await workos.directorySync.listUsers({ directory: rows.directory, order: 'asc' });
    expect(data).toMatchObject([{ id: rows.user, ...place }, { groups: [{ id: rows.group }] }]);
    expect(await workos.directorySync.getUser(rows.user)).toMatchObject({ id: rows.user, state: 'inactive' });
    const { data: listed } = await workos.events.listEvents({
      events: ['dsync.user.deleted'],
      organizationId: rows.organization,
    });
    expect(listed).toMatchObject([{ data: { id: rows.user, ...place } }]);
    const before = bodiesOf(receiver.requests);
    const again = await replay(endpointId, receiver);
    for (const [id, body] of before) expect(again.get(id)).toBe(body);
  });
});

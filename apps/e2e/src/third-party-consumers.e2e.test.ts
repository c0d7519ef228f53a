import { buildScenario, findDialect, type Held, simulateProvider } from '@rollcall/idp-simulator';
import {
  buildOktaUser,
  type ReceivedRequest,
  type Receiver,
  type RunningRollcall,
  startReceiver,
  startRollcall,
  waitUntil,
} from '@rollcall/testing';
import { ScalekitClient } from '@scalekit-sdk/node';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byId } from './support/by-id';
import { createDirectory, type ReadyDirectory } from './support/create-directory';
import { createScalekitConsumer } from './support/scalekit-consumer';

let rollcall: RunningRollcall;

beforeAll(async () => {
  rollcall = await startRollcall();
  return async () => void (await rollcall.stop());
});

type Headers = Record<string, string>;

/** Each as its documentation says to call it, with the request's headers and its raw body. They throw when they refuse. */
const LIBRARIES: [string, (secret: string, headers: Headers, body: string) => unknown][] = [
  ['standardwebhooks', (secret, headers, body) => new StandardWebhook(secret).verify(body, headers)],
  ['svix', (secret, headers, body) => new SvixWebhook(secret).verify(body, headers)],
  [
    '@scalekit-sdk/node',
    (secret, headers, body) =>
      new ScalekitClient('https://acme.scalekit.example', 'skc_1', 'test_1').verifyWebhookPayload(
        secret,
        headers,
        body,
      ),
  ],
];

describe.each(LIBRARIES)('%s verifies what is delivered', (_name, verify) => {
  let receiver: Receiver;
  let directory: ReadyDirectory;
  let endpointId: string;
  let people = 0;
  const secrets: string[] = [];

  beforeAll(async () => {
    receiver = await startReceiver();
    directory = await createDirectory(rollcall);
    const answer = await directory.api<{ webhook_endpoint: { id: string }; secret: string }>(
      'POST',
      '/webhook_endpoints',
      { url: receiver.url, organization_ids: [directory.organizationId] },
    );
    endpointId = answer.webhook_endpoint.id;
    secrets.push(answer.secret);
  });

  afterAll(() => receiver.stop());

  it('with the endpoint’s one secret', async () => {
    const { headers, body } = await receiveOne();
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(1);
    expect(accepts(secrets[0], headers, body)).toBe(true);
  });

  it('and refuses another body, id, time, secret, and a request without the headers', async () => {
    const { headers, body } = await receiveOne();
    const secret = secrets[0];
    const old = String(Number(headers['webhook-timestamp']) - 301);
    const stranger = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    expect(accepts(secret, headers, body)).toBe(true);
    expect(accepts(secret, headers, body.replace('true', 'false'))).toBe(false);
    expect(accepts(secret, headers, JSON.stringify(JSON.parse(body), null, 1))).toBe(false);
    expect(accepts(secret, { ...headers, 'webhook-id': 'evt_0' }, body)).toBe(false);
    expect(accepts(secret, { ...headers, 'webhook-timestamp': old }, body)).toBe(false);
    expect(accepts(secret, {}, body)).toBe(false);
    expect(accepts(stranger, headers, body)).toBe(false);
  });

  it('with each of two secrets while they overlap', async () => {
    await rotate(3_600);
    const { headers, body } = await receiveOne();
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(secrets.map((secret) => accepts(secret, headers, body))).toEqual([true, true]);
  });

  it('with each of three secrets while they overlap', async () => {
    await rotate(3_600);
    const { headers, body } = await receiveOne();
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(3);
    expect(secrets.map((secret) => accepts(secret, headers, body))).toEqual([true, true, true]);
    expect(accepts(secrets[0], headers, body.replace('true', 'false'))).toBe(false);
  });

  it('with the newest secret alone once the others have ended', async () => {
    await rotate(0);
    const { headers, body } = await receiveOne();
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(1);
    expect(secrets.map((secret) => accepts(secret, headers, body))).toEqual([false, false, false, true]);
  });

  /** The next delivery, of a user who is created for it. */
  async function receiveOne(): Promise<{ headers: Headers; body: string }> {
    const userName = `person-${++people}@acme.test`;
    const answer = await fetch(`${directory.scimUrl}/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${directory.token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(buildOktaUser(people, { userName, displayName: 'Zoë 三番町' })),
    });
    expect(answer.status).toBe(201);
    const isIts = (request: ReceivedRequest) => request.body.includes(userName);
    const requests = await receiver.waitFor((all) => all.some(isIts));
    const { headers, body } = requests.find(isIts) as ReceivedRequest;
    return { headers: headers as Headers, body };
  }

  async function rotate(overlapSeconds: number): Promise<void> {
    const path = `/webhook_endpoints/${endpointId}/secret:rotate`;
    const { secret } = await directory.api<{ secret: string }>('POST', path, { overlap_seconds: overlapSeconds });
    secrets.push(secret);
  }

  function accepts(secret: string | undefined, headers: Headers, body: string): boolean {
    try {
      verify(secret ?? '', headers, body);
      return true;
    } catch (error) {
      expect(error).toHaveProperty('message');
      return false;
    }
  }
});

/** Every key that Scalekit documents; values are compared where the provider's are known. */
const SCALEKIT_FIELDS = {
  envelope: ['spec_version', 'id', 'type', 'object', 'environment_id', 'organization_id', 'occurred_at', 'data'],
  user_created:
    'id organization_id dp_id preferred_username email active name given_name family_name nickname picture phone_number address title user_type department division cost_center employee_id organization profile language locale zoneinfo groups roles custom_attributes raw_attributes'.split(
      ' ',
    ),
  user_updated: [
    'id',
    'organization_id',
    'dp_id',
    'email',
    'active',
    'groups',
    'roles',
    'custom_attributes',
    'raw_attributes',
  ],
  user_deleted: ['id', 'organization_id', 'dp_id', 'email'],
  group_created: ['id', 'directory_id', 'organization_id', 'display_name', 'external_id', 'raw_attributes'],
  group_updated: ['id', 'directory_id', 'organization_id', 'display_name', 'external_id', 'raw_attributes'],
  group_deleted: ['id', 'directory_id', 'organization_id', 'display_name', 'dp_id', 'raw_attributes'],
  directory_enabled: ['id', 'directory_type', 'organization_id', 'provider', 'enabled', 'status', 'updated_at'],
  directory_disabled: ['id', 'directory_type', 'organization_id', 'provider', 'enabled', 'status', 'updated_at'],
};

const SCALEKIT_OBJECTS = { user: 'DirectoryUser', group: 'DirectoryGroup', directory: 'Directory' };

describe('a consumer written for Scalekit', () => {
  let receiver: Receiver;
  let directory: ReadyDirectory;
  let held: Held;
  let consumer: ReturnType<typeof createScalekitConsumer>;

  beforeAll(async () => {
    receiver = await startReceiver();
    directory = await createDirectory(rollcall);
    const { secret } = await directory.api<{ secret: string }>('POST', '/webhook_endpoints', {
      url: receiver.url,
      organization_ids: [directory.organizationId],
    });
    consumer = createScalekitConsumer(secret);
    const path = `/organizations/${directory.organizationId}/directories/${directory.directoryId}`;
    await directory.api('PATCH', `${path}:disable`);
    await directory.api('PATCH', `${path}:enable`);
    held = await runOkta(directory);
    await createAndDelete(directory);
    const isEnd = ({ body }: ReceivedRequest) => body.includes('"type":"organization.directory.user_deleted"');
    await receiver.waitFor((requests) => requests.some(isEnd));
    await nothingIsPending(directory);
    for (const request of receiver.requests) consumer.receive(request);
  });

  afterAll(() => receiver.stop());

  it('comes to hold the people that Okta has assigned, with their attributes, state and groups', () => {
    const actual = [...consumer.users.values()].map((user) => ({
      id: user.id,
      dp_id: user.dp_id,
      email: user.email,
      name: user.name,
      given_name: user.given_name,
      title: user['title'],
      department: user['department'],
      active: user.active,
      groups: user.groups.map(({ id }) => id).toSorted(),
    }));
    const expected = held.users.map(({ remoteId, externalId, person, active, groups }) => ({
      id: `diruser_${remoteId}`,
      dp_id: externalId,
      email: person.email,
      name: person.displayName,
      given_name: person.givenName,
      title: person.title,
      department: person.department,
      active,
      groups: groups.map((id) => `dirgroup_${id}`),
    }));
    expect(expected).not.toHaveLength(0);
    expect(byId(actual)).toEqual(byId(expected));
  });

  it('comes to hold the groups that Okta has pushed, under their last names', () => {
    const actual = [...consumer.groups.values()].map(({ id, display_name: name }) => ({ id, name }));
    const expected = held.groups.map(({ remoteId, name }) => ({ id: `dirgroup_${remoteId}`, name }));
    expect(expected).not.toHaveLength(0);
    expect(byId(actual)).toEqual(byId(expected));
  });

  it('knows that the directory is enabled again', () => {
    expect([...consumer.directories.values()]).toEqual([
      expect.objectContaining({ id: directory.directoryId, directory_type: 'SCIM', provider: 'OKTA', enabled: true }),
    ]);
  });

  it.each(Object.keys(SCALEKIT_FIELDS).filter((name) => name !== 'envelope'))(
    'finds every documented field in %s',
    (name) => {
      const type = name.startsWith('directory_') ? `organization.${name}` : `organization.directory.${name}`;
      const events = receiver.requests.map((request) => request.json<Record<string, unknown>>());
      const ofType = events.filter((event) => event['type'] === type);
      expect(ofType).not.toHaveLength(0);
      for (const event of ofType) {
        expect(Object.keys(event)).toEqual(expect.arrayContaining(SCALEKIT_FIELDS.envelope));
        expect(event).toMatchObject({
          spec_version: '1',
          object: SCALEKIT_OBJECTS[name.split('_')[0] as keyof typeof SCALEKIT_OBJECTS],
          environment_id: rollcall.bootstrap.environment_id,
          organization_id: directory.organizationId,
          data: { organization_id: directory.organizationId },
        });
        const documented = SCALEKIT_FIELDS[name as keyof typeof SCALEKIT_FIELDS];
        expect(Object.keys(event['data'] as object)).toEqual(expect.arrayContaining(documented));
      }
    },
  );
});

/** A working day of a simulated Okta; what the app must hold at its end. */
async function runOkta({ scimUrl, token }: ReadyDirectory): Promise<Held> {
  const scenario = buildScenario({ people: 12 });
  const okta = simulateProvider({
    dialect: findDialect('okta'),
    connection: { baseUrl: scimUrl, token },
    scenario,
  });
  expect(await okta.run(scenario.actions)).toEqual([]);
  return okta.held();
}

/** Okta deactivates and does not delete; other providers do. */
async function createAndDelete({ scimUrl, token }: ReadyDirectory): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const body = JSON.stringify(buildOktaUser(9_999));
  const created = await fetch(`${scimUrl}/Users`, { method: 'POST', headers, body });
  const { id } = (await created.json()) as { id: string };
  expect((await fetch(`${scimUrl}/Users/${id}`, { method: 'DELETE', headers })).status).toBe(204);
}

async function nothingIsPending({ api, organizationId }: ReadyDirectory): Promise<void> {
  const { webhook_endpoints: endpoints } = await api<{
    webhook_endpoints: { id: string; organization_ids: string[] }[];
  }>('GET', '/webhook_endpoints?page_size=100');
  for (const { id } of endpoints.filter(({ organization_ids: ids }) => ids.includes(organizationId))) {
    const path = `/webhook_endpoints/${id}/deliveries?state=pending&page_size=1`;
    const isDone = async () => (await api<{ total_size: number }>('GET', path)).total_size === 0;
    await waitUntil(isDone, { what: 'the end of all deliveries' });
  }
}

import { buildScenario, findDialect, type Held, simulateProvider } from '@rollcall/idp-simulator';
import { type Receiver, type RunningRollcall, startReceiver, startRollcall, waitUntil } from '@rollcall/testing';
import { WorkOS } from '@workos-inc/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byId } from './support/by-id';
import { connectManagementApi, type ManagementApi } from './support/connect-management-api';
import { createScalekitConsumer } from './support/scalekit-consumer';
import { createWorkosConsumer } from './support/workos-consumer';

let rollcall: RunningRollcall;
let api: ManagementApi;
/** What a customer of WorkOS has: its SDK, at another address and with another key. */
let workos: WorkOS;
let receiver: Receiver;
let consumer: ReturnType<typeof createWorkosConsumer>;
let scalekitReceiver: Receiver;
let scalekit: ReturnType<typeof createScalekitConsumer>;
let organizationId: string;
let directoryId: string;
let held: Held;

beforeAll(async () => {
  rollcall = await startRollcall();
  const { client_id: clientId, client_secret: clientSecret } = rollcall.bootstrap;
  api = await connectManagementApi(rollcall.baseUrl, { clientId, clientSecret });
  const { api_key: key } = await api<{ api_key: string }>('POST', '/api_clients', {
    name: 'The app',
    scopes: ['read', 'write'],
  });
  const { hostname, port } = new URL(rollcall.baseUrl);
  workos = new WorkOS(key, { apiHostname: hostname, port: Number(port), https: false });
  ({ id: organizationId } = await workos.organizations.createOrganization({ name: 'Northwind' }));

  receiver = await startReceiver();
  scalekitReceiver = await startReceiver();
  consumer = createWorkosConsumer(await addEndpoint(receiver, 'workos'));
  scalekit = createScalekitConsumer(await addEndpoint(scalekitReceiver, 'scalekit'));
  const connection = await connectDirectory();
  const okta = simulateProvider({ dialect: findDialect('okta'), connection, scenario: buildScenario({ people: 12 }) });
  expect(await okta.run(buildScenario({ people: 12 }).actions)).toEqual([]);
  held = okta.held();
  await everythingIsSent();
  for (const request of receiver.requests) await consumer.receive(request);
  for (const request of scalekitReceiver.requests) scalekit.receive(request);
  return async () => void (await rollcall.stop());
});

afterAll(async () => {
  await receiver?.stop();
  await scalekitReceiver?.stop();
});

async function addEndpoint({ url }: Receiver, dialect: string): Promise<string> {
  const settings = { url, dialect, organization_ids: [organizationId], ordering: 'fifo' };
  return (await api<{ secret: string }>('POST', '/webhook_endpoints', settings)).secret;
}

/** What the customer's admin does in the portal. */
async function connectDirectory(): Promise<{ baseUrl: string; token: string }> {
  const path = `/organizations/${organizationId}/directories`;
  const { directory } = await api<{ directory: { id: string; directory_endpoint: string } }>('POST', path, {
    directory: { directory_type: 'SCIM', directory_provider: 'OKTA' },
  });
  directoryId = directory.id;
  const { plain_secret: token } = await api<{ plain_secret: string }>('POST', `${path}/${directoryId}/secrets`, {});
  return { baseUrl: directory.directory_endpoint, token };
}

async function everythingIsSent(): Promise<void> {
  const { webhook_endpoints: endpoints } = await api<{ webhook_endpoints: { id: string }[] }>(
    'GET',
    '/webhook_endpoints',
  );
  const { events } = await api<{ events: unknown[] }>('GET', `/events?directory_id=${directoryId}&page_size=1000`);
  expect(events).not.toHaveLength(0);
  for (const { id } of endpoints) {
    const count = async (state: string) =>
      (await api<{ total_size: number }>('GET', `/webhook_endpoints/${id}/deliveries?state=${state}&page_size=1`))
        .total_size;
    await waitUntil(async () => (await count('pending')) === 0 && (await count('succeeded')) > 0, {
      what: 'the end of all deliveries',
    });
  }
}

describe('an app that was written for WorkOS', () => {
  const active = () => held.users.filter((user) => user.active);

  it('comes to hold by webhook the people who are active, and no leaver', () => {
    const actual = [...consumer.users.values()].map(({ id, idpId, email, firstName, state }) => ({
      id,
      idpId,
      email,
      firstName,
      state,
    }));
    const expected = active().map(({ remoteId, externalId, person }) => ({
      id: `diruser_${remoteId}`,
      idpId: externalId,
      email: person.email,
      firstName: person.givenName,
      state: 'active' as const,
    }));
    expect(expected).not.toHaveLength(held.users.length);
    expect(byId(actual)).toEqual(byId(expected));
  });

  it('comes to hold the groups and who is in them', () => {
    expect(Object.fromEntries(consumer.groups)).toEqual(
      Object.fromEntries(held.groups.map(({ remoteId, name }) => [`dirgroup_${remoteId}`, name])),
    );
    const membersOf = (groupId: string) =>
      [...(consumer.members.get(groupId) ?? [])].filter((id) => consumer.users.has(id)).toSorted();
    for (const { remoteId } of held.groups) {
      const expected = active().filter(({ groups }) => groups.includes(remoteId));
      expect(membersOf(`dirgroup_${remoteId}`)).toEqual(expected.map((user) => `diruser_${user.remoteId}`).toSorted());
    }
  });

  it('reads the same by its SDK', async () => {
    const users = await (await workos.directorySync.listUsers({ directory: directoryId })).autoPagination();
    const isActive = ({ state }: { state: string }) => state === 'active';
    expect(users.filter(isActive).map(({ id }) => id)).toEqual(
      expect.arrayContaining([...consumer.users.keys()]) as string[],
    );
    expect(users).toHaveLength(held.users.length);
    const groups = await (await workos.directorySync.listGroups({ directory: directoryId })).autoPagination();
    expect(new Set(groups.map(({ id }) => id))).toEqual(new Set(consumer.groups.keys()));
    expect(await workos.directorySync.getDirectory(directoryId)).toMatchObject({ organizationId, state: 'active' });
  });

  it('reads in the list of events exactly those that came by webhook', async () => {
    const read = new Set<string>();
    for (let after: string | undefined; ;) {
      const page = await workos.events.listEvents({
        events: [
          'dsync.activated',
          'dsync.user.created',
          'dsync.user.updated',
          'dsync.user.deleted',
          'dsync.group.created',
          'dsync.group.updated',
          'dsync.group.deleted',
          'dsync.group.user_added',
          'dsync.group.user_removed',
        ],
        limit: 100,
        after,
      });
      for (const { id } of page.data) read.add(id);
      after = page.listMetadata.after ?? undefined;
      if (after === undefined) break;
    }
    expect(read).toEqual(consumer.seen);
  });

  it('sends the admin to the portal', async () => {
    const { link } = await workos.adminPortal.generateLink({ organization: organizationId, intent: 'dsync' });
    expect((await fetch(link)).status).toBe(200);
  });
});

describe('an app that was written for Scalekit', () => {
  it('comes to hold the people who are active, and no leaver, on an endpoint of that dialect', () => {
    const expected = held.users.filter((user) => user.active).map(({ remoteId }) => `diruser_${remoteId}`);
    expect([...scalekit.users.keys()].toSorted()).toEqual(expected.toSorted());
    const { data } = scalekitReceiver.requests[0]?.json<{ data: { emails?: unknown } }>() ?? { data: {} };
    expect(data.emails).toEqual([expect.any(String)]);
  });
});

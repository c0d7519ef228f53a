import { type Receiver, type RunningRollcall, startReceiver, startRollcall, waitUntil } from '@rollcall/testing';
import { Scalekit, WebhookVerificationError } from '@scalekit-sdk/node';
import { beforeAll, expect, it } from 'vitest';

// An application of Scalekit's customer: it has their SDK, a URL, an id and a secret, and nothing of Rollcall's.

let rollcall: RunningRollcall;
let receiver: Receiver;
let scalekit: Scalekit;
let token: string;

beforeAll(async () => {
  rollcall = await startRollcall();
  receiver = await startReceiver();
  const { client_id: clientId, client_secret: clientSecret } = rollcall.bootstrap;
  scalekit = new Scalekit(rollcall.baseUrl, clientId, clientSecret);
  token = await rollcall.accessToken();
  return async () => {
    await receiver.stop();
    await rollcall.stop();
  };
});

/** What Scalekit's customers do in its dashboard, for which their SDK has no call. */
const inDashboard = async <Body>(path: string, body: object): Promise<Body> => {
  const answer = await fetch(`${rollcall.baseUrl}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Body;
};

it('sets a customer up, hears of its people by a webhook that it verifies, and lists them and their events', async () => {
  const { secret } = await inDashboard<{ secret: string }>('/webhook_endpoints', {
    url: receiver.url,
    dialect: 'scalekit',
    deactivation: 'update',
  });
  const { organization } = await scalekit.organization.createOrganization('Northwind', { externalId: 'northwind' });
  const organizationId = organization?.id ?? '';
  await scalekit.organization.updateOrganizationSettings(organizationId, {
    features: [{ name: 'dir_sync', enabled: true }],
  });
  const { location } = await scalekit.organization.generatePortalLink(organizationId);
  expect(location).toContain(`${rollcall.baseUrl.replace('127.0.0.1', 'localhost')}/portal`);

  // What the customer's admin does in the portal.
  await inDashboard(`/organizations/${organizationId}/directories`, {
    directory: { directory_type: 'SCIM', directory_provider: 'OKTA' },
  });
  const directory = await scalekit.directory.getPrimaryDirectoryByOrganizationId(organizationId);
  const { plain_secret: scimToken } = await inDashboard<{ plain_secret: string }>(
    `/organizations/${organizationId}/directories/${directory.id}/secrets`,
    {},
  );
  const provisioned = await fetch(`${directory.directoryEndpoint}/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${scimToken}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify({
      userName: 'ada@northwind.example',
      emails: [{ value: 'ada@northwind.example', primary: true }],
      name: { givenName: 'Ada', familyName: 'Lovelace' },
    }),
  });
  expect(provisioned.status).toBe(201);

  const isHers = ({ body }: { body: string }) => body.includes('ada@northwind.example');
  const { headers, body } = (await receiver.waitFor((all) => all.some(isHers))).find(isHers) ?? {
    headers: {},
    body: '',
  };
  expect(scalekit.verifyWebhookPayload(secret, headers as Record<string, string>, body)).toBe(true);
  expect(() => scalekit.verifyWebhookPayload(secret, headers as Record<string, string>, `${body} `)).toThrow(
    WebhookVerificationError,
  );
  const told = JSON.parse(body) as { id: string; type: string; data: { id: string } };
  expect(told.type).toBe('organization.directory.user_created');

  const { users } = await scalekit.directory.listDirectoryUsers(organizationId, directory.id, { includeDetail: true });
  expect(users).toMatchObject([
    { id: told.data.id, email: 'ada@northwind.example', givenName: 'Ada', emails: ['ada@northwind.example'] },
  ]);
  const listed = await scalekit.events.listEventsPaginated(10, undefined, { organizationId });
  expect(listed.events.find(({ id }) => id === told.id)?.data).toEqual(told.data);
  const { client_id: clientId, client_secret: clientSecret } = rollcall.bootstrap;
  const ofTheirs = await scalekit.generateClientToken(clientId, clientSecret);
  expect(await scalekit.validateAccessToken(ofTheirs)).toBe(true);
});

it('goes on with the same client when its connection was closed and the server started anew', async () => {
  const before = await scalekit.organization.listOrganization();
  await rollcall.kill9Only('ingress');
  const list = () => scalekit.organization.listOrganization().catch(() => null);
  const after = await waitUntil(list, { what: 'the SDK reaching the new process' });
  expect(after.totalSize).toBe(before.totalSize);
});

import { once } from 'node:events';
import { connect, type ClientHttp2Session } from 'node:http2';
import { create, fromBinary, toBinary, toJsonString } from '@bufbuild/protobuf';
import type { DescMethod } from '@bufbuild/protobuf';
import { ScalekitClient, ScalekitUnauthorizedException } from '@scalekit-sdk/node';
import { DirectoryProvider } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessTokenKeys, issueAccessToken, newId, parseId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import { createDataSource, migrateDatabase } from '@rollcall/database';
import { connectApi } from '../management/testing/api-client';
import type { ApiClient } from '../management/testing/api-client';
import { pathOf as pathOfDirectory, startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { pathOf, SERVICES } from './find-method';

let test: TestApi;
let scalekit: ScalekitClient;
/** An organization with a directory of one person, who is in a group, and a role. */
let organizationId: string;
let directoryId: string;
let groupId: string;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  scalekit = newClient();
  const directory = await test.newDirectory();
  ({ organization_id: organizationId, id: directoryId } = directory);
  const scim = await test.newScim(directory);
  const person = await scim.call('POST', '/Users', { userName: 'person-00@acme.example' });
  const group = { displayName: 'Crew', members: [{ value: person.body.id }] };
  groupId = `dirgroup_${(await scim.call('POST', '/Groups', group)).body.id}`;
  await test.api.call('PATCH', `/organizations/${organizationId}`, { external_id: 'taken' });
  await test.api.call('POST', '/roles', { role_name: 'pilot' });
});

afterAll(() => test.stop());

function newClient(): ScalekitClient {
  const { client_id, client_secret } = test.ingress.credentials;
  return new ScalekitClient(test.ingress.baseUrl, client_id, client_secret);
}

describe('an access token', () => {
  it('is valid by the published keys until it expires, and only where it was made', async () => {
    await scalekit.role.listRoles();
    const { accessToken } = (scalekit as unknown as { coreClient: { accessToken: string } }).coreClient;
    expect(await scalekit.validateAccessToken(accessToken)).toBe(true);
    const claims = await scalekit.validateToken<{ client_id: string; iss: string }>(accessToken);
    expect(claims.client_id).toBe(test.ingress.credentials.client_id);
    expect(await scalekit.validateAccessToken(accessToken, { issuer: claims.iss })).toBe(true);
    expect(await scalekit.validateAccessToken(`${accessToken.slice(0, -4)}AAAA`)).toBe(false);
    const settings = { keys: accessTokenKeys(test.ingress.keys), issuer: claims.iss };
    const says = { clientId: claims.client_id, environmentId: '01', secretId: '01' };
    const ago = new Date(Date.now() - 7_200_000);
    expect(await scalekit.validateAccessToken(await issueAccessToken(says, { ...settings, now: ago }))).toBe(false);
    const elsewhere = { ...settings, keys: accessTokenKeys({ secretKey: Buffer.alloc(32, 7) }) };
    expect(await scalekit.validateAccessToken(await issueAccessToken(says, elsewhere))).toBe(false);
  });

  it('that has expired is got anew by the SDK, and the call goes on', async () => {
    const { client_id: clientId, environment_id: environmentId } = test.ingress.credentials;
    const { payload } = readToken(test.api.accessToken);
    const expired = await issueAccessToken(
      { clientId, environmentId: parseId('env', environmentId) ?? '', secretId: payload.secret_id },
      { keys: accessTokenKeys(test.ingress.keys), issuer: payload.iss, now: new Date(Date.now() - 7_200_000) },
    );
    const [client, session] = [newClient(), connect(test.ingress.baseUrl)];
    (client as unknown as { coreClient: { accessToken: string } }).coreClient.accessToken = expired;
    expect((await client.role.listRoles()).roles).toHaveLength(1);
    const [method] = SERVICES[0]?.methods ?? [];
    if (!method) throw new Error('there is a method');
    expect((await send(session, expired, method, {})).status).toBe('16');
    session.destroy();
  });
});

interface TokenPayload {
  secret_id: string;
  iss: string;
}

function readToken(token: string): { payload: TokenPayload } {
  return { payload: JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as TokenPayload };
}

/** Calls a method with what is given of its message, and returns the status of gRPC and the answer as JSON. */
async function send(
  session: ClientHttp2Session,
  token: string,
  method: DescMethod,
  given: object,
  headers: Record<string, string> = {},
): Promise<{ status: string; answer: string }> {
  const message = toBinary(method.input, create(method.input, given as Record<string, unknown>));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  const stream = session.request({
    ':method': 'POST',
    ':path': pathOf(method),
    'content-type': 'application/grpc+proto',
    authorization: `Bearer ${token}`,
    ...headers,
  });
  stream.end(Buffer.concat([prefix, message]));
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  // The status stands in the head of an answer that is nothing else.
  let status: Record<string, string> = {};
  const take = (fields: Record<string, string>) => (status = { ...status, ...fields });
  stream.on('response', take).on('trailers', take);
  await once(stream, 'end');
  const bytes = Buffer.concat(chunks);
  const answer = bytes.length < 5 ? '' : toJsonString(method.output, fromBinary(method.output, bytes.subarray(5)));
  return { status: status['grpc-status'] ?? '', answer };
}

/** What a message may name. */
interface Named {
  organizationId: string;
  directoryId: string;
  groupId: string;
}

/** A message with these in each of its fields that may name something. */
function fill({ input }: DescMethod, id: string, named: Named): object {
  const { organizationId: organization } = named;
  const known: Record<string, unknown> = {
    organizationId: organization,
    orgId: organization,
    directoryId: named.directoryId,
    directoryGroupId: named.groupId,
    roleName: 'pilot',
    defaultMemberRole: 'pilot',
    externalId: 'taken',
    query: 'A',
    linkId: 'lnk_01kag3v2q9x8w7n6m5k4j3h2g1',
    filter: { organizationId: organization },
    organization: { displayName: 'Stolen' },
    directory: { name: 'Stolen', directoryProvider: DirectoryProvider.OKTA },
    role: { name: 'stolen', displayName: 'Stolen' },
    identities: { case: 'id', value: id },
    id,
  };
  const names = input.members.map(({ localName }) => localName);
  return Object.fromEntries(names.filter((name) => name in known).map((name) => [name, known[name]]));
}

/** What the API shows of the organization, its directory and the roles. */
async function stateOf(api: ApiClient): Promise<unknown[]> {
  const path = pathOfDirectory({ organization_id: organizationId, id: directoryId });
  const read = ['/organizations?page_size=100', path, '/roles', `/organizations/${organizationId}/portal_links`];
  return Promise.all(read.map(async (url) => (await api.call('GET', url)).body));
}

describe('whatever method a client of another environment calls', () => {
  let session: ClientHttp2Session;

  beforeAll(() => {
    session = connect(test.ingress.baseUrl);
    return () => session.destroy();
  });

  const calls = SERVICES.flatMap(({ methods }) =>
    methods.flatMap((method) => ['organization', 'directory'].map((of) => [method.name, of, method] as const)),
  );

  it.each(calls)('%s with the id of a %s tells and changes nothing', async (_name, of, method) => {
    const before = await stateOf(test.api);
    const { status, answer } = await send(
      session,
      test.foreign.accessToken,
      method,
      fill(method, of === 'organization' ? organizationId : directoryId, { organizationId, directoryId, groupId }),
    );
    // Done in its own environment, or refused: for its input, as not found, there already, not possible, not offered.
    expect(['0', '3', '5', '6', '9', '12']).toContain(status);
    for (const secret of [organizationId, directoryId, groupId, 'person-00', 'Crew', '"pilot"'])
      expect(answer).not.toContain(secret);
    expect(await stateOf(test.api)).toEqual(before);
  });

  it('needs a token', async () => {
    for (const { methods } of SERVICES)
      for (const method of methods) {
        const { status } = await send(session, 'none', method, {});
        expect(['12', '16']).toContain(status);
      }
  });
});

it('is unauthenticated without a token, which is what the SDK gets one for', async () => {
  const client = newClient();
  const core = client as unknown as { coreClient: { authenticateClient: () => Promise<void> } };
  core.coreClient.authenticateClient = () => Promise.resolve();
  await expect(client.organization.listOrganization()).rejects.toBeInstanceOf(ScalekitUnauthorizedException);
});

describe('whatever method a client of one organization calls', () => {
  /** Everything else is refused, or not offered: a new method that is to be for such a client belongs here. */
  const OPEN = new Set(
    `GetOrganization GetOrganizationByExternalId ListOrganization SearchOrganization
    GeneratePortalLink GetPortalLinks DeletePortalLink DeletePortalLinkByID
    CreateDirectory UpdateDirectory DeleteDirectory GetDirectory ListDirectories EnableDirectory DisableDirectory
    ListDirectoryUsers ListDirectoryGroups ListDirectoryGroupsSummary
    CreateDirectorySecret RegenerateDirectorySecret AssignRoles UpdateAttributes
    ListEventsPaginated ListEvents GetRole ListRoles ListDependentRoles`.split(/\s+/),
  );
  let session: ClientHttp2Session;
  let token: string;
  let own: string;

  beforeAll(async () => {
    own = await test.newOrganization();
    const { body } = await test.api.call<{ api_client: { client_id: string }; client_secret: string }>(
      'POST',
      '/api_clients',
      { name: 'One organization’s', scopes: ['read', 'write'], organization_id: own },
    );
    ({ accessToken: token } = await connectApi(test.ingress.baseUrl, {
      ...test.ingress.credentials,
      client_id: body.api_client.client_id,
      client_secret: body.client_secret,
    }));
    session = connect(test.ingress.baseUrl);
    return () => session.destroy();
  });

  const methods = SERVICES.flatMap((service) => service.methods.map((method) => [method.name, method] as const));

  it.each(methods)('%s with the ids of another organization tells and changes nothing of it', async (_name, method) => {
    const before = await stateOf(test.api);
    for (const id of [organizationId, directoryId]) {
      const { status, answer } = await send(
        session,
        token,
        method,
        fill(method, id, { organizationId, directoryId, groupId }),
      );
      // Answered with what is its own or everybody's, or refused: for its input, as not found, not allowed, not offered.
      expect(['0', '3', '5', '7', '12']).toContain(status);
      for (const secret of [organizationId, directoryId, groupId, 'person-00', 'Crew'])
        expect(answer).not.toContain(secret);
    }
    expect(await stateOf(test.api)).toEqual(before);
  });

  it.each(methods)(
    '%s with its own organization’s id is refused unless it is for such a client',
    async (name, method) => {
      const before = await stateOf(test.api);
      const nowhere = { organizationId: own, directoryId: `dir_${newId()}`, groupId: `dirgroup_${newId()}` };
      const isOfOrganization = method.input.members.every(({ localName }) => localName !== 'organizationId');
      const { status } = await send(
        session,
        token,
        method,
        fill(method, isOfOrganization ? own : nowhere.directoryId, nowhere),
      );
      if (OPEN.has(name)) expect(['0', '3', '5', '9']).toContain(status);
      else expect(['7', '12']).toContain(status);
      const [organizations, ...rest] = await stateOf(test.api);
      expect([organizations, ...rest]).toEqual(before);
    },
  );
});

describe('the deadline of a call', () => {
  const list = () => {
    const method = SERVICES.flatMap(({ methods }) => methods).find(({ name }) => name === 'ListRoles');
    if (!method) throw new Error('there is such a method');
    return method;
  };
  let session: ClientHttp2Session;

  beforeAll(() => {
    session = connect(test.ingress.baseUrl);
    return () => session.destroy();
  });

  const call = (timeout: string) => send(session, test.api.accessToken, list(), {}, { 'grpc-timeout': timeout });

  it('is told as exceeded when it has passed before the answer is there', async () => {
    expect((await call('1n')).status).toBe('4');
    const holder = await createDataSource({ url: test.database.adminUrl, poolSize: 1 }).initialize();
    const transaction = holder.createQueryRunner();
    try {
      await transaction.startTransaction();
      await transaction.query('LOCK TABLE roles IN ACCESS EXCLUSIVE MODE');
      expect((await call('300m')).status).toBe('4');
      await transaction.rollbackTransaction();
    } finally {
      await transaction.release();
      await holder.destroy();
    }
  });

  it.each(['20S', '99999999H', '30000m'])('of %s is not exceeded', async (timeout) => {
    expect(await call(timeout)).toMatchObject({ status: '0', answer: expect.stringContaining('pilot') });
  });

  it.each(['', '20', '1234567890S', 'soon'])('that is none (%j) is an invalid argument', async (timeout) => {
    expect((await call(timeout)).status).toBe('3');
  });
});

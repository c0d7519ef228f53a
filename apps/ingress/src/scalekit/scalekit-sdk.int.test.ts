import {
  ScalekitBadRequestException,
  ScalekitClient,
  ScalekitConflictException,
  ScalekitForbiddenException,
  ScalekitNotFoundException,
  ScalekitNotImplementedException,
  ScalekitServerException,
  Source,
} from '@scalekit-sdk/node';
import {
  DirectoryProvider,
  DirectoryType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import type { EnvironmentCredentials } from '@rollcall/database';
import { drain } from '../management/testing/drain.test-support';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';
import { runAsAdmin } from '../testing/seed-directory';

const PEOPLE = 35;

let test: TestApi;
let scalekit: ScalekitClient;
/** An organization with a directory of some people, of whom the first are in a group. */
let organizationId: string;
let directoryId: string;
let groupId: string;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
  scalekit = clientOf(test.ingress.credentials);
  const directory = await test.newDirectory();
  ({ organization_id: organizationId, id: directoryId } = directory);
  const scim = await test.newScim(directory);
  const ids: string[] = [];
  for (let n = 0; n < PEOPLE; n += 1) {
    const userName = `person-${String(n).padStart(2, '0')}@acme.example`;
    const emails = [{ value: userName, primary: true }];
    const name = { givenName: 'Ann', familyName: `Number ${n}` };
    ids.push((await scim.call('POST', '/Users', { userName, emails, name, title: 'Pilot' })).body.id);
  }
  const members = ids.slice(0, 2).map((value) => ({ value }));
  groupId = `dirgroup_${(await scim.call('POST', '/Groups', { displayName: 'Crew', members })).body.id}`;
  await drain(test.database.appUrl, directoryId);
});

afterAll(() => test.stop());

const clientOf = ({ client_id, client_secret }: Pick<EnvironmentCredentials, 'client_id' | 'client_secret'>) =>
  new ScalekitClient(test.ingress.baseUrl, client_id, client_secret);

/** What a call that must fail fails with. */
async function failureOf(call: Promise<unknown>): Promise<ScalekitServerException> {
  const error = await call.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof ScalekitServerException) return error;
  throw error;
}

describe('Scalekit’s SDK, unmodified, at an organization', () => {
  it('creates, finds, lists, changes, searches and deletes it', async () => {
    const { organization: made } = await scalekit.organization.createOrganization('Globex', {
      externalId: 'globex',
      slug: 'globex',
      logoUrl: 'https://globex.example/logo.png',
    });
    expect(made).toMatchObject({ displayName: 'Globex', externalId: 'globex', slug: 'globex' });
    expect(made?.logoUrl).toBe('https://globex.example/logo.png');
    const id = made?.id ?? '';
    expect((await scalekit.organization.getOrganization(id)).organization).toEqual(made);
    expect((await scalekit.organization.getOrganizationByExternalId('globex')).organization).toEqual(made);
    const listed = await scalekit.organization.listOrganization({ pageSize: 30 });
    expect(listed.organizations).toContainEqual(made);
    expect(listed.totalSize).toBe(listed.organizations.length);

    const changed = await scalekit.organization.updateOrganization(id, {
      displayName: 'Globex AG',
      metadata: { plan: 'pro' },
    });
    expect(changed.organization).toMatchObject({ id, displayName: 'Globex AG', externalId: 'globex' });
    expect(changed.organization).toMatchObject({ slug: 'globex', logoUrl: 'https://globex.example/logo.png' });
    const again = await scalekit.organization.updateOrganizationByExternalId('globex', { externalId: 'globex-2' });
    expect(again.organization).toMatchObject({ externalId: 'globex-2', metadata: { plan: 'pro' } });
    const found = await scalekit.organization.searchOrganization('bex a', 10);
    expect(found.organizations.map((item) => item.id)).toEqual([id]);

    await scalekit.organization.deleteOrganization(id);
    expect(await failureOf(scalekit.organization.getOrganization(id))).toBeInstanceOf(ScalekitNotFoundException);
  });

  it('switches directory sync on, and makes a link to its portal that opens', async () => {
    const { organization: made } = await scalekit.organization.createOrganization('Initech', {});
    const id = made?.id ?? '';
    expect(made?.settings?.features).toMatchObject([{ name: 'dir_sync', enabled: false }]);
    const settings = { features: [{ name: 'dir_sync', enabled: true }] };
    const { organization } = await scalekit.organization.updateOrganizationSettings(id, settings);
    expect(organization?.settings?.features).toMatchObject([{ name: 'dir_sync', enabled: true }]);
    const link = await scalekit.organization.generatePortalLink(id);
    expect(new URL(link.location).pathname).toMatch(/^\/portal/);
    expect(Number(link.expireTime?.seconds) * 1_000).toBeGreaterThan(Date.now());
    const sso = { features: [{ name: 'sso', enabled: true }] };
    expect(await failureOf(scalekit.organization.updateOrganizationSettings(id, sso))).toBeInstanceOf(
      ScalekitNotImplementedException,
    );
  });

  it('leaves the log of who did what from where, like the REST API', async () => {
    const { organization } = await scalekit.organization.createOrganization('Audited', {});
    const entries = await runAsAdmin<{ action: string; actor_id: string; ip_address: string }>(test.database.adminUrl, [
      ['SELECT action, actor_id, ip_address FROM audit_log WHERE target_id = $1', [organization?.id]],
    ]);
    expect(entries).toEqual([
      { action: 'organization.created', actor_id: test.ingress.credentials.client_id, ip_address: '127.0.0.1' },
    ]);
    expect(test.ingress.logLines().at(-1)).toMatchObject({
      msg: 'request',
      route: '/scalekit.v1.organizations.OrganizationService/CreateOrganization',
      status: 200,
      environment_id: expect.stringMatching(/^env_/),
    });
  });
});

describe('at a directory', () => {
  it('finds it by its id, in the list and as the first one', async () => {
    const { directory } = await scalekit.directory.getDirectory(organizationId, directoryId);
    expect(directory).toMatchObject({
      id: directoryId,
      organizationId,
      directoryType: DirectoryType.SCIM,
      directoryProvider: DirectoryProvider.OKTA,
      enabled: true,
      status: 'COMPLETED',
      totalUsers: PEOPLE,
      totalGroups: 1,
      stats: { totalUsers: PEOPLE, totalGroups: 1 },
    });
    expect(directory?.directoryEndpoint).toMatch(/\/scim\/[^/]+\/v2$/);
    expect(directory?.secrets).toHaveLength(1);
    expect((await scalekit.directory.listDirectories(organizationId)).directories).toMatchObject([{ id: directoryId }]);
    expect(await scalekit.directory.getPrimaryDirectoryByOrganizationId(organizationId)).toEqual(directory);
  });

  it('pages through its users forwards and back', async () => {
    const seen: string[] = [];
    let [pageToken, pages] = ['', 0];
    let previous = '';
    do {
      const page = await scalekit.directory.listDirectoryUsers(organizationId, directoryId, {
        pageSize: 10,
        pageToken,
      });
      expect(page.totalSize).toBe(PEOPLE);
      seen.push(...page.users.map((user) => user.email));
      ({ nextPageToken: pageToken, prevPageToken: previous } = page);
      pages += 1;
    } while (pageToken !== '');
    expect(pages).toBe(4);
    expect(new Set(seen).size).toBe(PEOPLE);
    const back = await scalekit.directory.listDirectoryUsers(organizationId, directoryId, {
      pageSize: 10,
      pageToken: previous,
    });
    expect(back.users.map((user) => user.email)).toEqual(seen.slice(20, 30));
    expect((await scalekit.directory.listDirectoryUsers(organizationId, directoryId)).users).toHaveLength(10);
  });

  it('tells of users and groups what Scalekit tells: addresses as texts, groups by name, details on request', async () => {
    const options = { pageSize: 1, includeDetail: true, directoryGroupId: groupId };
    const { users, totalSize } = await scalekit.directory.listDirectoryUsers(organizationId, directoryId, options);
    expect(totalSize).toBe(2);
    expect(users[0]).toMatchObject({
      id: expect.stringMatching(/^diruser_/),
      email: 'person-00@acme.example',
      preferredUsername: 'person-00@acme.example',
      givenName: 'Ann',
      familyName: 'Number 0',
      emails: ['person-00@acme.example'],
      groups: [{ id: groupId, displayName: 'Crew' }],
      userDetail: { title: 'Pilot', active: true, raw_attributes: { title: 'Pilot' } },
    });
    const { users: plain } = await scalekit.directory.listDirectoryUsers(organizationId, directoryId, { pageSize: 1 });
    expect(plain[0]?.userDetail).toBeUndefined();
    const { groups } = await scalekit.directory.listDirectoryGroups(organizationId, directoryId);
    expect(groups).toMatchObject([{ id: groupId, displayName: 'Crew', totalUsers: 2 }]);
    const updatedAfter = new Date(Date.now() + 60_000).toISOString();
    const later = await scalekit.directory.listDirectoryGroups(organizationId, directoryId, { updatedAfter });
    expect(later.groups).toEqual([]);
  });

  it('is created, switched off and on, and deleted', async () => {
    const id = await test.newOrganization();
    const created = await scalekit.directory.createDirectory(id, {
      directoryType: DirectoryType.SCIM,
      directoryProvider: DirectoryProvider.MICROSOFT_AD,
    } as Parameters<typeof scalekit.directory.createDirectory>[1]);
    const { id: made = '' } = created.directory ?? {};
    expect(created.directory).toMatchObject({ directoryProvider: DirectoryProvider.MICROSOFT_AD, status: 'DRAFT' });
    expect(await scalekit.directory.disableDirectory(id, made)).toMatchObject({ enabled: false });
    expect((await scalekit.directory.getDirectory(id, made)).directory?.enabled).toBe(false);
    expect(await scalekit.directory.enableDirectory(id, made)).toMatchObject({ enabled: true });
    await scalekit.directory.deleteDirectory(id, made);
    await expect(scalekit.directory.getPrimaryDirectoryByOrganizationId(id)).rejects.toMatch(/does not exist/);
  });
});

describe('at the events', () => {
  const newest = (filter: object = {}, pageToken?: string) =>
    scalekit.events.listEventsPaginated(30, pageToken, { organizationId, ...filter });

  it('lists them newest first, page by page, as the webhooks send them', async () => {
    const first = await newest();
    expect(first.events).toHaveLength(30);
    const rest = await newest({}, first.nextPageToken);
    const all = [...first.events, ...rest.events];
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
    const types = new Set(all.map(({ type }) => type));
    expect(types).toContain('organization.directory.group_created');
    expect([...types].join()).not.toMatch(/directory_created|group_members_changed/);
    const user = all.find(({ type }) => type === 'organization.directory.user_created');
    expect(user).toMatchObject({
      specVersion: '1',
      organizationId,
      data: { active: true, emails: [expect.any(String)] },
    });
  });

  it('finds those of a type, of a time and of an organization, and of what it has none of, none', async () => {
    const eventTypes = ['organization.directory.group_created'];
    expect((await newest({ eventTypes })).events).toMatchObject([
      { displayName: 'Directory group created', data: { id: groupId } },
    ]);
    for (const filter of [
      { eventTypes: ['user.login', 'organization.directory_created'] },
      { organizationId: `org_${'0'.repeat(26)}x` },
      { connectionId: 'conn_1' },
      { endTime: { seconds: 1_000_000_000n, nanos: 0 } },
    ])
      expect((await newest(filter)).events).toEqual([]);
    expect((await newest({ source: Source.DIR_SYNC, eventTypes })).events).toHaveLength(1);
  });
});

describe('at the roles', () => {
  it('creates, lists, changes, makes the default and deletes them', async () => {
    const role = { name: 'pilot', displayName: 'Pilot', description: 'Flies.' };
    const created = await scalekit.role.createRole(role as never);
    expect(created.role).toMatchObject({ ...role, id: 'pilot', defaultMember: false });
    expect((await scalekit.role.getRole('pilot')).role).toEqual(created.role);
    const changed = await scalekit.role.updateRole('pilot', { description: 'Lands.' } as never);
    expect(changed.role).toMatchObject({ displayName: 'Pilot', description: 'Lands.' });
    const defaults = await scalekit.role.updateDefaultRoles({ defaultMemberRole: 'pilot' });
    expect(defaults.defaultMember).toMatchObject({ name: 'pilot', defaultMember: true });
    expect((await scalekit.role.listRoles()).roles).toMatchObject([{ name: 'pilot', defaultMember: true }]);
    expect((await scalekit.role.listDependentRoles('pilot')).roles).toEqual([]);
    // It is everybody's.
    expect((await failureOf(scalekit.role.deleteRole('pilot'))).errorCode).toBe('role_in_use');
    await scalekit.role.createRole({ name: 'spare', displayName: '' } as never);
    await scalekit.role.deleteRole('spare');
    expect(await failureOf(scalekit.role.getRole('spare'))).toBeInstanceOf(ScalekitNotFoundException);
  });

  it('says what is not offered, and why', async () => {
    for (const call of [
      () => scalekit.role.createRole({ name: 'x', displayName: 'X', permissions: ['read'] } as never),
      () => scalekit.role.updateDefaultRoles({ defaultCreatorRole: 'pilot' }),
      () => scalekit.role.listOrganizationRoles(organizationId),
      () => scalekit.permission.listPermissions(),
      () => scalekit.connection.listConnections(organizationId),
    ]) {
      const error = await failureOf(call());
      expect(error).toBeInstanceOf(ScalekitNotImplementedException);
      expect(error.message).toMatch(/Rollcall|your application/);
    }
  });
});

describe('what goes wrong', () => {
  it('has Scalekit’s class, a code, the fields and the id of the request', async () => {
    const error = await failureOf(scalekit.organization.createOrganization('', {}));
    expect(error).toBeInstanceOf(ScalekitBadRequestException);
    expect(error).toMatchObject({ errorCode: 'invalid_request', httpStatus: 400 });
    expect(error.unpackedDetails).toMatchObject([
      {
        errorCode: 'invalid_request',
        requestInfo: { requestId: expect.stringMatching(/^req_/) },
        validationErrorInfo: { fieldViolations: [{ field: 'display_name', description: expect.any(String) }] },
      },
    ]);
  });

  it('is a conflict for an external id that is taken, and is not found for an id that is none', async () => {
    await scalekit.organization.createOrganization('A', { externalId: 'taken' });
    const taken = await failureOf(scalekit.organization.createOrganization('B', { externalId: 'taken' }));
    expect(taken).toBeInstanceOf(ScalekitConflictException);
    expect(taken.errorCode).toBe('external_id_taken');
    for (const id of ['', 'org_x', directoryId, organizationId.replace(/.{4}$/, '0000')])
      expect(await failureOf(scalekit.directory.getDirectory(id, directoryId))).toBeInstanceOf(
        ScalekitNotFoundException,
      );
    expect(await failureOf(scalekit.directory.getDirectory(organizationId, organizationId))).toBeInstanceOf(
      ScalekitNotFoundException,
    );
  });

  it('is a bad request for a page of another list, and for one that is too large', async () => {
    const { nextPageToken } = await scalekit.directory.listDirectoryUsers(organizationId, directoryId, { pageSize: 1 });
    const other = scalekit.organization.listOrganization({ pageToken: nextPageToken });
    expect((await failureOf(other)).errorCode).toBe('invalid_page_token');
    const large = scalekit.organization.listOrganization({ pageSize: 1_000 });
    expect(await failureOf(large)).toBeInstanceOf(ScalekitBadRequestException);
  });

  it('is said of a wrong secret by the token endpoint, once', async () => {
    const wrong = clientOf({ ...test.ingress.credentials, client_secret: 'wrong' });
    const error: unknown = await wrong.organization.listOrganization().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ response: { status: 401, data: { error: 'invalid_client' } } });
  });

  it('is forbidden to a client that may only read, and to one of an organization what is the environment’s', async () => {
    const newClient = async (body: object) => {
      const made = await test.api.call<{ api_client: { client_id: string }; client_secret: string }>(
        'POST',
        '/api_clients',
        body,
      );
      return clientOf({ client_id: made.body.api_client.client_id, client_secret: made.body.client_secret });
    };
    const reader = await newClient({ name: 'Reader', scopes: ['read'] });
    expect((await reader.organization.getOrganization(organizationId)).organization?.id).toBe(organizationId);
    const written = await failureOf(reader.organization.createOrganization('X', {}));
    expect(written).toBeInstanceOf(ScalekitForbiddenException);
    expect(written.errorCode).toBe('insufficient_scope');

    const own = await newClient({ name: 'Own', scopes: ['read', 'write'], organization_id: organizationId });
    const other = await test.newDirectory();
    expect((await own.directory.listDirectories(organizationId)).directories).toHaveLength(1);
    expect((await own.organization.listOrganization()).organizations).toMatchObject([{ id: organizationId }]);
    expect((await failureOf(own.role.createRole({ name: 'y', displayName: 'Y' } as never))).errorCode).toBe(
      'organization_client',
    );
    for (const call of [
      () => own.organization.getOrganization(other.organization_id),
      () => own.directory.listDirectories(other.organization_id),
      () => own.directory.getDirectory(organizationId, other.id),
      () => own.directory.getDirectory(other.organization_id, other.id),
      () => own.organization.generatePortalLink(other.organization_id),
    ])
      expect(await failureOf(call())).toBeInstanceOf(ScalekitNotFoundException);
  });
});

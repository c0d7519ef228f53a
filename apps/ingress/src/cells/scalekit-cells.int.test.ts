import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { ScalekitClient, ScalekitServerException } from '@scalekit-sdk/node';
import { DirectoryService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { EventsService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb';
import { OrganizationService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '@rollcall/testing';
import type { Kept } from '../foreign-ids/import-customer.test-support';
import type { ApiClientSecretAnswer } from '../management/api-clients/api-client.dto';
import type { ApiClient } from '../management/testing/api-client';
import { hasOrganization } from './start-test-cells.test-support';
import { startTestPlaces } from './start-test-places.test-support';
import type { TestPlaces } from './start-test-places.test-support';

const KEPT: Kept = {
  organization: 'org_59615193906282635',
  directory: 'dir_59615193906282636',
  user: 'diruser_59615193906282637',
  group: 'dirgroup_59615193906282638',
};

let test: TestPlaces;
let scalekit: ScalekitClient;
let home: TestPlaces['home'];
let imported: Kept;

beforeAll(async () => {
  test = await startTestPlaces({ service: 'scalekit', kept: KEPT });
  ({ home, imported } = test);
  scalekit = new ScalekitClient(test.baseUrl, test.credentials.client_id, test.credentials.client_secret);
});

afterAll(() => test?.stop());

async function connect(api: ApiClient, fields: object = {}): Promise<ScalekitClient> {
  const wanted = { name: 'Scalekit SDK', scopes: ['read', 'write'], ...fields };
  const { body } = await api.call<ApiClientSecretAnswer>('POST', '/api_clients', wanted);
  return new ScalekitClient(test.baseUrl, body.api_client.client_id, body.client_secret);
}

/** The methods as they are; the SDK has not all of their fields, and tries what is UNAVAILABLE again and again. */
async function connectMethods() {
  const { client_id: clientId, client_secret: clientSecret } = test.credentials;
  const token = await scalekit.generateClientToken(clientId, clientSecret);
  const transport = createGrpcTransport({
    baseUrl: test.baseUrl,
    interceptors: [
      (next) => (request) => {
        request.header.set('authorization', `Bearer ${token}`);
        return next(request);
      },
    ],
  });
  return {
    organizations: createClient(OrganizationService, transport),
    directories: createClient(DirectoryService, transport),
    events: createClient(EventsService, transport),
  };
}

/** The code of gRPC that a call fails with; null when it does not. */
const codeOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error === null) return null;
  if (error instanceof ScalekitServerException) return error.grpcStatus;
  throw new Error('no failure of a call', { cause: error });
};

const [NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED, UNAVAILABLE] = [5, 6, 7, 14];

const idsOf = (items: { id: string }[]) => items.map(({ id }) => id);

type Filter = Parameters<ScalekitClient['events']['listEventsPaginated']>[2];

async function readEvents(client: ScalekitClient, size: number, filter?: Filter) {
  const seen: { id: string; type: string; organizationId?: string | undefined }[] = [];
  for (let token: string | undefined; ;) {
    const { events, nextPageToken } = await client.events.listEventsPaginated(size, token, filter);
    seen.push(...events);
    token = nextPageToken;
    if (token === '') return seen;
  }
}

describe('organizations of several cells, through Scalekit’s SDK,', () => {
  it('are made in the cell that has the fewest, found by either id, changed and deleted', async () => {
    const made = [];
    for (let index = 0; index < 4; index++) {
      const externalId = `made-${index}`;
      const { organization } = await scalekit.organization.createOrganization('New', { externalId });
      const id = organization?.id ?? '';
      made.push({ id, externalId, isInB: await hasOrganization(test.b, id) });
    }
    expect(made.filter(({ isInB }) => isInB)).toHaveLength(2);
    for (const { id, externalId } of made) {
      expect((await scalekit.organization.getOrganization(id)).organization).toMatchObject({ id, externalId });
      const found = await scalekit.organization.getOrganizationByExternalId(externalId);
      expect(found.organization?.id).toBe(id);
      const changed = await scalekit.organization.updateOrganization(id, { displayName: 'Changed' });
      expect(changed.organization).toMatchObject({ id, displayName: 'Changed', externalId });
      const settings = { features: [{ name: 'dir_sync', enabled: true }] };
      const { organization } = await scalekit.organization.updateOrganizationSettings(id, settings);
      expect(organization?.settings?.features).toMatchObject([{ name: 'dir_sync', enabled: true }]);
      const renamed = await scalekit.organization.updateOrganizationByExternalId(externalId, {
        externalId: `renamed-${externalId}`,
      });
      expect(renamed.organization).toMatchObject({ id, externalId: `renamed-${externalId}` });
      await scalekit.organization.deleteOrganization(id);
      expect(await codeOf(scalekit.organization.getOrganization(id))).toBe(NOT_FOUND);
    }
    expect(await codeOf(scalekit.organization.getOrganizationByExternalId('made-0'))).toBe(NOT_FOUND);
  });

  it('have external ids that no other cell has', async () => {
    for (const externalId of ['at-control', 'at-b']) {
      for (let turn = 0; turn < 2; turn++) {
        const again = scalekit.organization.createOrganization('Taken', { externalId });
        expect(await codeOf(again)).toBe(ALREADY_EXISTS);
      }
    }
    const { organization } = home.control;
    expect(await codeOf(scalekit.organization.updateOrganization(organization, { externalId: 'at-b' }))).toBe(
      ALREADY_EXISTS,
    );
  });

  it('are listed as one, page by page, forwards and back, imported ones too', async () => {
    const list = (pageSize: number, pageToken = '') => scalekit.organization.listOrganization({ pageSize, pageToken });
    const whole = await list(100);
    const ids = idsOf(whole.organizations);
    const own = ids.map((id) => (id === KEPT.organization ? imported.organization : id));
    expect(own).toEqual([home.control.organization, home.b.organization, imported.organization].toSorted());
    expect(whole).toMatchObject({ totalSize: 3, nextPageToken: '', prevPageToken: '' });
    let page = await list(1);
    const walked: string[] = [];
    for (;;) {
      walked.push(...idsOf(page.organizations));
      expect(page.totalSize).toBe(3);
      if (page.nextPageToken === '') break;
      page = await list(1, page.nextPageToken);
    }
    expect(walked).toEqual(ids);
    const back = idsOf(page.organizations);
    while (page.prevPageToken !== '') {
      page = await list(1, page.prevPageToken);
      back.unshift(...idsOf(page.organizations));
    }
    expect(back).toEqual(ids);
    const { organizations } = await connectMethods();
    for (const { organization, cell } of Object.values(home)) {
      const named = await organizations.listOrganization({ externalId: `at-${cell}` });
      expect(idsOf(named.organizations)).toEqual([organization]);
    }
    expect((await scalekit.organization.searchOrganization('at-', 10)).totalSize).toBe(2);
    const other = (await list(1)).nextPageToken;
    expect(await codeOf(scalekit.organization.searchOrganization('at-', 1, other))).not.toBeNull();
  });
});

describe('what an organization of any cell has, through Scalekit’s SDK,', () => {
  it('is found and changed where it is: directories, users, groups, links', async () => {
    for (const { organization, directory, users, group } of Object.values(home)) {
      expect(idsOf((await scalekit.directory.listDirectories(organization)).directories)).toEqual([directory.id]);
      const found = await scalekit.directory.getDirectory(organization, directory.id);
      expect(found.directory).toMatchObject({ id: directory.id, totalUsers: 2 });
      const listed = await scalekit.directory.listDirectoryUsers(organization, directory.id);
      expect(idsOf(listed.users)).toEqual(users);
      const first = await scalekit.directory.listDirectoryUsers(organization, directory.id, { pageSize: 1 });
      const second = await scalekit.directory.listDirectoryUsers(organization, directory.id, {
        pageSize: 1,
        pageToken: first.nextPageToken,
      });
      expect(idsOf([...first.users, ...second.users])).toEqual(users);
      const groups = await scalekit.directory.listDirectoryGroups(organization, directory.id);
      expect(idsOf(groups.groups)).toEqual([group]);
      expect(await scalekit.directory.disableDirectory(organization, directory.id)).toMatchObject({ enabled: false });
      expect(await scalekit.directory.enableDirectory(organization, directory.id)).toMatchObject({ enabled: true });
      expect((await scalekit.organization.generatePortalLink(organization)).location).toContain('/portal');
      const made = await scalekit.directory.createDirectory(organization, {} as never);
      await scalekit.directory.deleteDirectory(organization, made.directory?.id ?? '');
    }
  });

  it('is found under the ids that it had at Scalekit, and under ours', async () => {
    for (const { organization, directory, group } of [KEPT, imported]) {
      const found = await scalekit.organization.getOrganization(organization);
      expect(found.organization?.id).toBe(KEPT.organization);
      const got = await scalekit.directory.getDirectory(organization, directory);
      expect(got.directory).toMatchObject({ id: KEPT.directory, organizationId: KEPT.organization });
      const options = { directoryGroupId: group };
      const { users } = await scalekit.directory.listDirectoryUsers(organization, directory, options);
      expect(idsOf(users)).toEqual([KEPT.user]);
      const changed = await scalekit.organization.updateOrganization(organization, { externalId: 'kept' });
      expect(changed.organization).toMatchObject({ id: KEPT.organization, externalId: 'kept' });
    }
    expect(await codeOf(scalekit.organization.getOrganization('org_59615193906282699'))).toBe(NOT_FOUND);
  });

  it('has roles that hold in every cell from the answer on, and are kept while one uses them', async () => {
    await scalekit.role.createRole({ name: 'seller', displayName: 'Seller' } as never);
    const { organization, directory, group } = home.b;
    const assignments = [{ group_id: group, role_name: 'seller' }];
    const path = `/organizations/${organization}/directories/${directory.id}/groups/-/roles:assign`;
    expect((await test.api.call('PUT', path, { assignments })).status).toBe(200);
    expect(await codeOf(scalekit.role.deleteRole('seller'))).not.toBeNull();
    expect((await test.api.call('PUT', path, { assignments: [] })).status).toBe(200);
    expect(await codeOf(scalekit.role.deleteRole('seller'))).toBeNull();
    expect(idsOf((await scalekit.role.listRoles()).roles)).not.toContain('seller');
  });
});

describe('events of several cells, through Scalekit’s SDK,', () => {
  it('are listed as one, newest first, page by page', async () => {
    const whole = await readEvents(scalekit, 100);
    const ids = idsOf(whole);
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect(new Set(ids).size).toBe(ids.length);
    for (const { organization: organizationId } of Object.values(home)) {
      const own = await readEvents(scalekit, 2, { organizationId });
      expect(own).toEqual(whole.filter((event) => event.organizationId === organizationId));
      expect(own.filter(({ type }) => type === 'organization.directory.user_created')).toHaveLength(2);
    }
    for (const size of [1, 3]) expect(await readEvents(scalekit, size)).toEqual(whole);
  });

  it('are the same by REST', async () => {
    const whole = await readEvents(scalekit, 100);
    for (const filter of [{}, { organization_id: home.b.organization }]) {
      const ids: string[] = [];
      for (let token = ''; ;) {
        const url = `/events/paginated?page_size=2&page_token=${token}`;
        const { status, body } = await test.api.call<Page>('POST', url, filter);
        expect([status, body.prev_page_token]).toEqual([200, '']);
        ids.push(...idsOf(body.events));
        token = body.next_page_token;
        if (token === '') break;
      }
      const named = 'organization_id' in filter ? filter.organization_id : undefined;
      const expected = whole.filter(({ organizationId }) => named === undefined || organizationId === named);
      expect(ids).toEqual(idsOf(expected));
    }
  });
});

interface Page {
  events: { id: string }[];
  next_page_token: string;
  prev_page_token: string;
}

it('a client of one organization sees exactly that one, in whichever cell it is', async () => {
  for (const [mine, other] of [
    [home.control, home.b],
    [home.b, home.control],
  ] as const) {
    const own = await connect(test.api, { organization_id: mine.organization });
    expect(idsOf((await own.organization.listOrganization()).organizations)).toEqual([mine.organization]);
    expect((await own.organization.getOrganization(mine.organization)).organization?.id).toBe(mine.organization);
    const { users } = await own.directory.listDirectoryUsers(mine.organization, mine.directory.id);
    expect(idsOf(users)).toEqual(mine.users);
    const events = await readEvents(own, 100);
    expect(new Set(events.map(({ organizationId }) => organizationId))).toEqual(new Set([mine.organization]));
    for (const { organization, directory } of [
      { ...other, directory: other.directory.id },
      KEPT,
      imported,
      { organization: 'org_01hzyzzzzzzzzzzzzzzzzzzzzz', directory: 'dir_01hzyzzzzzzzzzzzzzzzzzzzzz' },
    ]) {
      expect(await codeOf(own.organization.getOrganization(organization))).toBe(NOT_FOUND);
      expect(await codeOf(own.directory.listDirectories(organization))).toBe(NOT_FOUND);
      expect(await codeOf(own.directory.disableDirectory(organization, directory))).toBe(NOT_FOUND);
    }
    const byName = own.organization.getOrganizationByExternalId(`at-${other.cell}`);
    expect(await codeOf(byName)).toBe(NOT_FOUND);
    expect(await codeOf(own.organization.createOrganization('No', { externalId: 'no' }))).toBe(PERMISSION_DENIED);
    expect(await codeOf(own.organization.deleteOrganization(mine.organization))).toBe(PERMISSION_DENIED);
  }
});

it('a client of another environment finds nothing of this one in any cell', async () => {
  const foreign = await connect(test.foreign);
  for (const { organization, directory } of [
    ...Object.values(home).map((place) => ({ ...place, directory: place.directory.id })),
    KEPT,
    imported,
  ]) {
    expect(await codeOf(foreign.organization.getOrganization(organization))).toBe(NOT_FOUND);
    expect(await codeOf(foreign.organization.updateOrganization(organization, { displayName: 'Mine' }))).toBe(
      NOT_FOUND,
    );
    expect(await codeOf(foreign.organization.deleteOrganization(organization))).toBe(NOT_FOUND);
    expect(await codeOf(foreign.directory.listDirectoryUsers(organization, directory))).toBe(NOT_FOUND);
    expect(await codeOf(foreign.directory.disableDirectory(organization, directory))).toBe(NOT_FOUND);
  }
  expect(await codeOf(foreign.organization.getOrganizationByExternalId('at-b'))).toBe(NOT_FOUND);
  expect((await foreign.organization.listOrganization()).totalSize).toBe(0);
  expect(await readEvents(foreign, 100)).toEqual([]);
});

describe('a cell that is away', () => {
  const failureOf = (asked: Promise<unknown>) =>
    asked.then(
      () => null,
      (thrown: unknown) => (thrown as { code?: number }).code,
    );

  beforeAll(() => test.proxy.setFault({ kind: 'refuse' }));
  afterAll(async () => {
    await test.proxy.setFault({ kind: 'pass' });
    await test.whenJoined();
  });

  it('has what is its own UNAVAILABLE, and what may be; others are answered', async () => {
    const { organizations, directories } = await connectMethods();
    const of = (value: string) => organizations.getOrganization({ identities: { case: 'id', value } });
    const named = (value: string) =>
      organizations.getOrganizationByExternalId({ identities: { case: 'externalId', value } });
    expect(await failureOf(of(home.b.organization))).toBe(UNAVAILABLE);
    expect(await failureOf(of(KEPT.organization))).toBe(UNAVAILABLE);
    expect(await failureOf(named('at-b'))).toBe(UNAVAILABLE);
    const users = { organizationId: home.b.organization, directoryId: home.b.directory.id };
    expect(await failureOf(directories.listDirectoryUsers(users))).toBe(UNAVAILABLE);
    expect(await failureOf(of(home.control.organization))).toBeNull();
    expect(await failureOf(named('at-control'))).toBeNull();
    const displayName = 'Meanwhile';
    const made = await organizations.createOrganization({ organization: { displayName } });
    await scalekit.organization.deleteOrganization(made.organization?.id ?? '');
  });

  it('has no list be answered that cannot say what is missing', async () => {
    const { organizations, events } = await connectMethods();
    expect(await failureOf(organizations.listOrganization({}))).toBe(UNAVAILABLE);
    expect(await failureOf(events.listEventsPaginated({}))).toBe(UNAVAILABLE);
    const { body } = await test.api.call<{ unavailable_cells: string[] }>('POST', '/events/paginated', {});
    expect(body.unavailable_cells).toEqual(['b']);
  });
});

describe('an organization that was moved', () => {
  let told: number;

  beforeAll(async () => {
    const { organization, scim } = home.control;
    home.control.users.push(`diruser_${await test.addPerson(home.control)}`);
    told = (await readEvents(scalekit, 100, { organizationId: organization })).length;
    await test.move(organization, 'b');
    await waitUntil(async () => (await scim.call('GET', '/Users')).status === 200);
    home.control.cell = 'b';
    home.control.users.push(`diruser_${await test.addPerson(home.control)}`);
    await test.move(imported.organization, 'control');
  });

  it('is found with everything that it has, also under the ids that it had at Scalekit', async () => {
    const { organization, directory, users } = home.control;
    const found = await scalekit.organization.getOrganizationByExternalId('at-control');
    expect(found.organization?.id).toBe(organization);
    const listed = await scalekit.directory.listDirectoryUsers(organization, directory.id);
    expect(idsOf(listed.users)).toEqual(users);
    expect((await scalekit.organization.listOrganization()).totalSize).toBe(3);
    const kept = await scalekit.directory.listDirectoryUsers(KEPT.organization, KEPT.directory);
    expect(idsOf(kept.users)).toEqual([KEPT.user]);
  });

  it('has the events of both its cells, each once', async () => {
    const { organization: organizationId } = home.control;
    const own = await readEvents(scalekit, 100, { organizationId });
    expect(own).toHaveLength(told + 1);
    expect(await readEvents(scalekit, 1, { organizationId })).toEqual(own);
  });

  it('is deleted where it is', async () => {
    const { organization, directory } = home.control;
    await scalekit.directory.deleteDirectory(organization, directory.id);
    expect((await scalekit.directory.listDirectories(organization)).directories).toEqual([]);
    for (const id of [organization, KEPT.organization]) {
      await scalekit.organization.deleteOrganization(id);
      expect(await codeOf(scalekit.organization.getOrganization(id))).toBe(NOT_FOUND);
    }
  });
});

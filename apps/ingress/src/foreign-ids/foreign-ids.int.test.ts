import { ScalekitClient, ScalekitNotFoundException } from '@scalekit-sdk/node';
import { DirectoryService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { WorkOS } from '@workos-inc/node';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import type { ImportedService } from '@rollcall/directory';
import { parseId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { DirectoryAnswer } from '../management/directories/directory.dto';
import { drain } from '../management/testing/drain.test-support';
import { startApi } from '../management/testing/start-api';
import type { ScimClient, TestApi } from '../management/testing/start-api';
import { importCustomer } from './import-customer.test-support';
import type { Kept } from './import-customer.test-support';

/** A customer here, and who came after the import. */
interface Here extends Kept {
  scim: ScimClient;
  bob: string;
}

const OF_SCALEKIT: Kept = {
  organization: 'org_59615193906282635',
  directory: 'dir_59615193906282636',
  user: 'diruser_59615193906282637',
  group: 'dirgroup_59615193906282638',
};
const OF_WORKOS: Kept = {
  organization: 'org_01EHZNVPK3SFK441A1RGBFSHRT',
  directory: 'directory_01ECAZ4NV9QMV47GW873HDCX74',
  user: 'directory_user_01E1JG7J09H96KYP8HM9B0G5SJ',
  group: 'directory_group_01E64QTDNS0EGJ0FMCVY9BWGZT',
};

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => test?.stop());

/** A customer that came from a service with a user in a group, to whom the identity provider then adds another. */
async function bring(service: ImportedService, kept: Kept): Promise<Here> {
  const environmentId = parseId('env', test.ingress.credentials.environment_id) ?? '';
  const here = await importCustomer(test.database.adminUrl, environmentId, { service, kept });
  const [userId, groupId] = [parseId('diruser', here.user), parseId('dirgroup', here.group)];
  const path = `/organizations/${here.organization}/directories/${here.directory}`;
  const scim = await test.newScim((await test.api.call<DirectoryAnswer>('GET', path)).body.directory);
  const ada = { userName: 'ada@acme.test', emails: [{ value: 'ada@acme.test', primary: true }], title: 'Captain' };
  await scim.call('PUT', `/Users/${userId}`, ada);
  const { body: bob } = await scim.call('POST', '/Users', { userName: 'bob@acme.test' });
  const Operations = [{ op: 'add', path: 'members', value: [{ value: bob.id }] }];
  await scim.call('PATCH', `/Groups/${groupId}`, { Operations });
  await drain(test.database.appUrl, here.directory);
  return { ...here, bob: `diruser_${bob.id}`, scim };
}

describe('an application of Scalekit’s', () => {
  let here: Here;
  let scalekit: ScalekitClient;

  beforeAll(async () => {
    here = await bring('scalekit', OF_SCALEKIT);
    const { client_id: clientId, client_secret: clientSecret } = test.ingress.credentials;
    scalekit = new ScalekitClient(test.ingress.baseUrl, clientId, clientSecret);
  });

  it('finds its customer by the ids that it has kept and by ours, and is answered those that it has kept', async () => {
    const { organization: organizationId, directory: directoryId } = OF_SCALEKIT;
    for (const { organization, directory, group } of [OF_SCALEKIT, here]) {
      const found = await scalekit.organization.getOrganization(organization);
      expect(found.organization).toMatchObject({ id: organizationId, metadata: { id: here.organization } });
      const listed = await scalekit.directory.listDirectories(organization);
      expect(listed.directories).toMatchObject([{ id: directoryId, organizationId }]);
      const got = await scalekit.directory.getDirectory(organization, directory);
      expect(got.directory).toMatchObject({ id: directoryId, organizationId });
      const options = { includeDetail: true, directoryGroupId: group };
      const { users } = await scalekit.directory.listDirectoryUsers(organization, directory, options);
      const place = { organization_id: organizationId, directory_id: directoryId };
      const groups = [{ id: OF_SCALEKIT.group, name: 'Sales' }];
      expect(users).toMatchObject([
        {
          id: OF_SCALEKIT.user,
          groups: [{ id: OF_SCALEKIT.group }],
          userDetail: { id: OF_SCALEKIT.user, ...place, groups },
        },
        { id: here.bob, groups: [{ id: OF_SCALEKIT.group }], userDetail: { id: here.bob, ...place, groups } },
      ]);
      const { groups: all } = await scalekit.directory.listDirectoryGroups(organization, directory, {
        includeDetail: true,
      });
      expect(all).toMatchObject([{ id: OF_SCALEKIT.group, groupDetail: { id: OF_SCALEKIT.group, ...place } }]);
    }
    expect((await scalekit.organization.listOrganization()).organizations).toMatchObject([{ id: organizationId }]);
    await expect(scalekit.organization.getOrganization('org_59615193906282699')).rejects.toThrow(
      ScalekitNotFoundException,
    );
  });

  it('gives roles to a group by either id, and is answered the one that it has kept', async () => {
    await scalekit.role.createRole({ name: 'seller', displayName: 'Seller' } as never);
    const token = await scalekit.generateClientToken(
      test.ingress.credentials.client_id,
      test.ingress.credentials.client_secret,
    );
    const transport = createGrpcTransport({ baseUrl: test.ingress.baseUrl });
    const directories = createClient(DirectoryService, transport);
    for (const { organization, directory, group } of [OF_SCALEKIT, here]) {
      const roleAssignments = { assignments: [{ groupId: group, roleName: 'seller' }] };
      const message = { organizationId: organization, id: directory, roleAssignments };
      const answer = await directories.assignRoles(message, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.roleAssignments?.assignments).toMatchObject([{ groupId: OF_SCALEKIT.group, roleName: 'seller' }]);
    }
  });

  it('reads the events of its customer under the ids that it has kept', async () => {
    const { organization: organization_id, directory: directory_id } = OF_SCALEKIT;
    for (const { organization: organizationId } of [OF_SCALEKIT, here]) {
      const { events } = await scalekit.events.listEventsPaginated(30, undefined, { organizationId });
      const told = new Map(events.map((event) => [event.type, event]));
      const [updated, created] = ['updated', 'created'].map((how) => told.get(`organization.directory.user_${how}`));
      expect(created).toMatchObject({
        organizationId: organization_id,
        data: { id: here.bob, organization_id, directory_id },
      });
      expect(updated?.data).toMatchObject({ groups: [{ id: OF_SCALEKIT.group, display_name: 'Sales' }] });
      const { body } = await test.api.call<{ events: { data: { id: string } }[] }>(
        'POST',
        '/events/paginated?page_size=50',
        {
          organization_id: organizationId,
        },
      );
      expect(body.events.map(({ data }) => data.id)).toEqual(events.map(({ data }) => data?.['id']));
      expect(body.events.map(({ data }) => data.id)).toContain(OF_SCALEKIT.user);
    }
  });

  it('with the key of one organization comes to it by either id, and to no other', async () => {
    const { body } = await test.api.call<{ api_client: { client_id: string }; client_secret: string }>(
      'POST',
      '/api_clients',
      { name: 'Acme', scopes: ['read'], organization_id: here.organization },
    );
    const own = new ScalekitClient(test.ingress.baseUrl, body.api_client.client_id, body.client_secret);
    for (const { organization, directory } of [OF_SCALEKIT, here]) {
      const found = await own.directory.getDirectory(organization, directory);
      expect(found.directory?.id).toBe(OF_SCALEKIT.directory);
    }
    const other = { ...OF_SCALEKIT, organization: 'org_69615193906282635', directory: 'dir_69615193906282636' };
    await bring('scalekit', other);
    await expect(own.directory.getDirectory(other.organization, other.directory)).rejects.toThrow(
      ScalekitNotFoundException,
    );
  });

  it('reads the events of a customer that it has deleted by either id, and finds it no more', async () => {
    const gone = { ...OF_SCALEKIT, organization: 'org_79615193906282635', directory: 'dir_79615193906282636' };
    const { organization } = await bring('scalekit', gone);
    await scalekit.organization.deleteOrganization(gone.organization);
    for (const organizationId of [gone.organization, organization]) {
      await expect(scalekit.organization.getOrganization(organizationId)).rejects.toThrow(ScalekitNotFoundException);
      const { events } = await scalekit.events.listEventsPaginated(30, undefined, { organizationId });
      expect(events.map((event) => event.organizationId)).toContain(gone.organization);
    }
  });

  it('is told nothing of another environment’s', async () => {
    const { body } = await test.foreign.call<{ api_client: { client_id: string }; client_secret: string }>(
      'POST',
      '/api_clients',
      { name: 'Stranger', scopes: ['read', 'write'] },
    );
    const stranger = new ScalekitClient(test.ingress.baseUrl, body.api_client.client_id, body.client_secret);
    for (const { organization, directory } of [OF_SCALEKIT, here]) {
      await expect(stranger.organization.getOrganization(organization)).rejects.toThrow(ScalekitNotFoundException);
      await expect(stranger.directory.getDirectory(organization, directory)).rejects.toThrow(ScalekitNotFoundException);
    }
  });
});

describe('an application of WorkOS’', () => {
  let here: Here;
  let workos: WorkOS;

  const connect = async (api: TestApi['api']) => {
    const scopes = ['read', 'write'];
    const { body } = await api.call<{ api_key: string }>('POST', '/api_clients', { name: 'WorkOS SDK', scopes });
    const { hostname, port } = new URL(test.ingress.baseUrl);
    return new WorkOS(body.api_key, { apiHostname: hostname, port: Number(port), https: false });
  };

  beforeAll(async () => {
    here = await bring('workos', OF_WORKOS);
    workos = await connect(test.api);
  });

  it('finds its customer by the ids that it has kept and by ours, and is answered those that it has kept', async () => {
    const place = { directoryId: OF_WORKOS.directory, organizationId: OF_WORKOS.organization };
    const ada = { id: OF_WORKOS.user, ...place, groups: [{ id: OF_WORKOS.group, ...place }] };
    const sales = { id: OF_WORKOS.group, ...place };
    for (const { organization, directory, user, group } of [OF_WORKOS, here]) {
      const found = await workos.organizations.getOrganization(organization);
      expect(found).toMatchObject({ id: OF_WORKOS.organization, metadata: { id: here.organization } });
      const { directorySync } = workos;
      expect(await directorySync.getDirectory(directory)).toMatchObject({
        id: OF_WORKOS.directory,
        organizationId: OF_WORKOS.organization,
      });
      const listed = await directorySync.listDirectories({ organizationId: organization });
      expect(listed.data).toMatchObject([{ id: OF_WORKOS.directory, organizationId: OF_WORKOS.organization }]);
      expect(await directorySync.getUser(user)).toMatchObject(ada);
      expect(await directorySync.getGroup(group)).toMatchObject(sales);
      expect((await directorySync.listUsers({ group })).data.map(({ id }) => id)).toEqual([here.bob, OF_WORKOS.user]);
      expect((await directorySync.listGroups({ user })).data).toMatchObject([sales]);
      expect((await directorySync.listGroups({ directory })).data).toMatchObject([sales]);
      expect(await workos.adminPortal.generateLink({ organization, intent: 'dsync' })).toMatchObject({
        link: expect.stringContaining('http') as string,
      });
    }
  });

  it('goes on in a list from the id of an item, and is given such ids to go on from', async () => {
    const { directory, user } = OF_WORKOS;
    for (const after of [user, here.user]) {
      const rest = await workos.directorySync.listUsers({ directory, after, order: 'asc' });
      expect(rest.data.map(({ id }) => id)).toEqual([here.bob]);
    }
    const { data, listMetadata } = await workos.directorySync.listUsers({ directory, limit: 1, order: 'asc' });
    expect(data).toMatchObject([{ id: user }]);
    expect(listMetadata.after).toBe(user);
  });

  it('reads the events of its customer under the ids that it has kept', async () => {
    for (const { organization: organizationId } of [OF_WORKOS, here]) {
      const { data } = await workos.events.listEvents({
        events: ['dsync.activated', 'dsync.user.updated', 'dsync.user.created', 'dsync.group.user_added'],
        organizationId,
        limit: 100,
      });
      const place = { directoryId: OF_WORKOS.directory, organizationId: OF_WORKOS.organization };
      expect(data).toMatchObject([
        { event: 'dsync.activated', data: { id: OF_WORKOS.directory, organizationId: OF_WORKOS.organization } },
        { event: 'dsync.user.updated', data: { id: OF_WORKOS.user, ...place } },
        { event: 'dsync.user.created', data: { id: here.bob, ...place } },
        {
          event: 'dsync.group.user_added',
          data: {
            directoryId: OF_WORKOS.directory,
            user: { id: here.bob, ...place },
            group: { id: OF_WORKOS.group, ...place },
          },
        },
      ]);
    }
  });

  it('is told nothing of another environment’s', async () => {
    const stranger = await connect(test.foreign);
    for (const { organization, directory, user } of [OF_WORKOS, here]) {
      for (const call of [
        () => stranger.organizations.getOrganization(organization),
        () => stranger.directorySync.getDirectory(directory),
        () => stranger.directorySync.getUser(user),
      ])
        await expect(call()).rejects.toMatchObject({ status: 404 });
    }
  });
});

it('our own API answers our ids, with those of before beside them', async () => {
  const { body } = await test.api.call<{ organizations: { id: string; external_ids: object }[] }>(
    'GET',
    '/organizations?page_size=100',
  );
  const found = body.organizations.find(({ external_ids: ids }) => 'workos' in ids);
  expect(found).toMatchObject({
    id: expect.stringMatching(/^org_[0-9a-z]{26}$/),
    external_ids: { workos: OF_WORKOS.organization },
  });
  const { events } = (
    await test.api.call<{ events: { type: string; external_ids: object; data: object }[] }>(
      'GET',
      `/events?organization_id=${found?.id}&page_size=100`,
    )
  ).body;
  const members = events.find(({ type }) => type.endsWith('group_members_changed'));
  expect(members).toMatchObject({
    organization_id: found?.id,
    external_ids: { organization: { workos: OF_WORKOS.organization }, directory: { workos: OF_WORKOS.directory } },
  });
  const updated = events.findLast(({ type }) => type.endsWith('user_updated'));
  expect(updated?.data).toMatchObject({
    id: expect.stringMatching(/^diruser_[0-9a-z]{26}$/),
    groups: [{ id: expect.stringMatching(/^dirgroup_[0-9a-z]{26}$/), external_ids: { workos: OF_WORKOS.group } }],
  });
});

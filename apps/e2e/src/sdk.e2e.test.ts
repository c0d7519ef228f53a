import {
  createMemoryStore,
  createRollcallClient,
  verifyWebhook,
  applyEvent,
  reconcile,
  syncDirectory,
} from '@rollcall/sdk';
import type { DirectoryDetail, MemoryStore, RollcallClient, SnapshotRecord, UserData } from '@rollcall/sdk';
import { buildOktaUser, startReceiver, startRollcall } from '@rollcall/testing';
import type { Receiver, RunningRollcall } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byId } from './support/by-id';
import { patchBody } from './support/patch-body';

const USERS = 25;

describe('the SDK against the real server', () => {
  let rollcall: RunningRollcall;
  let receiver: Receiver;
  let client: RollcallClient;
  let directory: DirectoryDetail;
  let webhookSecret: string;
  let scimToken: string;
  const userIds: string[] = [];
  const store = createMemoryStore();

  beforeAll(async () => {
    receiver = await startReceiver();
    rollcall = await startRollcall();
    const { client_id: clientId, client_secret: clientSecret } = rollcall.bootstrap;
    client = createRollcallClient({ baseUrl: rollcall.baseUrl, clientId, clientSecret });
    webhookSecret = (await client.webhookEndpoints.create({ url: receiver.url })).secret;
    const organization = await client.organizations.create({ display_name: 'Acme', external_id: 'acme' });
    await client.organizations.updateSettings(organization.id, { features: [{ name: 'dir_sync', enabled: true }] });
    directory = await client.directories.create(organization.id, { directory_provider: 'OKTA' });
    scimToken = (await client.directorySecrets.create(organization.id, directory.id)).plain_secret;
  });

  afterAll(async () => {
    await rollcall.stop();
    await receiver.stop();
  });

  const sync = () =>
    syncDirectory({ client, organizationId: directory.organization_id, directoryId: directory.id, store });

  async function scim<Answer = { id: string }>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${directory.directory_endpoint}${path}`, {
      method,
      headers: { authorization: `Bearer ${scimToken}`, 'content-type': 'application/scim+json' },
      body: body && JSON.stringify(body),
    });
    expect(response.ok).toBe(true);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }

  /** Resolves when so many events of a type have been published. */
  async function published(type: string, count: number): Promise<void> {
    const list = () => collect(client.events.list({ directory_id: directory.id, types: [type] }));
    await expect.poll(async () => (await list()).length).toBe(count);
  }

  it('fills a store with a snapshot while users are being provisioned', async () => {
    const syncs: Promise<unknown>[] = [];
    for (let number = 0; number < USERS; number += 1) {
      userIds.push((await scim('POST', '/Users', buildOktaUser(number))).id);
      if (number % 5 === 0) syncs.push(sync());
    }
    await Promise.all(syncs);
    await published('organization.directory.user_created', USERS);
    expect(await sync()).toMatchObject({ position: USERS + 1 });
    expect(store.users(directory.id)).toHaveLength(USERS);
    await expectSame(store);
  });

  it('goes on with the events alone: members, changes and deletions', async () => {
    const members = userIds.slice(0, 10).map((value) => ({ value }));
    const group = await scim('POST', '/Groups', { displayName: 'Engineering', members });
    await scim('PATCH', `/Users/${userIds[0]}`, patchBody({ op: 'replace', path: 'active', value: false }));
    await scim('DELETE', `/Users/${userIds[1]}`);
    await scim('PATCH', `/Groups/${group.id}`, patchBody({ op: 'remove', path: `members[value eq "${userIds[2]}"]` }));
    const other = await scim('POST', '/Groups', { displayName: 'Sales', members });
    await scim('DELETE', `/Groups/${other.id}`);
    await scim('POST', '/Users', buildOktaUser(USERS));
    await published('organization.directory.user_created', USERS + 1);
    expect(await sync()).toMatchObject({ snapshots: 0 });
    expect(store.groups(directory.id)).toMatchObject([{ display_name: 'Engineering', total_users: 8 }]);
    expect(store.members(directory.id, `dirgroup_${group.id}`)).toHaveLength(8);
    await expectSame(store);
  });

  it('shows whom roles and attribute mappings would change, and applies them', async () => {
    const { organization_id, id } = directory;
    const [group] = store.groups(id);
    await client.roles.create({ role_name: 'engineer' });
    const assignments = [{ group_id: group?.id ?? '', role_name: 'engineer' }];
    expect(await client.directoryRules.previewRoles(organization_id, id, assignments)).toMatchObject({
      users_affected: 8,
      complete: true,
    });
    await client.directoryRules.assignRoles(organization_id, id, assignments);
    const mapping = { key: 'name.familyName', map_to: 'surname' };
    expect((await client.directoryRules.mapAttributes(organization_id, id, [mapping])).attributes).toEqual([mapping]);
    const jobState = async () => (await client.directories.get(organization_id, id)).rules_job?.state;
    await expect.poll(jobState).toBe('finished');
    await sync();
    const engineers = store.users(id).filter(({ roles }) => roles.some(({ role_name }) => role_name === 'engineer'));
    expect(engineers).toHaveLength(8);
    for (const user of store.users(id)) expect(user.custom_attributes).toEqual({ surname: user.family_name });
    await expect(client.roles.delete('engineer')).rejects.toMatchObject({ status: 409, code: 'role_in_use' });
    expect(await client.roles.previewDefault('engineer')).toMatchObject({ users_affected: USERS + 1 - 1 - 8 });
    expect(await collect(client.roles.list())).toMatchObject([{ role_name: 'engineer', default_member: false }]);
    await expectSame(store);
  });

  it('verifies every webhook, and webhooks alone lead to the same store', async () => {
    const events = await collect(client.events.list({ directory_id: directory.id }));
    const requests = await receiver.waitFor((received) => idsOf(received).size === events.length);
    const byWebhook = createMemoryStore();
    await byWebhook.replaceAll(directory.id, { position: { epoch: 1, sequence: 0 }, objects: nothing() });
    for (const { headers, body } of requests.toReversed()) {
      await applyEvent({ event: await verifyWebhook({ secret: webhookSecret, headers, body }), store: byWebhook });
    }
    await expectSame(byWebhook);
  });

  it('reads lists to their end, page after page', async () => {
    const { organization_id, id } = directory;
    const users = await collect(client.directoryUsers.list(organization_id, id, { page_size: 10 }));
    expect(new Set(users.map((user) => user.id))).toEqual(new Set(store.users(id).map((user) => user.id)));
    const [group] = await collect(client.directoryGroups.list(organization_id, id));
    const members = await collect(
      client.directoryGroups.listMembers(organization_id, id, group?.id ?? '', { page_size: 3 }),
    );
    expect(members).toHaveLength(8);
    expect(await collect(client.webhookEndpoints.list())).toMatchObject([{ url: receiver.url, ordering: 'resource' }]);
  });

  it('empties the store when the directory is deleted', async () => {
    const { organization_id, id } = directory;
    await client.directories.delete(organization_id, id);
    await published('organization.directory_deleted', 1);
    const [fresh, reconciled] = [createMemoryStore(), createMemoryStore()];
    const unknown = `dir_${'test9'.padStart(26, '0')}`;
    for (const each of [id, unknown]) {
      await reconciled.replaceAll(each, { position: { epoch: 1, sequence: 1 }, objects: nothing() });
    }
    const target = { client, organizationId: organization_id, directoryId: id };
    expect(await sync()).toMatchObject({ snapshots: 0, events: 1 });
    expect(await syncDirectory({ ...target, store: fresh })).toEqual(expect.objectContaining({ events: 0 }));
    const results = await collect(reconcile({ client, store: reconciled }));
    expect(results).toMatchObject([{ organizationId: organization_id, directoryId: id, result: { snapshots: 0 } }]);
    for (const each of [store, fresh, reconciled]) expect([each.users(id), each.groups(id)]).toEqual([[], []]);
  });

  it('makes nothing twice under a key of the caller’s own, nor when the answer is lost on the way', async () => {
    const name = { display_name: 'Once' };
    const options = { idempotencyKey: 'once' };
    const first = await client.organizations.create(name, options);
    expect(await client.organizations.create(name, options)).toEqual(first);
    let isLost = false;
    const loseFirst: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      if (isLost || init?.method !== 'POST' || !answer.url.endsWith('/organizations')) return answer;
      isLost = true;
      throw new TypeError('the connection broke after the server had answered');
    };
    const { client_id: clientId, client_secret: clientSecret } = rollcall.bootstrap;
    const unlucky = createRollcallClient({ baseUrl: rollcall.baseUrl, clientId, clientSecret, fetch: loseFirst });
    const { id } = await unlucky.organizations.create(name);
    const made: string[] = [];
    for await (const organization of client.organizations.list()) {
      if (organization.display_name === 'Once') made.push(organization.id);
    }
    expect(made.toSorted()).toEqual([first.id, id].toSorted());
    for (const each of made) await client.organizations.delete(each);
  });

  it('throws the errors of the API', async () => {
    const { organization_id } = directory;
    await expect(client.organizations.create({ display_name: 'Acme', external_id: 'acme' })).rejects.toMatchObject({
      name: 'ConflictError',
      status: 409,
    });
    await expect(client.directories.get(organization_id, directory.id)).rejects.toMatchObject({ status: 404 });
    const stranger = createRollcallClient({ baseUrl: rollcall.baseUrl, clientId: 'clt_x', clientSecret: 'wrong' });
    await expect(stranger.events.readPage()).rejects.toMatchObject({ status: 401, code: 'invalid_client' });
  });

  /** The store has what a snapshot shows now. */
  async function expectSame(actual: MemoryStore): Promise<void> {
    const records = await collect(client.directories.snapshot(directory.organization_id, directory.id));
    expect(byId(actual.users(directory.id))).toEqual(byId(dataOf(records, 'user')));
    expect(byId(actual.groups(directory.id))).toEqual(byId(dataOf(records, 'group')));
    const memberships = records.flatMap((record) =>
      record.kind === 'membership' ? [`${record.group_id} ${record.user_id}`] : [],
    );
    const stored = actual
      .groups(directory.id)
      .flatMap(({ id }) => actual.members(directory.id, id).map((user: UserData) => `${id} ${user.id}`));
    expect(stored.toSorted()).toEqual(memberships.toSorted());
  }
});

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

function dataOf(records: readonly SnapshotRecord[], kind: 'user' | 'group'): { id: string }[] {
  return records.flatMap((record) => (record.kind === kind && 'data' in record ? [record.data] : []));
}

function idsOf(requests: readonly { headers: Record<string, string | string[] | undefined> }[]): Set<unknown> {
  return new Set(requests.map(({ headers }) => headers['webhook-id']));
}

async function* nothing(): AsyncGenerator<never, void, undefined> {}

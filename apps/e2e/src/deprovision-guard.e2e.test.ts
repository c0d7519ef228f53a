import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildScenario, findDialect, simulateProvider } from '@rollcall/idp-simulator';
import type { SimulatedProvider } from '@rollcall/idp-simulator';
import {
  createMemoryStore,
  createRollcallClient,
  isDirectoryStreamEvent,
  syncDirectory,
  verifyWebhook,
} from '@rollcall/sdk';
import type { DirectoryDetail, DirectoryStreamEvent, RollcallClient, SnapshotRecord } from '@rollcall/sdk';
import { startReceiver, startRollcall, waitUntil } from '@rollcall/testing';
import type { Receiver, RunningRollcall } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PEOPLE = 300;
const LEAVING = 200;
const GUARD = { max_users: null, max_percent: 20, window_seconds: 3_600 };
/** 20 % of the people. */
const ALLOWED = 60;

/** A directory that a simulated Okta has provisioned, with the guard on. */
interface Provisioned {
  directory: DirectoryDetail;
  provider: SimulatedProvider;
  people: string[];
}

let dataDir: string;
let rollcall: RunningRollcall;
let receiver: Receiver;
let client: RollcallClient;
let webhookSecret: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rollcall-guard-'));
  await chmod(dataDir, 0o711);
  receiver = await startReceiver();
  rollcall = await startRollcall({ dataDir });
  const { client_id: clientId, client_secret: clientSecret } = rollcall.bootstrap;
  client = createRollcallClient({ baseUrl: rollcall.baseUrl, clientId, clientSecret });
  const event_types = ['directory.deprovisioning_held' as const];
  webhookSecret = (await client.webhookEndpoints.create({ url: receiver.url, event_types })).secret;
});

afterAll(async () => {
  await rollcall?.stop();
  await receiver?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Makes an organization with a directory, and lets Okta assign everybody and push the groups. */
async function provision(count: number): Promise<Provisioned> {
  const organization = await client.organizations.create({ display_name: 'Northwind' });
  await client.organizations.updateSettings(organization.id, { features: [{ name: 'dir_sync', enabled: true }] });
  const { id } = await client.directories.create(organization.id, { directory_provider: 'OKTA' });
  const { plain_secret: token } = await client.directorySecrets.create(organization.id, id);
  const directory = await client.directories.update(organization.id, id, { deprovision_guard: GUARD });
  const scenario = buildScenario({ people: count });
  const provider = simulateProvider({
    dialect: findDialect('okta'),
    connection: { baseUrl: directory.directory_endpoint, token },
    scenario,
  });
  const people = scenario.people.map((person) => person.id);
  const failures = await provider.run([
    ...people.map((person) => ({ kind: 'assign' as const, person })),
    ...scenario.groups.map((group) => ({ kind: 'push-group' as const, group: group.id })),
  ]);
  expect(failures).toEqual([]);
  return { directory, provider, people };
}

const deactivations = (people: readonly string[]) => people.map((person) => ({ kind: 'deactivate' as const, person }));

const read = ({ organization_id, id }: DirectoryDetail) => client.directories.get(organization_id, id);

/** Resolves when so many users wait for a decision. */
const held = (directory: DirectoryDetail, count: number) =>
  waitUntil(async () => ((await read(directory)).deprovisioning.held_users === count ? true : null), {
    what: `${count} held users`,
  });

const decided = (directory: DirectoryDetail) =>
  waitUntil(async () => ((await read(directory)).deprovisioning.job?.state === 'finished' ? true : null), {
    what: 'the decision being carried out',
  });

async function eventsOf({ id }: DirectoryDetail): Promise<DirectoryStreamEvent[]> {
  const events: DirectoryStreamEvent[] = [];
  for await (const event of client.events.list({ directory_id: id })) {
    if (isDirectoryStreamEvent(event)) events.push(event);
  }
  return events;
}

/** The users whom events made inactive, one entry for each such event. */
function madeInactive(events: readonly DirectoryStreamEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === 'organization.directory.user_updated' &&
    event.previous_attributes.active === true &&
    !event.data.active
      ? [event.data.id]
      : [],
  );
}

/** A consumer brought up to date, from a snapshot where it has none: whom it knows, and who of them is active. */
async function consume(directory: DirectoryDetail, store = createMemoryStore()) {
  await syncDirectory({ client, organizationId: directory.organization_id, directoryId: directory.id, store });
  const users = store.users(directory.id);
  return { store, users: users.length, active: users.filter(({ active }) => active).length };
}

async function snapshotOf({ organization_id, id }: DirectoryDetail): Promise<SnapshotRecord[]> {
  const records: SnapshotRecord[] = [];
  for await (const record of client.directories.snapshot(organization_id, id)) records.push(record);
  return records;
}

describe('a provider that deactivates two thirds of a directory', () => {
  let provisioned: Provisioned;
  let before: Awaited<ReturnType<typeof consume>>;

  beforeAll(async () => {
    provisioned = await provision(PEOPLE);
    const { directory } = provisioned;
    await waitUntil(
      async () =>
        (await eventsOf(directory)).filter(({ type }) => type.endsWith('user_created')).length === PEOPLE || null,
      { what: 'everybody being published' },
    );
    before = await consume(directory);
  });

  it('is answered 2xx for everyone, while the events stop at the threshold', async () => {
    const { directory, provider, people } = provisioned;
    expect(before).toMatchObject({ users: PEOPLE, active: PEOPLE });
    expect(await provider.run(deactivations(people.slice(0, LEAVING)))).toEqual([]);
    await held(directory, LEAVING - ALLOWED);
    const events = await eventsOf(directory);
    expect(new Set(madeInactive(events)).size).toBe(ALLOWED);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect((await read(directory)).deprovisioning).toMatchObject({ state: 'HELD', held_users: LEAVING - ALLOWED });
    // What the provider reads back is what it wrote.
    expect((await read(directory)).total_users).toBe(PEOPLE);
  });

  it('is announced to the endpoint that asks for it, once and signed', async () => {
    const [request] = await receiver.waitFor((requests) => requests.length > 0);
    if (!request) throw new Error('no webhook arrived');
    const { headers, body } = request;
    expect(await verifyWebhook({ secret: webhookSecret, headers, body })).toMatchObject({
      type: 'directory.deprovisioning_held',
      object: 'Directory',
      sequence: null,
      directory_id: provisioned.directory.id,
      data: { id: provisioned.directory.id, total_users: PEOPLE, deprovision_guard: GUARD },
    });
    expect(receiver.requests.length).toBe(1);
  });

  it('leaves those held as they were for every consumer, by events and by snapshot', async () => {
    const { directory } = provisioned;
    const expected = { users: PEOPLE, active: PEOPLE - ALLOWED };
    expect(await consume(directory, before.store)).toMatchObject(expected);
    expect(await consume(directory)).toMatchObject(expected);
    const list = client.deprovisioning.listHeldUsers(directory.organization_id, directory.id, { page_size: 100 });
    const listed = new Set<string>();
    for await (const { user, kind } of list) {
      expect([user.active, kind]).toEqual([true, 'DEACTIVATE']);
      listed.add(user.id);
    }
    expect(listed.size).toBe(LEAVING - ALLOWED);
  });

  it('is published by a release, once each, although everything is killed meanwhile', async () => {
    const { directory } = provisioned;
    const { job } = await client.deprovisioning.release(directory.organization_id, directory.id);
    expect(job).toMatchObject({ action: 'release', total: LEAVING - ALLOWED });
    await rollcall.kill9();
    rollcall = await startRollcall({ dataDir, env: { PORT: new URL(rollcall.baseUrl).port } });
    await decided(directory);
    const events = await eventsOf(directory);
    const inactive = madeInactive(events);
    expect([inactive.length, new Set(inactive).size]).toEqual([LEAVING, LEAVING]);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect((await read(directory)).deprovisioning).toMatchObject({ state: 'NONE', held_users: 0, discarded_users: 0 });
    const after = await consume(directory, before.store);
    expect(after).toMatchObject({ users: PEOPLE, active: PEOPLE - LEAVING });
    const users = (await snapshotOf(directory)).flatMap((record) => (record.kind === 'user' ? [record.data] : []));
    expect(users).toEqual(expect.arrayContaining(after.store.users(directory.id)));
    expect(users.length).toBe(PEOPLE);
  });
});

describe('a discard', () => {
  it('keeps everyone who was held until the provider changes them again', async () => {
    const { directory, provider, people } = await provision(25);
    const allowed = 5;
    expect(await provider.run(deactivations(people.slice(0, 12)))).toEqual([]);
    await held(directory, 12 - allowed);
    const { store } = await consume(directory);
    await client.deprovisioning.discard(directory.organization_id, directory.id);
    await decided(directory);
    expect((await read(directory)).deprovisioning).toMatchObject({ state: 'NONE', discarded_users: 12 - allowed });
    expect(await consume(directory, store)).toMatchObject({ users: 25, active: 25 - allowed });
    // The provider takes one back, which changes nothing of what is published, and the rest stays discarded.
    expect(await provider.run([{ kind: 'reactivate', person: people[11] ?? '' }])).toEqual([]);
    await waitUntil(async () => ((await read(directory)).deprovisioning.discarded_users === 6 ? true : null), {
      what: 'the reactivation being taken in',
    });
    expect(await consume(directory, store)).toMatchObject({ users: 25, active: 25 - allowed });
    expect(madeInactive(await eventsOf(directory)).length).toBe(allowed);
  });
});

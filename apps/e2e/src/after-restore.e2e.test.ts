import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createMemoryStore, createRollcallClient, syncDirectory } from '@rollcall/sdk';
import type { DirectoryDetail, MemoryStore, RollcallClient, SyncResult } from '@rollcall/sdk';
import { buildOktaUser, startRollcall, waitUntil } from '@rollcall/testing';
import type { RunningRollcall } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { byId } from './support/by-id';
import { runLauncher } from './support/run-launcher';

// A backup is taken, the server goes on, and the backup is restored: consumers were told what never happened.

let folder: string;
let dataDir: string;
let rollcall: RunningRollcall;
let client: RollcallClient;
let directory: DirectoryDetail;
let scimToken: string;
let cursor: string;
/** Both are ahead of the backup. The second one looks again only when the restored server has overtaken it. */
const [ahead, overtaken] = [createMemoryStore(), createMemoryStore()];

const sync = (store: MemoryStore): Promise<SyncResult> =>
  syncDirectory({ client, organizationId: directory.organization_id, directoryId: directory.id, store });

async function start(): Promise<void> {
  rollcall = await startRollcall({ dataDir });
  const { client_id: clientId, client_secret: clientSecret } = rollcall.bootstrap;
  client = createRollcallClient({ baseUrl: rollcall.baseUrl, clientId, clientSecret });
}

/** With owners and rights: the database runs as another user than root. */
const copy = (from: string, to: string) => promisify(execFile)('cp', ['-a', from, to]);

/** Writes so many users, and resolves when their events are published. */
async function hire(from: number, count: number): Promise<void> {
  for (let number = from; number < from + count; number += 1) {
    const response = await fetch(`${rollcall.baseUrl}/scim/${directory.id.slice(4)}/v2/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${scimToken}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(buildOktaUser(number)),
    });
    expect(response.status).toBe(201);
  }
  const userName = String(buildOktaUser(from + count - 1).userName);
  const isPublished = async () => {
    const { events } = await client.events.readPage({ directory_id: directory.id, page_size: 1_000 });
    return JSON.stringify(events.at(-1)?.data).includes(userName);
  };
  await waitUntil(isPublished, { what: 'the events being published' });
}

async function usersOfServer() {
  const users = [];
  for await (const record of client.directories.snapshot(directory.organization_id, directory.id)) {
    if (record.kind === 'user') users.push(record.data);
  }
  return users;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-restore-'));
  // The embedded database may run as another user, who has to get through.
  await chmod(folder, 0o711);
  dataDir = join(folder, 'data');
  await start();
  const organization = await client.organizations.create({ display_name: 'Acme', external_id: 'acme' });
  await client.organizations.updateSettings(organization.id, { features: [{ name: 'dir_sync', enabled: true }] });
  directory = await client.directories.create(organization.id, { directory_provider: 'OKTA' });
  scimToken = (await client.directorySecrets.create(organization.id, directory.id)).plain_secret;
  await hire(0, 5);
  await rollcall.stop();
  await copy(dataDir, join(folder, 'backup'));
  await start();
  await hire(5, 10);
  expect(await sync(ahead)).toMatchObject({ position: 16, epoch: 1 });
  expect(await sync(overtaken)).toMatchObject({ position: 16, epoch: 1 });
  cursor = (await client.events.readPage()).next_after;
  await rollcall.stop();
  await rm(dataDir, { recursive: true });
  await copy(join(folder, 'backup'), dataDir);
});

afterAll(async () => {
  await rollcall.stop();
  await rm(folder, { recursive: true, force: true });
});

it('is settled by one command, which says what it did', async () => {
  const { code, stdout, stderr } = await runLauncher(['rollcall', 'after-restore', '--json'], { DATA_DIR: dataDir });
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ directories: 1, environments: 1, transaction_offset: 0 });
  await start();
  const { epoch } = await client.directories.get(directory.organization_id, directory.id);
  expect(epoch).toBeGreaterThan(1);
  const { entries } = await client.auditLog.readPage({ action: 'environment.restored' });
  expect(entries).toMatchObject([{ actor: { type: 'operator' } }]);
});

it('brings a consumer that is ahead of the restored server to equal rows', async () => {
  await expect(client.events.readPage({ directory_id: directory.id, after_sequence: 16 })).rejects.toMatchObject({
    status: 410,
    code: 'events_ahead',
    details: { last_sequence: 6 },
  });
  expect(await sync(ahead)).toMatchObject({ position: 6, snapshots: 1, events: 0 });
  expect(ahead.users(directory.id)).toHaveLength(5);
  expect(byId(ahead.users(directory.id))).toEqual(byId(await usersOfServer()));
});

it('brings a consumer that the restored server has overtaken to equal rows, and the other one along', async () => {
  await hire(100, 14);
  expect(await sync(overtaken)).toMatchObject({ position: 20, snapshots: 1, events: 0 });
  expect(await sync(ahead)).toMatchObject({ position: 20, snapshots: 0, events: 14 });
  const users = byId(await usersOfServer());
  expect(Object.keys(users)).toHaveLength(19);
  expect(byId(overtaken.users(directory.id))).toEqual(users);
  expect(byId(ahead.users(directory.id))).toEqual(users);
});

it('refuses a cursor of before over all directories, and shows everything to a new one', async () => {
  await expect(client.events.readPage({ after: cursor })).rejects.toMatchObject({ status: 410, code: 'events_ahead' });
  const sequences: (number | null)[] = [];
  for await (const { sequence } of client.events.list()) sequences.push(sequence);
  expect(sequences).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

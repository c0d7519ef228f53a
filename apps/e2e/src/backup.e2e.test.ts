import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildOktaUser, freePort, newSecretKey, startReceiver, startRollcall } from '@rollcall/testing';
import type { ReceivedRequest, Receiver, RunningRollcall } from '@rollcall/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectManagementApi } from './support/connect-management-api';
import { createDirectory } from './support/create-directory';
import type { ReadyDirectory } from './support/create-directory';
import { runLauncher } from './support/run-launcher';

// The drill: a server with customers is backed up while it works, lost, and restored into a new place.

const BEFORE = 30;

interface User {
  id: string;
  userName: string;
}

let folder: string;
let file: string;
let first: RunningRollcall;
let directory: ReadyDirectory;
let receiver: Receiver;
let webhookSecret: string;
/** Acknowledged before the backup began. */
let written: User[];
let lastDuring: User;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-backup-'));
  // The embedded databases may run as another user, who has to get through.
  await chmod(folder, 0o711);
  file = join(folder, 'drill.backup');
  first = await startRollcall({ dataDir: join(folder, 'first') });
  receiver = await startReceiver();
  directory = await createDirectory(first);
  const { secret } = await directory.api<{ secret: string }>('POST', '/webhook_endpoints', { url: receiver.url });
  webhookSecret = secret;
  written = [];
  for (let user = 1; user <= BEFORE; user += 1) written.push(await writeUser(first.baseUrl, user));
});

afterAll(async () => {
  await first?.stop();
  await receiver?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const scim = (baseUrl: string, path: string, body?: unknown) =>
  fetch(`${baseUrl}${new URL(directory.scimUrl).pathname}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${directory.token}`, 'content-type': 'application/scim+json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });

async function writeUser(baseUrl: string, number: number): Promise<User> {
  const answer = await scim(baseUrl, '/Users', buildOktaUser(number));
  expect(answer.status).toBe(201);
  return (await answer.json()) as User;
}

async function startOn(dataDir: string): Promise<RunningRollcall> {
  // Only the test reads it: the credentials of the first environment are in the database.
  copyFileSync(join(first.dataDir, 'bootstrap.json'), join(dataDir, 'bootstrap.json'));
  return startRollcall({ dataDir });
}

const restore = (dataDir: string, from = file) => runLauncher(['rollcall', 'restore', from], { DATA_DIR: dataDir });

describe('npm run rollcall -- backup', () => {
  it('writes a file that its owner alone can read, while the identity provider goes on writing', async () => {
    let isWriting = true;
    const writing = (async () => {
      let user = await writeUser(first.baseUrl, BEFORE + 1);
      for (let number = BEFORE + 2; isWriting; number += 1) user = await writeUser(first.baseUrl, number);
      return user;
    })();
    const { code, stdout, stderr } = await runLauncher(['rollcall', 'backup', file], { DATA_DIR: first.dataDir });
    isWriting = false;
    lastDuring = await writing;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/ {2}directory_users +\d+\.\d MB, \d+ rows\n/);
    expect(stdout).toContain(`keep ${join(first.dataDir, 'secret-key')} too, in another place`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('names a file after the time in a folder, tells programs of it, and overwrites none', async () => {
    const env = { DATA_DIR: first.dataDir };
    const { code, stdout } = await runLauncher(['rollcall', 'backup', folder, '--json'], env);
    expect(code).toBe(0);
    const told = JSON.parse(stdout) as { file: string; bytes: number; rows: number };
    expect(told.file).toMatch(/\/rollcall-\d{8}T\d{6}Z\.backup$/);
    expect(told.bytes).toBe(statSync(told.file).size);
    expect(told.rows).toBeGreaterThan(BEFORE);
    const again = await runLauncher(['rollcall', 'backup', told.file], env);
    expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('is there already') });
  });

  it('looks for a database, and makes none', async () => {
    const nowhere = join(folder, 'nowhere');
    const refused = await runLauncher(['rollcall', 'backup', folder], { DATA_DIR: nowhere });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(`There is no database in ${nowhere}`) });
    expect(existsSync(nowhere)).toBe(false);
  });
});

describe('npm run rollcall -- restore', () => {
  let second: RunningRollcall;
  const place = () => join(folder, 'second');

  afterAll(() => second?.stop());

  it('refuses a backup that was cut off or changed, and makes no database', async () => {
    const whole = readFileSync(file);
    const changed = Buffer.from(whole);
    changed[5_000] = (changed[5_000] ?? 0) ^ 1;
    for (const bytes of [whole.subarray(0, -1), changed]) {
      const broken = join(folder, 'broken.backup');
      writeFileSync(broken, bytes);
      const { code, stdout, stderr } = await restore(join(folder, 'none'), broken);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^This is no whole backup: /);
      expect(existsSync(join(folder, 'none'))).toBe(false);
    }
  });

  it('fills a new place, and says what is left to do', async () => {
    await first.stop();
    const { code, stdout, stderr } = await restore(place());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(
      `Put the secret key of the server that was backed up into SECRET_KEY or ${place()}/secret-key`,
    );
    expect(await restore(place())).toMatchObject({ code: 1, stderr: expect.stringContaining('is not empty') });
  });

  it('leaves a server that another secret key does not open', async () => {
    const port = String(await freePort());
    const env = { DATA_DIR: place(), PORT: port, SECRET_KEY: newSecretKey() };
    const { code, stderr } = await runLauncher(['start'], env);
    expect(code).not.toBe(0);
    expect(stderr).toContain('SECRET_KEY is not the key this database was sealed with');
  });

  it('leaves a server that goes on with the same key: credentials, users, tokens and sealed secrets work', async () => {
    copyFileSync(join(first.dataDir, 'secret-key'), join(place(), 'secret-key'));
    receiver.clear();
    second = await startOn(place());
    const { client_id: clientId, client_secret: clientSecret } = first.bootstrap;
    const api = await connectManagementApi(second.baseUrl, { clientId, clientSecret });
    const path = `/organizations/${directory.organizationId}/directories/${directory.directoryId}`;
    const { directory: restored } = await api<{ directory: { total_users: number } }>('GET', path);
    expect(restored.total_users).toBeGreaterThanOrEqual(BEFORE);
    for (const { id, userName } of written) {
      const answer = await scim(second.baseUrl, `/Users/${id}`);
      expect(await answer.json()).toMatchObject({ id, userName });
    }
    // What was written after the moment of the backup is not there.
    expect((await scim(second.baseUrl, `/Users/${lastDuring.id}`)).status).toBe(404);

    const user = await writeUser(second.baseUrl, 100_000);
    const isOfUser = ({ body }: ReceivedRequest) => body.includes(user.id);
    const requests = await receiver.waitFor((all) => all.some(isOfUser));
    const request = requests.find(isOfUser);
    const event = new Webhook(webhookSecret).verify(request?.body ?? '', request?.headers as Record<string, string>);
    expect(event).toMatchObject({ type: 'organization.directory.user_created', data: { id: `diruser_${user.id}` } });
  });
});

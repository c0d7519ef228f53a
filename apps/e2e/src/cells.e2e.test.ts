import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@rollcall/embedded-postgres';
import {
  buildOktaUser,
  freePort,
  launchChromium,
  newSecretKey,
  type Receiver,
  type RunningRollcall,
  startReceiver,
  startRollcall,
  waitUntil,
} from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import { openPortal } from './support/open-portal';
import { heading } from './support/portal-page';
import { createAccount, dashboardLink, OWNER } from './support/dashboard-page';
import { createDirectory, type ReadyDirectory } from './support/create-directory';
import { runLauncher } from './support/run-launcher';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-cells-'));
let servers: { control: EmbeddedPostgres; b: EmbeddedPostgres };
let receiver: Receiver;
let env: NodeJS.ProcessEnv;
let rollcall: RunningRollcall;
let directories: ReadyDirectory[];

const startServer = (name: string) => startEmbeddedPostgres({ dataDir: join(folder, name) });

beforeAll(async () => {
  chmodSync(folder, 0o711);
  const [control, b] = await Promise.all([startServer('control'), startServer('b')]);
  servers = { control, b };
  receiver = await startReceiver();
  env = {
    DATA_DIR: join(folder, 'data'),
    PORT: String(await freePort()),
    OPERATIONS_PORT: String(await freePort()),
    DATABASE_URL: control.appUrl,
    DATABASE_OWNER_URL: control.ownerUrl,
    CELLS: `b=${b.appUrl}`,
    CELLS_OWNER: `b=${b.ownerUrl}`,
    SECRET_KEY: newSecretKey(),
  };
});

afterAll(async () => {
  await rollcall?.stop();
  await receiver.stop();
  await Promise.all([servers.control.stop(), servers.b.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const readState = async (): Promise<{ status: string; degraded: string[] }> =>
  (await fetch(`http://127.0.0.1:${env.OPERATIONS_PORT}/readyz`)).json() as never;

async function write({ scimUrl, token }: ReadyDirectory, number: number): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const body = JSON.stringify(buildOktaUser(number));
  return (await fetch(`${scimUrl}/Users`, { method: 'POST', headers, body })).status;
}

const receivedOf = ({ directoryId }: ReadyDirectory) =>
  receiver.requests.filter(({ body }) => body.includes(directoryId)).length;

it('"npm start" makes two empty databases an installation, and spreads organizations over them', async () => {
  rollcall = await startRollcall({ env, dataDir: env.DATA_DIR });
  await waitUntil(async () => (await readState()).degraded.length === 0, { what: 'both cells being served' });
  const first = await createDirectory(rollcall);
  directories = [first, await createDirectory(rollcall)];
  await first.api('POST', '/webhook_endpoints', { url: receiver.url, ordering: 'fifo' });
  for (const [index, directory] of directories.entries()) expect(await write(directory, index)).toBe(201);
  await waitUntil(() => directories.every((directory) => receivedOf(directory) > 0));
  const { events } = await first.api<{ events: { directory_id: string }[] }>('GET', '/events?page_size=100');
  expect(new Set(events.map(({ directory_id }) => directory_id))).toEqual(
    new Set(directories.map(({ directoryId }) => directoryId)),
  );
  const { stdout } = await runLauncher(['rollcall', 'doctor'], env);
  expect(stdout).toMatch(/ok +cell b +It is reached/);
});

it('a client that a command revokes is refused by every cell within seconds', async () => {
  const made = await runLauncher(['rollcall', 'create-client', '--name', 'Reports', '--json'], env);
  const { client_id, api_key } = JSON.parse(made.stdout) as { client_id: string; api_key: string };
  const statuses = async () => {
    const headers = { authorization: `Bearer ${api_key}` };
    const urls = directories.map(({ organizationId }) => `${rollcall.baseUrl}/api/v1/organizations/${organizationId}`);
    return Promise.all(urls.map(async (url) => (await fetch(url, { headers })).status));
  };
  await expect.poll(statuses, { timeout: 15_000 }).toEqual([200, 200]);
  await runLauncher(['rollcall', 'revoke-client', client_id], env);
  await expect.poll(statuses, { timeout: 15_000 }).toEqual([401, 401]);
});

it('the dashboard says that organizations are missing while their database is away, and not when it is back', async () => {
  const browser = await launchChromium();
  const { page } = await openPortal(browser, rollcall.bootstrap.dashboard_setup_url);
  await createAccount(page, OWNER);
  const missing = page.getByText('Some organizations cannot be shown');
  const views = ['Overview', 'Organizations', 'Events', 'Audit log'];
  const visit = async (name: string) => {
    await dashboardLink(page, name).click();
    await heading(page, name).waitFor();
  };
  await dashboardLink(page, 'Organizations').waitFor();
  await servers.b.stop();
  await waitUntil(async () => (await readState()).degraded.includes('cell b'));
  for (const name of views) {
    await visit(name);
    await missing.waitFor();
    await page.getByText('Their databases do not answer right now: b.').waitFor();
    expect(await findViolations(page)).toEqual([]);
  }
  servers.b = await startServer('b');
  await waitUntil(async () => (await readState()).degraded.length === 0, { what: 'cell b being served again' });
  for (const name of views) {
    await visit(name);
    await missing.waitFor({ state: 'detached' });
  }
  await browser.close();
});

it('starts again while a cell is away, which comes to it later', async () => {
  await rollcall.stop();
  await servers.b.stop();
  rollcall = await startRollcall({ env, dataDir: env.DATA_DIR });
  expect((await readState()).degraded).toContain('cell b');
  const answers = await Promise.all(directories.map((directory, index) => write(directory, 10 + index)));
  expect(new Set(answers)).toEqual(new Set([201, 503]));
  servers.b = await startServer('b');
  await waitUntil(async () => (await readState()).degraded.length === 0, { what: 'cell b being served again' });
  const away = directories[answers.indexOf(503)] as ReadyDirectory;
  const before = receivedOf(away);
  expect(await write(away, 20)).toBe(201);
  await waitUntil(() => receivedOf(away) > before);
});

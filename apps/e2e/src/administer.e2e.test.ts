import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, newSecretKey, startRollcall } from '@rollcall/testing';
import type { RunningRollcall } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLauncher } from './support/run-launcher';

// The commands of an operator, against a running server.

interface MadeClient {
  client_id: string;
  client_secret: string;
  api_key: string;
  scopes: string[];
}

let dataDir: string;
let server: RunningRollcall;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rollcall-administer-'));
  // The embedded database may run as another user, who has to get through.
  await chmod(dataDir, 0o711);
  server = await startRollcall({ dataDir });
});

afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  runLauncher(['rollcall', ...args], { DATA_DIR: dataDir, ...env });

async function runJson<Answer = MadeClient>(args: string[], env?: NodeJS.ProcessEnv): Promise<Answer> {
  const { code, stdout, stderr } = await run([...args, '--json'], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Answer;
}

async function statusOf(credential: string, method = 'GET'): Promise<number> {
  const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json' };
  const body = method === 'GET' ? undefined : JSON.stringify({ display_name: 'Acme' });
  return (await fetch(`${server.baseUrl}/api/v1/organizations`, { method, headers, body })).status;
}

async function tokenStatus({ client_id, client_secret }: MadeClient): Promise<number> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
  return (await fetch(`${server.baseUrl}/oauth/token`, { method: 'POST', body })).status;
}

describe('the commands about API clients', () => {
  it('make one, let its secrets overlap, and end it', async () => {
    const first = await runJson(['create-client', '--name', 'Reports', '--scope', 'read']);
    expect(first.scopes).toEqual(['read']);
    expect([await statusOf(first.api_key), await statusOf(first.api_key, 'POST')]).toEqual([200, 403]);

    const second = await runJson(['rotate-client', first.client_id, '--overlap', '600']);
    expect([await statusOf(first.api_key), await statusOf(second.api_key)]).toEqual([200, 200]);
    expect([await tokenStatus(first), await tokenStatus(second)]).toEqual([200, 200]);
    const third = await runJson(['rotate-client', first.client_id]);
    expect([await statusOf(first.api_key), await statusOf(second.api_key), await statusOf(third.api_key)]).toEqual([
      401, 401, 200,
    ]);

    const { stdout } = await run(['list-clients']);
    expect(stdout).toContain(`${first.client_id}  Reports  read  all organizations  used `);
    expect(stdout).not.toContain('sk_');
    await runJson(['revoke-client', first.client_id]);
    expect([await statusOf(third.api_key), await tokenStatus(third)]).toEqual([401, 401]);
    expect((await run(['list-clients'])).stdout).not.toContain(first.client_id);
  });

  it('make one of one organization', async () => {
    const headers = { authorization: `Bearer ${await server.accessToken()}`, 'content-type': 'application/json' };
    const create = async () => {
      const body = JSON.stringify({ display_name: 'Acme' });
      const answer = await fetch(`${server.baseUrl}/api/v1/organizations`, { method: 'POST', headers, body });
      return ((await answer.json()) as { organization: { id: string } }).organization.id;
    };
    const [own, other] = [await create(), await create()];
    const { api_key } = await runJson(['create-client', '--name', 'Acme', '--organization', own]);
    const get = async (id: string) =>
      (await fetch(`${server.baseUrl}/api/v1/organizations/${id}`, { headers: { authorization: `Bearer ${api_key}` } }))
        .status;
    expect([await get(own), await get(other), await statusOf(api_key, 'POST')]).toEqual([200, 404, 403]);
  });

  it('ask whose it shall be when there are several environments', async () => {
    const made = await runJson<{ environment_id: string }>(['create-environment', '--name', 'Second']);
    const refused = await run(['create-client', '--name', 'X']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`${made.environment_id} (Second)`);
    const args = ['create-client', '--name', 'X', '--environment', made.environment_id];
    expect(await statusOf((await runJson(args)).api_key)).toBe(200);
  });

  it('refuse a client that is not there in one sentence, with code 1', async () => {
    expect(await run(['revoke-client', 'clt_nobody'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no such api client.\n',
    });
  });
});

describe('a misspelt DATA_DIR', () => {
  it.each(['list-clients', 'after-restore'])('is told by %s, which makes no database there', async (name) => {
    const nowhere = join(dataDir, 'nowhere');
    const refused = await run([name], { DATA_DIR: nowhere });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(new RegExp(`^There is no database in ${nowhere}: correct DATA_DIR.*\\n$`));
    expect(existsSync(nowhere)).toBe(false);
  });
});

describe('npm run rollcall -- rotate-key', () => {
  it('lets the server go on with a new key alone, and every secret that it handed out', async () => {
    const client = await runJson(['create-client', '--name', 'Kept', '--environment', server.bootstrap.environment_id]);
    const previous = readFileSync(join(dataDir, 'secret-key'), 'utf8').trim();
    const keys = { SECRET_KEY: newSecretKey(), SECRET_KEY_PREVIOUS: previous };
    await server.stop();
    server = await startRollcall({ dataDir, env: keys });
    expect(await statusOf(client.api_key)).toBe(200);
    expect(await runJson(['rotate-key'], keys)).toMatchObject({ rebound: true, resealed: { secretPepper: 1 } });
    expect(await runJson(['rotate-key'], keys)).toMatchObject({ rebound: false, resealed: { secretPepper: 0 } });
    await server.stop();
    const refused = await runLauncher(['start'], { DATA_DIR: dataDir, PORT: String(await freePort()) });
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/^SECRET_KEY is not the key this database was sealed with.*\n$/);
    server = await startRollcall({ dataDir, env: { SECRET_KEY: keys.SECRET_KEY } });
    expect([await statusOf(client.api_key), await tokenStatus(client)]).toEqual([200, 200]);
    await expect(server.accessToken()).resolves.toBeTruthy();
  });
});

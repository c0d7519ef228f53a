import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, waitUntil } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLauncher } from './support/run-launcher';
import { readCommands, readScriptNames, runReadmeCommands } from './support/run-readme-commands';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const [start, ...credentials] = readCommands('Run it');
const others = [...readCommands('Connect Okta'), ...readCommands('Receive events')];

describe('the README', () => {
  let folder: string;
  let port: number;
  let server: ChildProcess;

  beforeAll(async () => {
    expect(start).toBe('npm start');
    folder = mkdtempSync(join(tmpdir(), 'rollcall-readme-'));
    // The embedded database may run as another user, who has to get through.
    chmodSync(folder, 0o711);
    port = await freePort();
    const own = { PORT: String(port), OPERATIONS_PORT: '0', DATA_DIR: join(folder, '.rollcall') };
    const env = { PATH: process.env.PATH, HOME: folder, ...own };
    server = spawn('npm', ['start'], { cwd: ROOT, env, stdio: 'ignore' });
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await waitUntil(isReady, { what: 'the server of npm start' });
  });

  afterAll(async () => {
    if (server?.exitCode === null && server.kill()) await once(server, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });

  it('names only scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const names = readScriptNames();
    expect(names).toEqual(expect.arrayContaining(['demo', 'test', 'start', 'start:ingress', 'rollcall', 'lint']));
    expect(names.filter((name) => !scripts[name])).toEqual([]);
  });

  it('has commands that work as they stand, from the first credentials to the webhook endpoint', async ({ skip }) => {
    const run = await runReadmeCommands([...credentials, ...others], { folder, port });
    if (!run) return skip('curl is not installed');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const answers = run.stdout.split('\n').filter((line) => line !== '');
    expect(answers.map((answer) => JSON.parse(answer) as unknown)).toEqual([
      { organization: expect.objectContaining({ settings: { features: [{ name: 'dir_sync', enabled: true }] } }) },
      { link: expect.objectContaining({ location: expect.stringContaining('http://localhost') }) },
      { webhook_endpoint: expect.anything(), secret: expect.stringMatching(/^whsec_/) },
    ]);
  });

  it('makes a second environment as it says', async () => {
    const command = 'npm run rollcall -- create-environment --name "Second app"';
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(command);
    const { code, stdout } = await runLauncher(['rollcall', 'create-environment', '--name', 'Second app'], {
      DATA_DIR: join(folder, '.rollcall'),
    });
    expect(stdout).toContain('The environment "Second app" is made.');
    expect(code).toBe(0);
  });

  it('starts a server that ends with npm: SIGTERM to it reaches the server, which exits 0', async () => {
    server.kill('SIGTERM');
    expect(await once(server, 'exit')).toEqual([0, null]);
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow('fetch failed');
  });
});

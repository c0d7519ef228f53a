import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, waitUntil } from '@rollcall/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readWrittenPages } from './support/docs-project';
import { runReadmeCommands } from './support/run-readme-commands';

// The quickstart, block after block as it stands. What differs is where it is run, and that the ports are free ones.

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const { blocks } = readWrittenPages().find(({ slug }) => slug === 'quickstart')!;
const commands = blocks.filter(({ language }) => language === 'sh').map(({ code }) => code.trim());
const [install, start, make, makeSecret, startApp, listen, trigger, connect, register] = commands as [
  string,
  ...string[],
];

/** Beside it the reader's own folder comes to be. */
let folder: string;
let env: NodeJS.ProcessEnv;
let port: number;
let appPort: number;
const running: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-quickstart-'));
  // The embedded database may run as another user, who has to get through.
  chmodSync(folder, 0o711);
  symlinkSync(ROOT, join(folder, 'rollcall'));
  [port, appPort] = [await freePort(), await freePort()];
  env = {
    PATH: process.env.PATH,
    HOME: folder,
    PORT: String(port),
    OPERATIONS_PORT: '0',
    DATA_DIR: join(folder, '.rollcall'),
    // Nobody is asked whether there is a newer npm, nor what is known of no packages.
    npm_config_audit: 'false',
    npm_config_update_notifier: 'false',
  };
});

afterAll(async () => {
  for (const child of running.toReversed()) await end(child);
  rmSync(folder, { recursive: true, force: true });
});

/** The whole group: npm and a shell stand between. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}

interface Run {
  readonly child: ChildProcess;
  readonly said: () => string;
}

/** Starts a block as somebody pastes it into a terminal that is in a folder. */
function type(block: string | undefined, place: 'rollcall' | 'first-app'): Run {
  const cwd = join(folder, place);
  const command = (block ?? '').replaceAll('localhost:3000', `localhost:${appPort}`);
  const child = spawn('sh', ['-ec', command], { cwd, env: { ...env, PWD: cwd }, detached: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  running.push(child);
  return { child, said: () => said };
}

async function typeToEnd(block: string | undefined, place: 'rollcall' | 'first-app'): Promise<string> {
  const { child, said } = type(block, place);
  const [code] = await once(child, 'close');
  expect({ code, said: said() }).toMatchObject({ code: 0 });
  return said();
}

it('leads word for word to a verified event in an app of one’s own', async () => {
  // Whoever runs this test has done that.
  expect(install).toBe('npm install');
  const began = performance.now();
  const server = type(start, 'rollcall');
  await waitUntil(() => server.said().includes('is ready'), { what: 'npm start', saw: server.said });

  await typeToEnd(make, 'rollcall');
  const app = blocks.find(({ file }) => file === 'app.js')!;
  writeFileSync(join(folder, 'first-app/app.js'), app.code.replaceAll('3000', String(appPort)));
  await typeToEnd(makeSecret, 'first-app');
  const own = type(startApp, 'first-app');
  await waitUntil(() => own.said().includes('listening'), { what: 'the app', saw: own.said });
  const listening = type(listen, 'first-app');
  await waitUntil(() => listening.said().includes('Ctrl+C'), { what: 'listen', saw: listening.said });
  await typeToEnd(trigger, 'first-app');

  const promised = blocks.findLast(({ language }) => language === 'text')!.code.trim();
  await waitUntil(() => own.said().includes(promised), { what: `"${promised}"`, saw: own.said });
  const seconds = Math.round((performance.now() - began) / 1_000);
  console.log(`The quickstart took ${seconds} s from "npm start" to the first verified event.`);

  const forged = await fetch(`http://localhost:${appPort}/webhooks/rollcall`, { method: 'POST', body: '{}' });
  expect(forged.status).toBe(400);
});

it('goes on, as it stands, to a portal link and an endpoint of production', async ({ skip }) => {
  const run = await runReadmeCommands([connect ?? '', register ?? ''], { folder, port });
  if (!run) return skip('curl is not installed');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toContain('"location":"http://localhost');
  expect(run.stdout).toMatch(/"secret":"whsec_/);
});

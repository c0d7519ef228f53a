import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** The real thing in a real process: a program that starts, or fails to, as told by its argument. */
let folder: string;
let program: string;

beforeAll(async () => {
  // Inside the workspace, where its packages are found.
  folder = await mkdtemp(fileURLToPath(new URL('../../../node_modules/.rollcall-run-process-', import.meta.url)));
  const entry = join(folder, 'entry.ts');
  program = join(folder, 'program.mjs');
  await writeFile(
    entry,
    `import { AppError } from ${pathOf('./app-error.ts')};
     import { runProcess } from ${pathOf('./run-process.ts')};
     const code = process.argv[2];
     await runProcess('example', {
       start: async (config) => {
         if (!['none', 'deaf'].includes(code)) throw new AppError({ kind: 'internal', code, message: 'secret of ' + config.host });
         const timer = setInterval(() => undefined, 1000);
         const operations = { readiness: async () => ({ status: 'ok', degraded: [] }), series: async () => [] };
         return { port: 4321, operations, stop: async () => { clearInterval(timer); console.log('stopped'); } };
       },
       describeFailure: (error) => 'Described: ' + error.message,
       operationsPort: 0,
       listens: process.argv[2] !== 'deaf',
     });`,
  );
  const bundle = await rolldown({ input: entry, platform: 'node', external: /^[^./]/ });
  await bundle.write({ file: program, format: 'esm' });
  await bundle.close();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function pathOf(file: string): string {
  return JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
}

function start(code: string, env: NodeJS.ProcessEnv = {}) {
  const child = fork(program, [code], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return {
    child,
    ended: async () => {
      const [code] = (await once(child, 'close')) as [number];
      return { code, stdout, stderr };
    },
  };
}

it('tells its parent when and where it is ready, and stops at SIGTERM with 0', async () => {
  const { child, ended } = start('none');
  expect(await once(child, 'message')).toMatchObject([{ ready: true, port: 4321 }, undefined]);
  child.kill('SIGTERM');
  expect(await ended()).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^stopped$/m) });
});

it.each([
  ['none', 'where it listens', true],
  ['deaf', 'no address when it listens at none', false],
])('says as it starts (%s) %s', async (kind, _, isTold) => {
  const { child, ended } = start(kind, { PORT: '4321' });
  await once(child, 'message');
  child.kill('SIGTERM');
  const { stdout } = await ended();
  const starting = stdout.split('\n').find((line) => line.includes('"starting"')) ?? '{}';
  expect(JSON.parse(starting)).toMatchObject({ msg: 'starting', dataDir: expect.anything() });
  expect(starting.includes('127.0.0.1:4321')).toBe(isTold);
});

it('is operated at a port of its own, and refuses one that is in use with one sentence', async () => {
  const first = start('none', { OPERATIONS_PORT: '0' });
  await once(first.child, 'message');
  first.child.kill('SIGTERM');
  const { stdout } = await first.ended();
  expect(stdout).toMatch(/"host":"127\.0\.0\.1","port":\d+,"msg":"operated at"/);
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const { port } = squatter.address() as AddressInfo;
  const end = await start('none', { OPERATIONS_PORT: String(port) }).ended();
  squatter.close();
  expect(end.code).toBe(78);
  expect(end.stderr).toBe(
    `Described: OPERATIONS_PORT ${port} on 127.0.0.1 is in use by another program: stop it or choose another port.\n`,
  );
});

it.each([
  [
    'a configuration that cannot work, with the code that asks for no other try',
    'none',
    { PORT: 'many' },
    78,
    /^Described: PORT /,
  ],
  ['a key of another database, with the same code', 'secret_key_mismatch', {}, 78, /^Described: secret of /],
  ['a database that no longer serves it, with the same code', 'schema_too_new', {}, 78, /^Described: secret of /],
  [
    'a database that a restore has left as it was, with the same code',
    'database_restored',
    {},
    78,
    /^Described: secret of /,
  ],
  ['what another start may repair, with 1', 'schema_too_old', {}, 1, /^Described: secret of /],
])('ends with one sentence about %s', async (_cause, code, env, exitCode, sentence) => {
  const end = await start(code, env).ended();
  expect(end.code).toBe(exitCode);
  expect(end.stderr).toMatch(sentence);
  expect(end.stderr.trimEnd().split('\n')).toHaveLength(1);
});

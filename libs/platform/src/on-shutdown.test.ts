import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The real thing in a real process: a program that stops as told by its argument. */
let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-shutdown-'));
  const entry = join(folder, 'entry.ts');
  program = join(folder, 'program.mjs');
  await writeFile(
    entry,
    `import { onShutdown } from ${JSON.stringify(new URL('./on-shutdown.ts', import.meta.url).pathname)};
     const kind = process.argv[2];
     onShutdown({
       deadlineMs: kind === 'hang' ? 200 : 5000,
       stop: async (reason) => {
         console.log('stop ' + reason);
         if (kind === 'throw') throw new Error('cannot stop');
         await new Promise((resolve) => setTimeout(resolve, kind === 'hang' ? 60_000 : 300));
         console.log('stopped');
       },
     });
     setInterval(() => undefined, 1000);
     console.log('ready');`,
  );
  const bundle = await rolldown({ input: entry, platform: 'node' });
  await bundle.write({ file: program, format: 'esm' });
  await bundle.close();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(kind: string): Promise<{ child: ChildProcess; output: () => string }> {
  const child = fork(program, [kind], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  while (!text.includes('ready')) await once(child.stdout ?? child, 'data');
  return { child, output: () => text };
}

/** The exit code once the output is complete (a child that was disconnected emits no `close`). */
async function exitCode(child: ChildProcess): Promise<unknown> {
  const [[code]] = await Promise.all([once(child, 'exit'), once(child.stdout ?? child, 'end')]);
  return code as unknown;
}

describe('onShutdown', () => {
  it('finishes what is in flight and exits 0 on SIGTERM, a second one changing nothing', async () => {
    const { child, output } = await start('normal');
    child.kill('SIGTERM');
    while (!output().includes('stop SIGTERM')) await once(child.stdout ?? child, 'data');
    child.kill('SIGTERM');
    expect(await exitCode(child)).toBe(0);
    expect(output()).toBe('ready\nstop SIGTERM\nstopped\n');
  });

  it('exits 0 at the deadline when something hangs', async () => {
    const { child, output } = await start('hang');
    child.kill('SIGTERM');
    expect(await exitCode(child)).toBe(0);
    expect(output()).not.toContain('stopped');
  });

  it('exits 1 when stopping fails', async () => {
    const { child } = await start('throw');
    child.kill('SIGTERM');
    expect(await exitCode(child)).toBe(1);
  });

  it('stops gracefully when the parent goes away', async () => {
    const { child, output } = await start('normal');
    child.disconnect();
    expect(await exitCode(child)).toBe(0);
    expect(output()).toBe('ready\nstop parent disconnected\nstopped\n');
  });
});

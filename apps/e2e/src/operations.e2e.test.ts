import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startReceiver, startRollcall } from '@rollcall/testing';
import type { Receiver, RunningRollcall } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory } from './support/create-directory';
import { readCommands } from './support/run-readme-commands';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAGE = '.github/OPERATIONS.md';

let folder: string;
let server: RunningRollcall;
let receiver: Receiver;
let organizationId: string;
let endpointId: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-operations-'));
  // The embedded databases may run as another user, who has to get through.
  await chmod(folder, 0o711);
  server = await startRollcall({ dataDir: join(folder, 'data') });
  const directory = await createDirectory(server);
  organizationId = directory.organizationId;
  receiver = await startReceiver();
  const { url } = receiver;
  const made = await directory.api<{ webhook_endpoint: { id: string } }>('POST', '/webhook_endpoints', { url });
  endpointId = made.webhook_endpoint.id;
});

afterAll(async () => {
  await server?.stop();
  await receiver?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs blocks of the page as they stand, one after the other in one shell that stops at the first command that fails. */
async function run(
  headings: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const blocks = headings.flatMap((heading) => readCommands(heading, PAGE));
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    TMPDIR: folder,
    DATA_DIR: server.dataDir,
    DATA_DIR_RESTORED: join(folder, 'restored'),
    BACKUPS: join(folder, 'backups'),
    ENDPOINT: endpointId,
    ORGANIZATION: organizationId,
    EXPORT: join(folder, 'export'),
    OPERATIONS_PORT: '0',
    ...more,
  };
  return new Promise((resolve) => {
    execFile('sh', ['-ec', blocks.join('\n')], { cwd: ROOT, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

describe('the commands of the operations page', () => {
  it('are all run here', () => {
    const headings = [...readFileSync(join(ROOT, PAGE), 'utf8').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    const withCommands = headings.filter((heading) => readCommands(heading ?? '', PAGE).length > 0);
    expect(withCommands).toEqual([
      'Look at everything',
      'Back up',
      'Restore',
      'Drill',
      'Upgrade',
      'Send events once more',
      'Give a customer what is kept of it',
    ]);
  });

  it('look at a server that runs', async () => {
    const { code, stdout } = await run(['Look at everything']);
    expect(stdout).toMatch(/^ok +database +/m);
    expect(stdout).not.toMatch(/^fail /m);
    expect(code).toBe(0);
  });

  it('bring it up to date', async () => {
    const { code, stdout } = await run(['Upgrade']);
    expect(stdout).toContain('The database is up to date.');
    expect(code).toBe(0);
  });

  it('back it up, restore it into another place, and drill', async () => {
    const { code, stdout, stderr } = await run(['Back up', 'Restore']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Restored \d+ rows of \d+ tables/m);
    expect(readdirSync(join(folder, 'restored'))).toEqual(expect.arrayContaining(['postgres', 'secret-key']));
    // The live database may be named in the environment, and is left alone.
    const live = { DATABASE_URL: 'postgres://app:a@127.0.0.1:1/live', DATABASE_OWNER_URL_FILE: '/nowhere/owner-url' };
    const drill = await run(['Drill'], { ...live, DATA_DIR_BEFORE: server.dataDir });
    expect(drill).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^Restored \d+ rows/m) });
    expect(drill.stdout).toContain(`${server.bootstrap.client_id}  First client  read,write`);
  });

  it('send events once more, and give a customer its data', async () => {
    const { code, stdout } = await run(['Send events once more', 'Give a customer what is kept of it']);
    expect(stdout).toMatch(/It would send (\d+) events\.[^]*The replay rpl_\w+ is finished: of \1 events/);
    expect(stdout).toContain(`Exported into ${join(folder, 'export')}.`);
    expect(code).toBe(0);
  });

  it('find what is wrong when it is stopped, with exit code 1', async () => {
    await server.stop();
    const { code, stdout, stderr } = await run(['Look at everything']);
    expect(stdout).toMatch(/^fail +database +The embedded database in .* does not run/m);
    expect(stderr).toContain('One check has failed.');
    expect(code).toBe(1);
    // Events can be counted then, and not sent.
    expect(await run(['Send events once more'])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/It would send \d+ events\./),
      stderr: expect.stringContaining('The server does not run'),
    });
  });
});

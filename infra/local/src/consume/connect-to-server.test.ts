import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectToServer } from './connect-to-server';

const OWN = 'https://rollcall.example.test';

let dataDir: string;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'rollcall-connect-'));
});

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function connect(url?: string, env: NodeJS.ProcessEnv = {}) {
  const silent = () => undefined;
  const config = { publicUrl: OWN, dataDir };
  return connectToServer({ config, env, say: silent, note: silent, signal: new AbortController().signal }, url);
}

function writeBootstrap(content: string): void {
  writeFileSync(join(dataDir, 'bootstrap.json'), content);
}

it("gives the local server's credentials to the local server alone", async () => {
  writeBootstrap(JSON.stringify({ client_id: 'client', client_secret: 'hunter2' }));
  expect((await connect()).credential).toBe('hunter2');
  expect((await connect(`${OWN}/`)).credential).toBe('hunter2');
  for (const url of ['https://elsewhere.test', 'http://rollcall.example.test', `${OWN}:444`])
    await expect(connect(url)).rejects.toThrow(`Set ROLLCALL_API_KEY to the key of an API client of ${url}`);
  expect((await connect('https://elsewhere.test', { ROLLCALL_API_KEY: 'key' })).credential).toBe('key');
});

it.each(['{', '[]', '{"client_id":"client"}'])(
  'says that the credentials are damaged, not missing: %s',
  async (content) => {
    writeBootstrap(content);
    await expect(connect()).rejects.toThrow('bootstrap.json does not hold the client');
  },
);

it('says that there are no credentials', async () => {
  rmSync(join(dataDir, 'bootstrap.json'));
  await expect(connect()).rejects.toThrow(/there is no .*bootstrap\.json of a server on this machine/);
});

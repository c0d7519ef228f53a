import { verifyWebhook } from '@rollcall/sdk';
import { WorkOS } from '@workos-inc/node';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SECRET_VARIABLE, VERIFY_SNIPPETS, WORKOS_SNIPPET } from './verify-snippets';

/** What the snippets and this suite use of Node.js, whose types the portal's pages do not have. */
interface HttpModule {
  createServer: (listener: unknown) => HttpServer;
}
interface HttpServer {
  listen: (port: number, host: string, onListening: () => void) => void;
  address: () => { port: number };
  close: () => void;
}

const HTTP = 'node:http';
let http: HttpModule;

beforeAll(async () => {
  http = (await import(/* @vite-ignore */ HTTP)) as HttpModule;
});

const SECRET = `whsec_${btoa('0123456789abcdef0123456789abcdef')}`;
const BODY = JSON.stringify({
  spec_version: '1',
  id: 'evt_1',
  type: 'organization.directory.user_created',
  object: 'DirectoryUser',
  data: { name: 'Zoë' },
});

const servers: HttpServer[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Runs a snippet as it is shown, but for the port, and says where it listens and what it has told. */
async function runSnippet(code: string): Promise<{ url: string; told: unknown[][] }> {
  const told: unknown[][] = [];
  const port = await new Promise<number>((resolve) => {
    const listenSomewhere = (listener: unknown) => {
      const server = http.createServer(listener);
      servers.push(server);
      return { listen: () => server.listen(0, '127.0.0.1', () => resolve(server.address().port)) };
    };
    const given = {
      createServer: listenSomewhere,
      verifyWebhook,
      Webhook,
      WorkOS,
      process: { env: { [SECRET_VARIABLE]: SECRET, WORKOS_API_KEY: 'sk_test_1' } },
      console: { log: (...text: unknown[]) => told.push(text) },
    };
    const body = code.replaceAll(/^import .*$/gm, '');
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- the text that is shown to people is what is tested
    new Function(...Object.keys(given), body)(...Object.values(given));
  });
  return { url: `http://127.0.0.1:${port}/`, told };
}

function signed(body: string, at = new Date()): RequestInit {
  const signature = new Webhook(SECRET).sign('evt_1', at, body);
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  return {
    method: 'POST',
    body,
    headers: { 'webhook-id': 'evt_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature },
  };
}

describe.each(['node', 'standard'])('the snippet %s', (id) => {
  const code = VERIFY_SNIPPETS.find((snippet) => snippet.id === id)?.code ?? '';

  it('takes a signed event, and refuses one that is changed, old or unsigned', async () => {
    const { url, told } = await runSnippet(code);
    expect((await fetch(url, signed(BODY))).status).toBe(204);
    expect((await fetch(url, { ...signed(BODY), body: `${BODY} ` })).status).toBe(400);
    expect((await fetch(url, signed(BODY, new Date(Date.now() - 600_000)))).status).toBe(400);
    expect((await fetch(url, { method: 'POST', body: BODY })).status).toBe(400);
    expect(told).toEqual([['organization.directory.user_created', 'evt_1']]);
  });
});

it('every snippet reads the secret from the same variable', () => {
  for (const { code } of VERIFY_SNIPPETS) expect(code).toContain(SECRET_VARIABLE);
});

describe('the snippet for WorkOS', () => {
  const body = JSON.stringify({ id: 'event_1', event: 'dsync.group.deleted', data: {}, created_at: '', context: {} });

  it('takes an event that is signed as WorkOS does it, and no other', async () => {
    const { url, told } = await runSnippet(WORKOS_SNIPPET);
    const time = Date.now();
    const payload = JSON.parse(body) as object;
    const signature = await new WorkOS('sk_test_1').webhooks.computeSignature(time, payload, SECRET);
    const headers = { 'workos-signature': `t=${time}, v1=${signature}` };
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(204);
    expect((await fetch(url, { method: 'POST', headers, body: body.replace('_1', '_2') })).status).toBe(400);
    expect((await fetch(url, { ...signed(body) })).status).toBe(400);
    expect(told).toEqual([['dsync.group.deleted', 'event_1']]);
  });
});

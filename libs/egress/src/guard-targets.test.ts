import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGuardedConnector } from './connect-guarded';
import { createEgressClient } from './create-egress-client';
import type { EgressError } from './egress-error';
import { resolveAllowed } from './resolve-allowed';
import { startHttpServer, startTcpServer } from './start-test-server';
import type { TestServer } from './start-test-server';
import { TEST_CERTIFICATE } from './test-certificate';

/** What someone who wants to reach this machine through us would write. */
const LITERALS = [
  '127.0.0.1',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '127.1',
  '0.0.0.0',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '127.0.0.1.',
  '127。0。0。1',
];

let server: TestServer;
let received: string[];

beforeEach(async () => {
  received = [];
  server = await startHttpServer(
    (request, response) => {
      received.push(request.url ?? '');
      response.end('reached');
    },
    { tls: true },
  );
});
afterEach(() => server.stop());

const post = (client: ReturnType<typeof createEgressClient>, host: string) =>
  client.post({ url: `https://${host}:${server.port}/hook`, headers: {}, body: '{}' });

describe('a guarded client', () => {
  it.each(LITERALS)('never opens a connection to this machine written as %s', async (host) => {
    const client = createEgressClient({ allowPrivateTargets: false, trustedCertificates: [TEST_CERTIFICATE] });
    const refused = { reason: 'address_not_public', blocked: true };
    await expect(post(client, host)).rejects.toMatchObject(refused);
    await expect(client.checkTarget(`https://${host}:${server.port}/`)).rejects.toMatchObject(refused);
    expect(server.connections().total).toBe(0);
    await client.close();
  });

  it.each(['127.0.0.1', '2130706433', '0x7f.1', '127。0。0。1'])(
    'would reach it as %s without the guard, which is what the guard is for',
    async (host) => {
      const client = createEgressClient({ allowPrivateTargets: true, trustedCertificates: [TEST_CERTIFICATE] });
      expect(await post(client, host)).toMatchObject({ status: 200, body: 'reached' });
      await client.close();
    },
  );

  it('refuses a name that resolves to this machine, with the real resolver', async () => {
    const client = createEgressClient({ allowPrivateTargets: false });
    await expect(post(client, 'localhost')).rejects.toMatchObject({ reason: 'address_not_public' });
    await expect(client.checkTarget('https://localhost/')).rejects.toMatchObject({ reason: 'address_not_public' });
    expect(server.connections().total).toBe(0);
    await client.close();
  });

  it('refuses a name that resolved to a public address when it was saved and to this machine when it is called', async () => {
    const answers = ['93.184.216.34', '127.0.0.1'];
    const client = createEgressClient({
      allowPrivateTargets: false,
      trustedCertificates: [TEST_CERTIFICATE],
      resolveHost: async () => [{ address: answers.shift() ?? '', family: 4 }],
    });
    await client.checkTarget(`https://receiver.test:${server.port}/hook`);
    await expect(post(client, 'receiver.test')).rejects.toMatchObject({ reason: 'address_not_public', blocked: true });
    expect(answers).toEqual([]);
    expect(server.connections().total).toBe(0);
    await client.close();
  });

  it('names no resolved address in its message', async () => {
    const client = createEgressClient({
      allowPrivateTargets: false,
      resolveHost: async () => [{ address: '10.20.30.40', family: 4 }],
    });
    const error = (await post(client, 'receiver.test').catch((e: unknown) => e)) as EgressError;
    expect(error.message).toBe('The host is not, or does not resolve to, a public internet address.');
    await client.close();
  });

  it('lets a name be saved that does not resolve yet', async () => {
    const client = createEgressClient({
      allowPrivateTargets: false,
      resolveHost: () => Promise.reject(new Error('ENOTFOUND')),
    });
    await expect(client.checkTarget('https://later.example/')).resolves.toBeUndefined();
    await client.close();
  });

  it('refuses at saving what no resolver is needed for', async () => {
    const client = createEgressClient({ allowPrivateTargets: false, ownHostnames: ['rollcall.example'] });
    await expect(client.checkTarget('http://a.example/')).rejects.toMatchObject({ reason: 'scheme_not_allowed' });
    await expect(client.checkTarget('https://rollcall.example/')).rejects.toMatchObject({ reason: 'own_hostname' });
    await client.close();
  });
});

describe('resolveAllowed', () => {
  const refuse = (address: string) => (address.startsWith('10.') ? ('address_not_public' as const) : null);
  const answer =
    (...addresses: string[]) =>
    async () =>
      addresses.map((address) => ({ address, family: 4 }));

  it('keeps the allowed addresses of a name and drops the others', async () => {
    const addresses = await resolveAllowed('a', answer('10.0.0.1', '8.8.8.8', '10.0.0.2'), refuse);
    expect(addresses.map(({ address }) => address)).toEqual(['8.8.8.8']);
  });

  it('takes a name without addresses as unresolved, not as blocked', async () => {
    await expect(resolveAllowed('a', answer(), refuse)).rejects.toMatchObject({ reason: 'dns', blocked: false });
  });
});

describe('createGuardedConnector', () => {
  it('looks at the address it really reached, before it sends a byte', async () => {
    let seen = '';
    const bare = await startTcpServer((socket) => socket.on('data', (data) => (seen += data.toString('latin1'))));
    let asked = 0;
    // As if the network had led an allowed address to another one: the first look allows, the look after connecting refuses.
    const connector = createGuardedConnector({
      refuse: () => (asked++ === 0 ? null : 'address_not_public'),
      resolveHost: async () => [],
      connectTimeoutMs: 5000,
    });
    const target = { hostname: '127.0.0.1', protocol: 'https:', port: String(bare.port) };
    const error = await new Promise((resolve) => connector(target, (...result) => resolve(result[0])));
    expect(error).toMatchObject({ reason: 'address_not_public', blocked: true });
    // A later connection proves that the server has handled the first one's end.
    await new Promise<void>((resolve) =>
      connect(bare.port, '127.0.0.1')
        .on('connect', () => resolve())
        .destroySoon(),
    );
    expect(bare.connections().total).toBeGreaterThanOrEqual(1);
    expect(seen).toBe('');
    await bare.stop();
  });
});

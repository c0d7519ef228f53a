import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reachTarget } from './reach-target';
import { startHttpServer } from './start-test-server';
import type { TestServer } from './start-test-server';
import { TEST_CERTIFICATE } from './test-certificate';

let server: TestServer;
let requests: number;

beforeEach(async () => {
  requests = 0;
  server = await startHttpServer(
    (_request, response) => {
      requests += 1;
      response.end();
    },
    { tls: true },
  );
});
afterEach(() => server.stop());

const trusting = { allowPrivateTargets: true, trustedCertificates: [TEST_CERTIFICATE] };

describe('reachTarget', () => {
  it('makes a connection, and no request on it', async () => {
    await reachTarget(`https://127.0.0.1:${server.port}/hook`, trusting);
    expect({ connections: server.connections().total, requests }).toEqual({ connections: 1, requests: 0 });
  });

  it('says why a request would get no answer', async () => {
    const url = `https://127.0.0.1:${server.port}/hook`;
    await expect(reachTarget(url, { allowPrivateTargets: true })).rejects.toMatchObject({ reason: 'tls' });
    await server.stop();
    await expect(reachTarget(url, trusting)).rejects.toMatchObject({ reason: 'refused', blocked: false });
  });

  it.each(['127.0.0.1', '[::1]', '2130706433', 'localhost'])(
    'opens no connection to this machine written as %s where that is no target',
    async (host) => {
      const guarded = { ...trusting, allowPrivateTargets: false };
      const reaching = reachTarget(`https://${host}:${server.port}/`, guarded);
      await expect(reaching).rejects.toMatchObject({ reason: 'address_not_public', blocked: true });
      expect(server.connections().total).toBe(0);
    },
  );

  it('opens none to a name that leads here either', async () => {
    const guarded = {
      ...trusting,
      allowPrivateTargets: false,
      resolveHost: async () => [{ address: '127.0.0.1', family: 4 as const }],
    };
    await expect(reachTarget(`https://rebound.example:${server.port}/`, guarded)).rejects.toMatchObject({
      blocked: true,
    });
    expect(server.connections().total).toBe(0);
  });
});

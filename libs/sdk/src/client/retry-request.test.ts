import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { CLIENT_ID, CLIENT_SECRET, sendJson, startApiServer } from './api-server.test-support';
import type { ApiServer, SeenRequest } from './api-server.test-support';
import { createRollcallClient } from './create-rollcall-client';
import type { RollcallClientOptions } from './create-rollcall-client';
import { sleep } from './retry-request';

let server: ApiServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe('waiting when asked', () => {
  it('sends again after the Retry-After of a 429 or 503, in seconds or as a date', async () => {
    const waits: number[] = [];
    const answers = [busy(429, '2'), busy(503, new Date(7_000).toUTCString()), ok];
    const { client, api } = await start((_, response) => answers.shift()?.(response), {
      now: () => 4_000,
      sleep: async (milliseconds) => void waits.push(milliseconds),
    });
    await client.webhookEndpoints.test('whe_1', { type: 'organization.directory.user_created' });
    expect(waits).toEqual([2_000, 3_000]);
    expect(api.requests).toHaveLength(3);
    expect(new Set(api.requests.map(({ body }) => body)).size).toBe(1);
  });

  it('really waits, by default', async () => {
    const answers = [busy(429, '1'), ok];
    const { client, api } = await start((_, response) => answers.shift()?.(response));
    const before = Date.now();
    await client.events.readPage();
    expect(Date.now() - before).toBeGreaterThan(900);
    expect(api.requests).toHaveLength(2);
  });

  it('gives up after three repeats with the last error', async () => {
    const { client, api } = await start((_, response) => busy(429, '1')(response), { sleep: async () => undefined });
    await expect(client.events.readPage()).rejects.toMatchObject({ status: 429, code: 'busy' });
    expect(api.requests).toHaveLength(4);
  });

  it('does not wait without Retry-After, longer than allowed, or for another status', async () => {
    for (const answer of [busy(429, ''), busy(503, '61'), busy(429, '61'), busy(400, '1')]) {
      const { client, api } = await start((_, response) => answer(response), {
        sleep: () => Promise.reject(new Error()),
      });
      await expect(client.events.readPage()).rejects.toMatchObject({ code: 'busy' });
      expect(api.requests).toHaveLength(1);
      await api.stop();
    }
  });

  it('comes back by itself after 5xx and a connection that broke, later each time and never at the same moment', async () => {
    const waits: number[] = [];
    const answers = [busy(500, ''), (response: ServerResponse) => void response.destroy(), busy(503, 'soon'), ok];
    const { client, api } = await start((_, response) => answers.shift()?.(response), {
      sleep: async (milliseconds) => void waits.push(milliseconds),
    });
    await client.events.readPage();
    expect(api.requests).toHaveLength(4);
    waits.forEach((wait, retries) => {
      expect(wait).toBeGreaterThanOrEqual(250 * 2 ** retries);
      expect(wait).toBeLessThanOrEqual(500 * 2 ** retries);
    });
    expect(new Set(waits).size).toBe(3);
  });

  it('does not come back by itself with what may have been done already, but for a POST, which has a key', async () => {
    const { client, api } = await start((_, response) => busy(500, '')(response), { sleep: async () => undefined });
    await expect(client.roles.update('admin', { description: 'x' })).rejects.toMatchObject({ status: 500 });
    await expect(client.roles.delete('admin')).rejects.toMatchObject({ status: 500 });
    expect(api.requests).toHaveLength(2);
    await expect(client.roles.create({ role_name: 'admin' })).rejects.toMatchObject({ status: 500 });
    expect(api.requests).toHaveLength(6);
  });

  it('comes back by itself however short a Retry-After is still waited for, and never waits longer than half a minute', async () => {
    const waits: number[] = [];
    const { client } = await start((_, response) => busy(500, '')(response), {
      maxRetries: 12,
      maxRetryAfterSeconds: 0,
      sleep: async (milliseconds) => void waits.push(milliseconds),
    });
    await expect(client.events.readPage()).rejects.toMatchObject({ status: 500 });
    expect(waits).toHaveLength(12);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
  });

  it('tells how long a proxy in front of the server asks to wait', async () => {
    const { client } = await start(
      (_, response) => void response.writeHead(503, { 'retry-after': '7200' }).end('busy'),
    );
    await expect(client.events.readPage()).rejects.toMatchObject({ code: 'response_invalid', retryAfter: 7200 });
  });

  it('waits when more is asked for than a timer takes', async () => {
    const { client, api } = await start((_, response) => busy(503, '9999999')(response), {
      maxRetryAfterSeconds: Infinity,
    });
    const controller = new AbortController();
    const reading = client.events.readPage({ signal: controller.signal });
    await expect.poll(() => api.requests).toHaveLength(1);
    await sleep(50, controller.signal);
    controller.abort(new Error('no time'));
    await expect(reading).rejects.toThrow('no time');
    expect(api.requests).toHaveLength(1);
  });

  it('stops waiting for an access token too when the caller gives up, and lets others have it', async () => {
    const { client, api } = await start((_, response) => sendJson(response, 200, { events: [] }));
    const held: ServerResponse[] = [];
    api.answerToken = (_, response) => void held.push(response);
    const controller = new AbortController();
    const reading = client.events.readPage({ signal: controller.signal });
    const other = client.events.readPage();
    await expect.poll(() => held).toHaveLength(1);
    controller.abort(new Error('no time'));
    await expect(reading).rejects.toThrow('no time');
    sendJson(held[0]!, 200, { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600 });
    expect(await other).toEqual({ events: [] });
  });

  it('asks the token endpoint again too', async () => {
    const { client, api } = await start((_, response) => ok(response), { sleep: async () => undefined });
    api.answerToken = (_, response) => {
      api.answerToken = undefined;
      busy(503, '1')(response);
    };
    await client.events.readPage();
    expect(api.tokensIssued).toBe(2);
  });

  it('stops waiting when the caller gives up', async () => {
    const { client, api } = await start((_, response) => busy(429, '30')(response));
    const controller = new AbortController();
    const reading = client.events.readPage({ signal: controller.signal });
    await expect.poll(() => api.requests).toHaveLength(1);
    controller.abort(new Error('no time'));
    await expect(reading).rejects.toThrow('no time');
  });
});

describe('idempotency keys', () => {
  it('are the same for all tries of a call, others for each call, and the caller’s own if it has one', async () => {
    const { client, api } = await start((_, response) => busy(503, '1')(response), { sleep: async () => undefined });
    await expect(client.organizations.create({ display_name: 'A' })).rejects.toMatchObject({ code: 'busy' });
    await expect(client.organizations.create({ display_name: 'A' })).rejects.toMatchObject({ code: 'busy' });
    await expect(client.organizations.create({ display_name: 'A' }, { idempotencyKey: 'mine' })).rejects.toMatchObject({
      code: 'busy',
    });
    const keys = api.requests.map(({ idempotencyKey }) => idempotencyKey);
    expect(keys).toEqual([keys[0], keys[4], 'mine'].flatMap((key) => Array(4).fill(key)));
    expect(new Set(keys).size).toBe(3);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('are sent with nothing that makes nothing', async () => {
    const { client, api } = await start((_, response) => sendJson(response, 200, { role: {} }));
    await client.events.readPage();
    await client.roles.update('admin', {});
    expect(api.requests.map(({ idempotencyKey }) => idempotencyKey)).toEqual([undefined, undefined]);
  });

  it('wait for the answer of another try that is under way', async () => {
    const inUse = (response: ServerResponse) =>
      sendJson(response, 409, { error: { code: 'idempotency_key_in_use', message: 'x' } }, { 'retry-after': '1' });
    const answers = [inUse, (response: ServerResponse) => sendJson(response, 201, { organization: { id: 'org_1' } })];
    const { client } = await start((_, response) => answers.shift()?.(response), { sleep: async () => undefined });
    expect(await client.organizations.create({ display_name: 'A' })).toEqual({ id: 'org_1' });
  });
});

function ok(response: ServerResponse): void {
  sendJson(response, 200, {});
}

function busy(status: number, retryAfter: string) {
  const body = { error: { code: 'busy', message: 'Too many requests.' } };
  return (response: ServerResponse) =>
    sendJson(response, status, body, retryAfter ? { 'retry-after': retryAfter } : {});
}

async function start(
  answer: (request: SeenRequest, response: ServerResponse) => void,
  options: Partial<RollcallClientOptions> = {},
) {
  const api = await startApiServer(answer);
  server = api;
  return { api, client: createRollcallClient({ ...optionsOf(api), ...options }) };
}

function optionsOf(api: ApiServer): RollcallClientOptions {
  return { baseUrl: api.baseUrl, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
}

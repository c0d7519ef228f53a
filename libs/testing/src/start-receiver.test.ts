import { afterEach, beforeEach, expect, it } from 'vitest';
import { startReceiver, type Receiver } from './start-receiver';

let receiver: Receiver;
beforeEach(async () => (receiver = await startReceiver()));
afterEach(async () => receiver.stop());

const post = (body: string, signal?: AbortSignal) =>
  fetch(`${receiver.url}hooks?x=1`, { method: 'POST', headers: { 'webhook-id': 'evt_1' }, body, signal });

it('records what was sent, byte for byte', async () => {
  expect((await post('{"a": 1}\n')).status).toBe(200);
  const [request] = await receiver.waitFor((requests) => requests.length === 1);
  expect(request).toMatchObject({ method: 'POST', path: '/hooks?x=1', body: '{"a": 1}\n' });
  expect(request?.headers['webhook-id']).toBe('evt_1');
  expect(request?.json()).toEqual({ a: 1 });
});

it('answers as it was told, the queued answers first', async () => {
  receiver.answerWith((request) => ({ status: request.body === 'bad' ? 500 : 204 }));
  receiver.answerOnce({ status: 429, headers: { 'retry-after': '7' } });
  const limited = await post('x');
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  expect((await post('bad')).status).toBe(500);
  expect((await post('good')).status).toBe(204);
});

it('resets, hangs, drips and floods', async () => {
  receiver.answerOnce({ kind: 'reset' }, { kind: 'hang' }, { kind: 'drip', intervalMs: 1, bytes: 5 });
  await expect(post('x')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  const giveUp = new AbortController();
  const unanswered = post('hanging', giveUp.signal);
  await receiver.waitFor((requests) => requests.some(({ body }) => body === 'hanging'));
  giveUp.abort();
  await expect(unanswered).rejects.toMatchObject({ name: 'AbortError' });
  expect(await (await post('x')).text()).toBe('xxxxx');
  receiver.answerWith({ kind: 'bigBody', bytes: 1_000_000 });
  expect(await (await post('x')).text()).toHaveLength(1_000_000);
});

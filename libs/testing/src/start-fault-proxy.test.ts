import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startFaultProxy, type FaultProxy } from './start-fault-proxy';
import { startReceiver, type Receiver } from './start-receiver';

let receiver: Receiver;
let proxy: FaultProxy;
let agent: Agent;

beforeEach(async () => {
  receiver = await startReceiver();
  receiver.answerWith({ body: 'y'.repeat(1000) });
  proxy = await startFaultProxy({ targetPort: receiver.port });
  agent = new Agent({ keepAlive: true });
});

afterEach(async () => {
  agent.destroy();
  await proxy.stop();
  await receiver.stop();
});

it('passes everything until told otherwise', async () => {
  expect(await get()).toHaveLength(1000);
});

it('refuses connections and accepts them again on the same port', async () => {
  await proxy.setFault({ kind: 'refuse' });
  await expect(get()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await proxy.setFault({ kind: 'pass' });
  expect(await get()).toHaveLength(1000);
});

it('resets a connection in the middle of the answer', async () => {
  await proxy.setFault({ kind: 'resetAfter', bytes: 300 });
  await expect(get()).rejects.toMatchObject({ code: 'ECONNRESET' });
});

it('swallows what an open connection sends, and lets later requests through again', async () => {
  await get();
  await proxy.setFault({ kind: 'blackHole' });
  await expect(get(150)).rejects.toMatchObject({ name: 'AbortError' });
  expect(receiver.requests).toHaveLength(1);
  await proxy.setFault({ kind: 'pass' });
  expect(await get()).toHaveLength(1000);
});

it('lets what was open in silence stay dead, and new connections through once it is over', async () => {
  await get();
  await proxy.setFault({ kind: 'silent' });
  const inSilence = get();
  await proxy.setFault({ kind: 'pass' });
  const afterwards = new Agent();
  expect(await get(0, afterwards)).toHaveLength(1000);
  expect(receiver.requests).toHaveLength(2);
  const isAnswered = await Promise.race([inSilence.then(() => true), get(0, afterwards).then(() => false)]);
  expect(isAnswered).toBe(false);
  agent.destroy();
  await expect(inSilence).rejects.toMatchObject({ code: 'ECONNRESET' });
});

it('delays both directions', async () => {
  await proxy.setFault({ kind: 'delay', ms: 100 });
  await expect(get(150)).rejects.toMatchObject({ name: 'AbortError' });
  expect(await get()).toHaveLength(1000);
});

it('resets a connection in the middle of a request', async () => {
  await proxy.setFault({ kind: 'resetAfterSent', bytes: 10 });
  await expect(get()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(receiver.requests).toHaveLength(0);
});

it('stops a connection before what it sends arrives, and lets it go on', async () => {
  const hold = proxy.holdAt({ sent: ['GET /', 'Host'], hold: 'request' });
  const answer = get();
  await hold.reached;
  expect(receiver.requests).toHaveLength(0);
  hold.release();
  expect(await answer).toHaveLength(1000);
  expect(await get()).toHaveLength(1000);
});

it('stops a connection when the target has answered and the client does not know', async () => {
  const hold = proxy.holdAt({ sent: ['GET /'], hold: 'answer' });
  const answer = get();
  await hold.reached;
  expect(receiver.requests).toHaveLength(1);
  proxy.dropConnections();
  await expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' });
  hold.release();
  expect(await get()).toHaveLength(1000);
});

/** The answer; with `patienceMs` an AbortError when it takes longer. */
async function get(patienceMs?: number, by = agent): Promise<string> {
  return new Promise((resolve, reject) => {
    request(
      { port: proxy.port, agent: by, ...(patienceMs && { signal: AbortSignal.timeout(patienceMs) }) },
      (response) => {
        text(response).then(resolve, reject);
      },
    )
      .once('error', reject)
      .end();
  });
}

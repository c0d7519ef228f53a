import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createMemoryStore } from '@rollcall/sdk';
import type { RollcallEvent } from '@rollcall/sdk';
import Fastify from 'fastify';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { startDirectoryServer } from '../src/sync/directory-server.test-support';
import { EventLog } from '../src/sync/event-log.test-support';
import { receiveEvents as receiveWithExpress } from './express';
import { rollcallWebhooks } from './fastify';
import { followFeed } from './follow-feed';
import { receiveEvents as receiveWithHono } from './hono';
import { keepDirectories } from './keep-directory';
import { receiveEvents as receiveWithNext } from './next';
import { sendTestWebhooks } from './send-test-webhooks';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const EVENT = { id: 'evt_01', type: 'organization.directory.user_created', sequence: 1, data: { name: 'Zoë' } };
const BODY = JSON.stringify(EVENT);

type Handle = (event: RollcallEvent) => Promise<void>;
type Post = (headers: Record<string, string>, body: string) => Promise<Response>;

let stop: (() => Promise<unknown>) | undefined;

afterEach(async () => {
  await stop?.();
  stop = undefined;
});

describe.each<[string, (handle: Handle) => Promise<Post>]>([
  ['the Express example, given a request as express.raw leaves it', startLikeExpress],
  ['the Fastify example, in Fastify', startFastify],
  ['the Next.js example, called as a route handler is: POST(request)', callLikeNext],
  ['the Hono example, called as a handler is: handler(context)', callLikeHono],
])('%s', (_, start) => {
  it('hands a signed event on and answers 204', async () => {
    const handled: RollcallEvent[] = [];
    const post = await start(async (event) => void handled.push(event));
    expect((await post(sign(), BODY)).status).toBe(204);
    expect(handled).toEqual([EVENT]);
  });

  it('refuses a changed body, and one without signature, with 400 and the reason', async () => {
    const post = await start(() => expect.unreachable('handled'));
    const changed = await post(sign(), BODY.replace('user_created', 'user_deleted'));
    expect(changed.status).toBe(400);
    expect(await changed.text()).toContain('No signature fits');
    expect((await post({ 'content-type': 'application/json' }, BODY)).status).toBe(400);
  });

  it('answers 500 when the event could not be handled, so that it comes again', async () => {
    const post = await start(() => Promise.reject(new Error('database away')));
    const answer = await post(sign(), BODY);
    expect(answer.status).toBe(500);
  });
});

it('the example of keeping directories ends with what was published, whatever order webhooks come in', async () => {
  const log = new EventLog();
  const server = await startDirectoryServer(log);
  stop = server.stop;
  const store = createMemoryStore();
  const handle = keepDirectories(server.client, store);
  log.take({ does: 'write_user', user: 1, title: 'Engineer', active: true });
  await handle(log.events.at(-1)!);
  for (const title of ['CTO', 'CEO']) log.take({ does: 'write_user', user: 1, title, active: true });
  log.take({ does: 'write_user', user: 2, title: 'Analyst', active: true });
  for (const event of log.events.toReversed()) await handle(event);
  expect(store.users('dir_1')).toMatchObject([{ title: 'CEO' }, { title: 'Analyst' }]);
  expect(await store.readPosition('dir_1')).toEqual({ epoch: 1, sequence: log.events.length });
});

it('the example of following the feed hands on what comes, until it is told to stop', async () => {
  const log = new EventLog();
  const server = await startDirectoryServer(log);
  stop = server.stop;
  const saved: string[] = [];
  const handled: string[] = [];
  const checkpoints = { load: async () => null, save: async (position: string) => void saved.push(position) };
  // This server has the events of a directory alone.
  const readPage = () => server.client.events.readPage({ directory_id: 'dir_1' });
  const client = { ...server.client, events: { ...server.client.events, readPage } };
  const following = followFeed(client, checkpoints, async ({ type }) => void handled.push(type));
  await expect.poll(() => saved).toHaveLength(1);
  await following.stop();
  expect(handled).toEqual(['organization.directory_created']);
});

it('the example of test webhooks sends a route what a server would', async () => {
  const types: string[] = [];
  const url = await listenWithFastify(async ({ type }) => void types.push(type.replace(/.*[.]/, '')));
  expect(await sendTestWebhooks(url, SECRET)).toEqual(Array(6).fill(204));
  expect(types).toEqual([
    'directory_created',
    'group_created',
    'user_created',
    'group_members_changed',
    'user_updated',
    'user_updated',
  ]);
});

describe('the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

  it.each(readdirSync(new URL('.', import.meta.url)).filter((name) => !name.endsWith('.test.ts')))(
    'shows %s as it is',
    (name) => {
      expect(readme).toContain(`\`\`\`ts\n${readFileSync(new URL(name, import.meta.url), 'utf8')}\`\`\`\n`);
    },
  );
});

/** Express and its documented `request.body` of `express.raw()`, a Buffer, without Express: the rest is Node's own. */
async function startLikeExpress(handle: Handle): Promise<Post> {
  const receive = receiveWithExpress(SECRET, handle);
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void buffer(request).then((body) => receive(Object.assign(request, { body }), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => new Promise((resolve) => server.close(resolve));
  return postTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/rollcall`);
}

async function startFastify(handle: Handle): Promise<Post> {
  return postTo(await listenWithFastify(handle));
}

/** Answers the address of the route. */
async function listenWithFastify(handle: Handle): Promise<string> {
  const app = Fastify();
  await app.register(rollcallWebhooks, { secret: SECRET, handle });
  app.post('/parsed', async ({ body }) => body);
  stop = () => app.close();
  const base = await app.listen({ port: 0, host: '127.0.0.1' });
  const parsed = await fetch(`${base}/parsed`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: BODY,
  });
  expect(await parsed.json()).toEqual(EVENT);
  return `${base}/webhooks/rollcall`;
}

function callLikeNext(handle: Handle): Promise<Post> {
  return Promise.resolve(callWith(receiveWithNext(SECRET, handle)));
}

function callLikeHono(handle: Handle): Promise<Post> {
  const receive = receiveWithHono(SECRET, handle);
  return Promise.resolve(callWith((raw) => receive({ req: { raw } })));
}

function postTo(url: string): Post {
  return (headers, body) => fetch(url, { method: 'POST', headers, body });
}

/** Calls a handler as its framework does, which answers 500 for what the handler throws. */
function callWith(receive: (request: Request) => Promise<Response>): Post {
  return (headers, body) =>
    receive(new Request('https://app.example.com/webhooks/rollcall', { method: 'POST', headers, body })).catch(
      () => new Response(null, { status: 500 }),
    );
}

function sign(): Record<string, string> {
  const now = new Date();
  return {
    'content-type': 'application/json',
    'webhook-id': EVENT.id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(SECRET).sign(EVENT.id, now, BODY),
  };
}

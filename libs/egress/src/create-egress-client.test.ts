import type { RequestListener, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createEgressClient } from './create-egress-client';
import type { EgressClientOptions, EgressRequest } from './create-egress-client';
import { EgressError } from './egress-error';
import { startHttpServer, startTcpServer } from './start-test-server';
import type { TestServer } from './start-test-server';
import { TEST_CERTIFICATE } from './test-certificate';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function client(options: Partial<EgressClientOptions> = {}) {
  const made = createEgressClient({ allowPrivateTargets: true, ...options });
  cleanups.push(() => made.close());
  return (server: TestServer, request: Partial<EgressRequest> = {}) =>
    made.post({ url: `http://127.0.0.1:${server.port}/hook?a=b`, headers: {}, body: '{}', ...request });
}

async function serve(starting: Promise<TestServer>): Promise<TestServer> {
  const server = await starting;
  cleanups.push(() => server.stop());
  return server;
}

const http = (handler: RequestListener) => serve(startHttpServer(handler));

describe('post', () => {
  it('sends the exact body and headers, and gives back status, headers and body', async () => {
    let seen: unknown;
    const server = await http((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen = { method: request.method, url: request.url, id: request.headers['webhook-id'], body };
        response.writeHead(202, { 'X-Thing': ['a', 'b'] }).end('thanks');
      });
    });
    const answer = await client()(server, { headers: { 'webhook-id': 'evt_1' }, body: '{"name":"Zoë"}' });
    expect(seen).toEqual({ method: 'POST', url: '/hook?a=b', id: 'evt_1', body: '{"name":"Zoë"}' });
    expect(answer).toMatchObject({ status: 202, body: 'thanks', bodyTruncated: false });
    expect(answer.headers['x-thing']).toBe('a, b');
  });

  it.each([204, 302, 400, 410, 429, 500, 503])('takes %i as an answer', async (status) => {
    const server = await http((_, response) => response.writeHead(status, { 'retry-after': '7' }).end());
    expect(await client()(server)).toMatchObject({ status, headers: { 'retry-after': '7' }, body: '' });
  });

  it('does not follow a redirect', async () => {
    const target = await http((_, response) => response.end('followed'));
    const server = await http((_, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${target.port}/` }).end(),
    );
    expect((await client()(server)).status).toBe(307);
    expect(target.connections().total).toBe(0);
  });

  it('measures the parts of a request, and none of a connection that was already open', async () => {
    const server = await serve(startHttpServer((_, response) => response.end('ok'), { tls: true }));
    const post = client({
      trustedCertificates: [TEST_CERTIFICATE],
      resolveHost: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    const url = `https://receiver.test:${server.port}/`;
    const positive = expect.any(Number) as number;
    expect((await post(server, { url })).phases).toEqual({
      dns: positive,
      connect: positive,
      tls: positive,
      firstByte: positive,
      total: positive,
    });
    // A connection is free a moment after its answer is complete, so the next request may still open a second one.
    const later = [await post(server, { url }), await post(server, { url }), await post(server, { url })];
    expect(later[2]?.phases).toEqual({ dns: null, connect: null, tls: null, firstByte: positive, total: positive });
    expect(server.connections().total).toBeLessThanOrEqual(2);
  });

  it('opens no more connections to one origin than it may, and still sends everything', async () => {
    const server = await http((_, response) => setTimeout(() => response.end('ok'), 20));
    const post = client({ connectionsPerOrigin: 2 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(server)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(server.connections().most).toBeLessThanOrEqual(2);
  });

  it('leaves a defect of the caller as it is', async () => {
    const server = await http((_, response) => response.end());
    await expect(client()(server, { headers: { 'bad header': 'x' } })).rejects.not.toBeInstanceOf(EgressError);
  });
});

describe('an answer', () => {
  it.each([
    ['100', (response: ServerResponse) => response.writeContinue()],
    ['102', (response: ServerResponse) => response.writeProcessing()],
    ['103', (response: ServerResponse) => response.writeEarlyHints({ link: '</a>; rel=preload' })],
  ])('is the final one after %s, and leaves the connection open', async (_status, inform) => {
    const server = await http((_, response) => {
      inform(response);
      inform(response);
      setTimeout(() => response.writeHead(202).end('taken'), 5);
    });
    const post = client();
    for (let n = 0; n < 3; n++) expect(await post(server)).toMatchObject({ status: 202, body: 'taken' });
    expect(server.connections().total).toBeLessThanOrEqual(2);
  });

  it('is the final one over TLS', async () => {
    const handler: RequestListener = (_, response) => {
      response.writeContinue();
      response.end('taken');
    };
    const server = await serve(startHttpServer(handler, { tls: true }));
    const post = client({
      trustedCertificates: [TEST_CERTIFICATE],
      resolveHost: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    expect(await post(server, { url: `https://receiver.test:${server.port}/` })).toMatchObject({ status: 200 });
  });

  it.each([1, 2, 7, 1_000])('is found behind any number of interim ones, cut into %i bytes', async (size) => {
    const inBody = 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(3);
    const interim =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: 100\r\n\r\nHTTP/1.1 100\r\nx: y\r\n\r\n';
    const final = `HTTP/1.1 201 100\r\ncontent-length: ${inBody.length}\r\n\r\n${inBody}`;
    const server = await serve(
      startTcpServer((socket) => {
        socket.setNoDelay(true).on('data', async (request: Buffer) => {
          if (!request.toString().includes('POST')) return;
          const bytes = Buffer.from(interim + final);
          for (let at = 0; at < bytes.length; at += size) {
            socket.write(bytes.subarray(at, at + size));
            await new Promise(setImmediate);
          }
        });
      }),
    );
    const post = client();
    for (let n = 0; n < 2; n++) expect(await post(server)).toMatchObject({ status: 201, body: inBody });
  });

  it('is cut after 64 kB by closing the connection, keeping the first 16 kB', async () => {
    let closed: () => void = () => undefined;
    const connectionClosed = new Promise<void>((resolve) => (closed = resolve));
    const server = await http((_, response) => {
      // Never ends by itself.
      const send = () => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', send).on('close', closed);
      send();
    });
    const answer = await client()(server);
    expect(answer).toMatchObject({ status: 200, body: 'x'.repeat(16_384), bodyTruncated: true });
    await connectionClosed;
  });

  it('of 1 MB with a length is cut the same way', async () => {
    const server = await http((_, response) => response.end(Buffer.alloc(1_048_576, 'x')));
    expect(await client()(server)).toMatchObject({ status: 200, body: 'x'.repeat(16_384), bodyTruncated: true });
  });

  it('of up to 64 kB leaves the connection open for the next request', async () => {
    const server = await http((_, response) => response.end('x'.repeat(60_000)));
    const post = client();
    for (let i = 0; i < 6; i += 1) {
      expect(await post(server)).toMatchObject({ body: 'x'.repeat(16_384), bodyTruncated: true });
    }
    expect(server.connections().total).toBeLessThanOrEqual(2);
  });

  it('is cut between characters, and shows what is no text as U+FFFD', async () => {
    const long = await http((_, response) => response.end('x'.repeat(16_383) + 'é and more'));
    expect((await client()(long)).body).toBe('x'.repeat(16_383));
    const broken = await http((_, response) => response.end(Buffer.from([0x61, 0, 0xff, 0x62, 0xc3])));
    expect((await client()(broken)).body).toBe('a\uFFFD\uFFFDb\uFFFD');
  });
});

describe('a failure', () => {
  const reasonOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'answered',
      (error: unknown) => (error instanceof EgressError ? error.reason : error),
    );

  it('is refused when nobody listens', async () => {
    const server = await http(() => undefined);
    await server.stop();
    expect(await reasonOf(client()(server))).toBe('refused');
  });

  it('is dns, to be retried, when the name does not resolve', async () => {
    const server = await http(() => undefined);
    const post = client({ resolveHost: () => Promise.reject(new Error('ENOTFOUND')) });
    const error = await post(server, { url: `http://nowhere.test:${server.port}/` }).catch((e: unknown) => e);
    expect(error).toMatchObject({ reason: 'dns', blocked: false });
  });

  it('is connect_timeout when the resolver does not answer', async () => {
    const server = await http(() => undefined);
    const post = client({ resolveHost: () => new Promise(() => undefined), connectTimeoutMs: 100 });
    expect(await reasonOf(post(server, { url: 'http://slow.test/' }))).toBe('connect_timeout');
  });

  it('is connect_timeout when TLS is not answered', async () => {
    const server = await serve(startTcpServer(() => undefined));
    const post = client({ connectTimeoutMs: 100 });
    expect(await reasonOf(post(server, { url: `https://127.0.0.1:${server.port}/` }))).toBe('connect_timeout');
  });

  it('is tls when the certificate is not trusted, is for another name, or there is no TLS', async () => {
    const secure = await serve(startHttpServer((_, response) => response.end(), { tls: true }));
    expect(await reasonOf(client()(secure, { url: `https://127.0.0.1:${secure.port}/` }))).toBe('tls');
    const misnamed = client({
      trustedCertificates: [TEST_CERTIFICATE],
      resolveHost: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    expect(await reasonOf(misnamed(secure, { url: `https://other.test:${secure.port}/` }))).toBe('tls');
    const plain = await http((_, response) => response.end());
    expect(await reasonOf(client()(plain, { url: `https://127.0.0.1:${plain.port}/` }))).toBe('tls');
  });

  it('is timeout when nothing is answered, and says how far it came', async () => {
    const server = await http(() => undefined);
    const error = await client()(server, { deadlineMs: 1_000 }).catch((e: unknown) => e);
    expect(error).toMatchObject({ reason: 'timeout', blocked: false });
    expect((error as EgressError).phases).toMatchObject({ connect: expect.any(Number), firstByte: null });
  });

  it('is timeout when the answer drips, although every byte comes soon after the last', async () => {
    const server = await http((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    expect(await reasonOf(client()(server, { deadlineMs: 300 }))).toBe('timeout');
  });

  it('is timeout when the head of the answer drips', async () => {
    const server = await serve(
      startTcpServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
        const drip = setInterval(() => socket.write('.'), 20);
        socket.on('close', () => clearInterval(drip));
      }),
    );
    expect(await reasonOf(client()(server, { deadlineMs: 300 }))).toBe('timeout');
  });

  it('is reset when the connection ends before the answer or within it', async () => {
    const before = await serve(startTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy())));
    expect(await reasonOf(client()(before))).toBe('reset');
    const closed = await serve(startTcpServer((socket) => socket.once('data', () => socket.end())));
    expect(await reasonOf(client()(closed))).toBe('reset');
    const within = await serve(
      startTcpServer((socket) =>
        socket.once('data', () =>
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc', () => socket.resetAndDestroy()),
        ),
      ),
    );
    expect(await reasonOf(client()(within))).toBe('reset');
  });

  it('is invalid_response when the answer is no HTTP or its head has no end', async () => {
    const nonsense = await serve(startTcpServer((socket) => socket.once('data', () => socket.end('hello\r\n\r\n'))));
    expect(await reasonOf(client()(nonsense))).toBe('invalid_response');
    const endless = await serve(
      startTcpServer((socket) =>
        socket.once('data', () =>
          socket.write(`HTTP/1.1 200 OK\r\n${`x-filler: ${'y'.repeat(1000)}\r\n`.repeat(100)}`),
        ),
      ),
    );
    expect(await reasonOf(client()(endless))).toBe('invalid_response');
  });

  it('is aborted by the caller during the request, or before it without a connection', async () => {
    const controller = new AbortController();
    const server = await http(() => controller.abort());
    expect(await reasonOf(client()(server, { signal: controller.signal }))).toBe('aborted');
    const connections = server.connections().total;
    expect(await reasonOf(client()(server, { signal: controller.signal }))).toBe('aborted');
    expect(server.connections().total).toBe(connections);
  });

  it('does not spoil the next request', async () => {
    let requests = 0;
    const server = await http((request, response) => {
      requests += 1;
      if (requests % 2 === 1) request.socket.resetAndDestroy();
      else response.end('ok');
    });
    const post = client();
    const outcomes: unknown[] = [];
    for (let i = 0; i < 6; i += 1) outcomes.push(await reasonOf(post(server)));
    expect(outcomes).toEqual(['reset', 'answered', 'reset', 'answered', 'reset', 'answered']);
  });
});

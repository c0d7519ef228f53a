import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';

let test: TestApi;
let session: ClientHttp2Session | undefined;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterEach(() => {
  session?.destroy();
  session = undefined;
});
afterAll(() => test.database.drop());

/** One request of a client that begins with HTTP/2, as h2c with prior knowledge does. */
async function ask(headers: OutgoingHttpHeaders): Promise<{ headers: Record<string, unknown>; body: string }> {
  session ??= connect(test.ingress.baseUrl);
  const stream = session.request(headers);
  stream.end(headers[':method'] === 'POST' ? 'x'.repeat(1_000) : undefined);
  const [answer] = (await once(stream, 'response')) as [Record<string, unknown>];
  return { headers: { ...answer }, body: await text(stream) };
}

it('answers a request of HTTP/2 with 505 in the form of its surface, one after the other on one connection', async () => {
  for (const path of ['/api/v1/organizations', '/api/v1/roles']) {
    const { headers, body } = await ask({ ':method': 'POST', ':path': path });
    expect(headers).toMatchObject({ ':status': 505, 'content-type': 'application/json; charset=utf-8' });
    expect(JSON.parse(body)).toMatchObject({ error: { message: expect.stringContaining('speaks HTTP/1.1') } });
  }
  const scim = await ask({ ':method': 'GET', ':path': '/scim/x/v2/Users' });
  expect(scim.headers['content-type']).toContain('application/scim+json');
  expect(JSON.parse(scim.body)).toMatchObject({ status: '505' });
});

it('answers a call of gRPC whose path is none of its methods with UNIMPLEMENTED', async () => {
  for (const path of ['/a.B/C', '/api/v1/organizations', '/scalekit.v1.users.UserService/ListUsers'])
    expect(await call(NOTHING, { ':path': path })).toBe('12');
});

const CALLER = `
  import { ScalekitClient } from '@scalekit-sdk/node';
  const [, , url, id, secret] = process.argv;
  const client = new ScalekitClient(url, id, secret);
  const said = [];
  for (const call of [() => client.connection.listConnections('org_1'), () => client.domain.listDomains('org_1')])
    await call().catch((error) => said.push(error.message));
  // Whatever its connection emits comes meanwhile.
  setTimeout(() => { console.log(JSON.stringify(said)); process.exit(0); }, 1_000);
`;

it('lets a program that calls what there is not go on: each call fails with a reason, and its process does not end', async () => {
  const { baseUrl, credentials } = test.ingress;
  const { client_id: clientId, client_secret: clientSecret } = credentials;
  const child = spawn(process.execPath, ['--input-type=module', '-e', CALLER, '', baseUrl, clientId, clientSecret], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  const said = JSON.parse(output) as string[];
  expect(said).toHaveLength(2);
  for (const message of said) expect(message).toMatch(/does not have this method/);
});

const LIST = '/scalekit.v1.organizations.OrganizationService/ListOrganization';

/** Calls a method with these bytes and returns the status of gRPC, which comes last. */
async function call(bytes: Buffer, headers: OutgoingHttpHeaders = {}): Promise<string> {
  session ??= connect(test.ingress.baseUrl);
  const stream = openCall(session, headers);
  stream.end(bytes);
  return statusOf(stream);
}

const openCall = (on: ClientHttp2Session, headers: OutgoingHttpHeaders = {}): ClientHttp2Stream =>
  on.request({
    ':method': 'POST',
    ':path': LIST,
    'content-type': 'application/grpc+proto',
    authorization: `Bearer ${test.api.accessToken}`,
    ...headers,
  });

/** A call that is refused for its path is told so at once, with the headers. */
async function statusOf(stream: ClientHttp2Stream): Promise<string> {
  stream.resume();
  const headers = once(stream, 'response') as Promise<[Record<string, string>]>;
  const trailers = once(stream, 'trailers') as Promise<[Record<string, string>]>;
  const [{ 'grpc-status': refused }] = await headers;
  return refused ?? (await trailers)[0]['grpc-status'] ?? '';
}

const NOTHING = Buffer.alloc(5);

it('answers a call in the place of its method, and one that is no message with INVALID_ARGUMENT', async () => {
  expect(await call(NOTHING)).toBe('0');
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('x'),
    Buffer.from([0, 0, 0, 0, 9, 1]),
    Buffer.from([0, 0, 0, 0, 1, 7]),
  ])
    expect(await call(bytes)).toBe('3');
  // A message in a coding.
  expect(await call(Buffer.from([1, 0, 0, 0, 0]))).toBe('3');
});

it.each([NOTHING, Buffer.alloc(0)])(
  'answers a call of another type with INVALID_ARGUMENT, and is done with it',
  async (bytes) => {
    session = connect(test.ingress.baseUrl);
    const stream = openCall(session, { 'content-type': 'application/grpc-web+proto' });
    const closed = once(stream, 'close');
    stream.end(bytes);
    expect(await statusOf(stream)).toBe('3');
    await closed;
  },
);

it('takes no message of gRPC for the body of another route', async () => {
  const organizationId = await test.newOrganization();
  const answer = await fetch(`${test.ingress.baseUrl}/api/v1/organizations/${organizationId}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/grpc', authorization: `Bearer ${test.api.accessToken}` },
    body: NOTHING,
  });
  expect(answer.status).toBe(415);
});

it('bounds what a call may send, and how many calls a connection has under way', async () => {
  expect(await call(Buffer.alloc(70_000))).toBe('8');
  expect(await call(NOTHING, { 'content-length': '5' })).toBe('0');
  expect(session?.remoteSettings.maxConcurrentStreams).toBe(64);
});

it('bounds the headers of a call that comes before the settings', async () => {
  session = connect(test.ingress.baseUrl);
  const stream = openCall(session, { 'x-long': 'x'.repeat(20_000) });
  stream.end(NOTHING);
  const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
  expect(error.message).toContain('NGHTTP2_ENHANCE_YOUR_CALM');
});

it('has no more calls arrive from an address than connections, over whatever number of them, until some have', async () => {
  const sessions = await Promise.all(
    Array.from({ length: 17 }, async () => {
      const one = connect(test.ingress.baseUrl);
      await once(one, 'remoteSettings');
      return one;
    }),
  );
  const streams = sessions.flatMap((one) => Array.from({ length: 64 }, () => openCall(one)));
  const refused = new Set<ClientHttp2Stream>();
  const errors: string[] = [];
  const over = new Promise<void>((resolve) => {
    for (const stream of streams)
      stream.once('error', (error) => {
        errors.push(error.message);
        // As many as there are over 1024.
        if (refused.add(stream).size === 64) resolve();
      });
  });
  for (const stream of streams) stream.write(NOTHING.subarray(0, 2));
  await over;
  for (const message of errors) expect(message).toContain('NGHTTP2_REFUSED_STREAM');
  const taken = streams.find((stream) => !refused.has(stream));
  if (!taken) throw new Error('there are calls that were not refused');
  taken.end(NOTHING.subarray(2));
  expect(await statusOf(taken)).toBe('0');
  expect(await call(NOTHING)).toBe('0');
  for (const one of sessions) one.destroy();
});

it('takes the methods of gRPC by HTTP/2 alone', async () => {
  const answer = await fetch(`${test.ingress.baseUrl}${LIST}`, {
    method: 'POST',
    headers: { 'content-type': 'application/grpc+proto', authorization: `Bearer ${test.api.accessToken}` },
    body: NOTHING,
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('HTTP/2') } });
});

it('answers as before what only resembles a beginning of HTTP/2, and closes', async () => {
  const { hostname, port } = new URL(test.ingress.baseUrl);
  const socket = connectTcp(Number(port), hostname);
  const answer = text(socket);
  socket.write('PRI * HTTP/2.0\r\n\r\n');
  socket.end('XX\r\n\r\n');
  expect(await answer).toMatch(/^HTTP\/1\.1 400 /);
});

it('goes on serving HTTP/1.1, and closes connections of HTTP/2 by itself', async () => {
  const { hostname, port } = new URL(test.ingress.baseUrl);
  const socket = connectTcp(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.resume();
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0');
  expect((await fetch(`${test.ingress.baseUrl}/healthz`)).status).toBe(200);
  await once(socket, 'close');
});

// Last, because the ingress ends here.
it('tells its connections to go elsewhere when it stops, and finishes the calls that are under way', async () => {
  session = connect(test.ingress.baseUrl);
  const stream = openCall(session);
  stream.write(NOTHING.subarray(0, 2));
  await once(session, 'remoteSettings');
  const [told, status] = [once(session, 'goaway') as Promise<[code: number]>, statusOf(stream)];
  // It has come as far as the server by then.
  expect(await call(NOTHING)).toBe('0');
  const stopped = test.ingress.stop();
  expect((await told)[0]).toBe(0);
  stream.end(NOTHING.subarray(2));
  expect(await status).toBe('0');
  await stopped;
});

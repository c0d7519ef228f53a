import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
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
afterAll(() => test.stop());

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

it('answers a call of gRPC as a method that there is not', async () => {
  const { headers, body } = await ask({
    ':method': 'POST',
    ':path': '/a.B/C',
    'content-type': 'application/grpc+proto',
  });
  expect(headers).toMatchObject({
    ':status': 200,
    'grpc-status': '12',
    'grpc-message': expect.stringContaining('gRPC'),
  });
  expect(body).toBe('');
});

const CALLER = `
  import { ScalekitClient } from '@scalekit-sdk/node';
  const [, , url, id, secret] = process.argv;
  const client = new ScalekitClient(url, id, secret);
  const said = [];
  for (const call of [() => client.organization.listOrganization({ pageSize: 1 }), () => client.role.listRoles()])
    await call().catch((error) => said.push(error.message));
  // Whatever its connection emits comes meanwhile.
  setTimeout(() => { console.log(JSON.stringify(said)); process.exit(0); }, 4_000);
`;

it('lets a program that calls by gRPC go on: each call fails with a reason, and its process does not end', async () => {
  const { baseUrl, credentials } = test.ingress;
  const { client_id: clientId, client_secret: clientSecret } = credentials;
  const child = spawn(process.execPath, ['--input-type=module', '-e', CALLER, '', baseUrl, clientId, clientSecret], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  const said = JSON.parse(output) as string[];
  expect(said).toHaveLength(2);
  for (const message of said) expect(message).toMatch(/no gRPC/);
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

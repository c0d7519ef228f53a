import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '@rollcall/testing';
import { migrateDatabase } from '@rollcall/database';
import { startApi } from '../management/testing/start-api';
import type { TestApi } from '../management/testing/start-api';

let test: TestApi;

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }));
});

afterAll(() => test.stop());

/** Sends bytes as they are; resolves with the whole answer when the server has closed the connection. */
async function exchange(bytes: string): Promise<string> {
  const { hostname, port } = new URL(test.ingress.baseUrl);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

const HOST = 'host: a\r\n';
const LONG = 'a'.repeat(20_000);

/** Status, error code of the management API and bytes; `/` is put in the place of the path. */
const UNREADABLE: [string, string, (path: string) => string][] = [
  ['malformed_request', '400 Bad Request', (path) => `GET ${path} NONSENSE\r\n\r\n`],
  ['malformed_request', '400 Bad Request', (path) => `NONSENSE ${path} HTTP/1.1\r\n${HOST}\r\n`],
  ['malformed_request', '400 Bad Request', (path) => `GET ${path} HTTP/1.1\r\n${HOST}content-length: x\r\n\r\n`],
  ['malformed_request', '400 Bad Request', (path) => `GET ${path} HTTP/1.1\r\n${HOST}no header\r\n\r\n`],
  ['malformed_request', '400 Bad Request', (path) => `GET ${path} HTTP/1.1\r\n${HOST}x: \0\r\n\r\n`],
  ['malformed_request', '400 Bad Request', (path) => `GET ${path} HTTP/1.1\r\nconnection: close\r\n\r\n`],
  ['malformed_request', '400 Bad Request', (path) => `GET http://a${path} HTTP/9.9\r\n${HOST}\r\n`],
  [
    'malformed_request',
    '400 Bad Request',
    (path) => `POST ${path} HTTP/1.1\r\n${HOST}transfer-encoding: chunked\r\ncontent-length: 1\r\n\r\n`,
  ],
  ['headers_too_large', '431 Request Header Fields Too Large', (path) => `GET ${path}?filter=${LONG} HTTP/1.1\r\n\r\n`],
  [
    'headers_too_large',
    '431 Request Header Fields Too Large',
    (path) => `GET ${path} HTTP/1.1\r\n${HOST}x: ${LONG}\r\n\r\n`,
  ],
];

/** Sends bytes that cannot be read; head and body of the answer. */
async function readRefusal(status: string, bytes: string): Promise<{ head: string; body: unknown }> {
  const answer = await exchange(bytes);
  const last = answer.slice(answer.lastIndexOf('HTTP/1.1 4'));
  const [statusAndHeaders = '', body = ''] = last.split('\r\n\r\n');
  expect(statusAndHeaders).toContain(`HTTP/1.1 ${status}\r\n`);
  const head = statusAndHeaders.toLowerCase();
  expect(head).toContain('connection: close');
  return { head, body: JSON.parse(body) };
}

describe.each(UNREADABLE)('what is no readable request, %s', (code, status, bytes) => {
  it.each(['/', '/api/v1/organizations', '/nothing'])(
    'is answered in the form of the management API at %s',
    async (path) => {
      const { head, body } = await readRefusal(status, bytes(path));
      expect(head).toContain('content-type: application/json');
      // What could be read has a name.
      const [, request_id] = /x-request-id: (\S+)/.exec(head) ?? [];
      expect(body).toEqual({ error: { code, message: expect.any(String), ...(request_id && { request_id }) } });
    },
  );

  it.each(['/scim/x/v2/Users', '//scim/x/v2/', '/SCIM/x/v2/Groups/1'])('is a SCIM error at %s', async (path) => {
    const { head, body } = await readRefusal(status, bytes(path));
    expect(head).toMatch(/content-type: application\/scim\+json\r\n/);
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
    expect(body).toEqual({ schemas, status: status.slice(0, 3), detail: expect.any(String) });
  });

  it('is answered in the form of the last request, where several came at once', async () => {
    const get = (path: string) => `GET ${path} HTTP/1.1\r\n${HOST}\r\n`;
    const { body } = await readRefusal(status, get('/healthz') + bytes('/scim/x/v2/Users'));
    expect(body).toMatchObject({ status: status.slice(0, 3) });
    expect((await readRefusal(status, get('/scim/x/v2/Users') + bytes('/api'))).body).toMatchObject({
      error: { code },
    });
  });
});

it('answers in the form of what the connection asked for before, where a request does not say what it is', async () => {
  const { body } = await readRefusal('400 Bad Request', `GET /scim/x/v2/Users HTTP/1.1\r\n${HOST}\r\n\x01\x02`);
  expect(body).toMatchObject({ status: '400', detail: expect.any(String) });
});

it('gives no second answer to a request whose body turns out unreadable after its refusal', async () => {
  const { hostname, port } = new URL(test.ingress.baseUrl);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  const head = `POST /scim/x/v2/Users HTTP/1.1\r\n${HOST}authorization: Bearer nobody\r\ncontent-type: application/json\r\n`;
  socket.write(`${head}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n`);
  await once(socket, 'data');
  socket.write('no chunk\r\n');
  await once(socket, 'close');
  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401']);
});

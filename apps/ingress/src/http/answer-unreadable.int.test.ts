import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

it.each([
  ['malformed_request', '400 Bad Request', 'GET / NONSENSE\r\n\r\n'],
  ['malformed_request', '400 Bad Request', 'GET / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n'],
  [
    'headers_too_large',
    '431 Request Header Fields Too Large',
    `GET /scim/x/v2/Users?filter=${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
  ],
])('answers what is no readable request with a body that says so: %s', async (code, status, bytes) => {
  const answer = await exchange(bytes);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toContain(`HTTP/1.1 ${status}\r\n`);
  expect(head).toContain('connection: close');
  expect(JSON.parse(body)).toEqual({ error: { code, message: expect.any(String) } });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { closePipelined } from './close-pipelined';

it('closes every response of a connection that ends, each once, those included that had no turn yet', async () => {
  const responses: ServerResponse[] = [];
  const closed: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    responses.push(response);
    response.on('close', () => closed.push(request.url));
  });
  closePipelined(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  socket.write(['/a', '/b', '/c', '/d'].map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`).join(''));
  await expect.poll(() => responses.length).toBe(4);
  responses[0]?.end('first');
  await expect.poll(() => closed).toEqual(['/a']);
  socket.destroy();
  const all = ['/a', '/b', '/c', '/d'];
  await expect.poll(() => closed.length).toBe(all.length);
  expect(new Set(closed)).toEqual(new Set(all));
  server.close();
});

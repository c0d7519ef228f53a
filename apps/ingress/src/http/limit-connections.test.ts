import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { limitConnections } from './limit-connections';

const opened: { destroy(): unknown }[] = [];

afterEach(() => {
  for (const one of opened.splice(0)) one.destroy();
});

async function listen(limits: { most: number; mostOfOneAddress: number }) {
  const server = createServer((_request, response) => response.end('ok'));
  limitConnections(server, limits);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({ destroy: () => server.close() });
  const { port } = server.address() as AddressInfo;
  /** A connection from an address; whether the server answers on it. */
  const open = async (from: string): Promise<{ socket: Socket; isServed: boolean }> => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    opened.push(socket);
    socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    const isServed = await Promise.race([
      once(socket, 'data').then(() => true),
      once(socket, 'close').then(() => false),
    ]);
    return { socket, isServed };
  };
  return open;
}

it('closes the connections of one address beyond its bound, and serves others', async () => {
  const open = await listen({ most: 100, mostOfOneAddress: 2 });
  const [first] = [await open('127.0.0.2'), await open('127.0.0.2')];
  expect((await open('127.0.0.2')).isServed).toBe(false);
  expect((await open('127.0.0.3')).isServed).toBe(true);
  first?.socket.destroy();
  await expect.poll(async () => (await open('127.0.0.2')).isServed).toBe(true);
});

it('makes room by closing connections that nobody uses when there are too many', async () => {
  const open = await listen({ most: 2, mostOfOneAddress: 2 });
  const idle = [await open('127.0.0.2'), await open('127.0.0.3')];
  const closed = Promise.all(idle.map(({ socket }) => once(socket, 'close')));
  await open('127.0.0.4');
  await closed;
  expect((await open('127.0.0.4')).isServed).toBe(true);
});

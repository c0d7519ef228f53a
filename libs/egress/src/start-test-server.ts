import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { TEST_CERTIFICATE, TEST_KEY } from './test-certificate';

/** A real server on a free loopback port, for tests. */
export interface TestServer {
  port: number;
  /** Connections accepted so far, and the most that were open at one time. */
  connections: () => { total: number; most: number };
  stop: () => Promise<void>;
}

/** Serves http, or https with {@link TEST_CERTIFICATE}. */
export function startHttpServer(handler: RequestListener, options: { tls?: boolean } = {}): Promise<TestServer> {
  const server = options.tls
    ? createHttpsServer({ cert: TEST_CERTIFICATE, key: TEST_KEY }, handler)
    : createHttpServer(handler);
  return listen(server);
}

/** Serves bare TCP, for answers that no HTTP server would give. */
export function startTcpServer(handler: (socket: Socket) => void): Promise<TestServer> {
  return listen(createTcpServer(handler));
}

async function listen(server: Server): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let total = 0;
  let most = 0;
  server.on('connection', (socket: Socket) => {
    total += 1;
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.on('close', () => sockets.delete(socket));
    // A client that destroys its connection is what many tests are about.
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => ({ total, most }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const SWEEP_EVERY_MS = 50;

/**
 * Prepares a server's end, before it listens. The returned function runs `close`, and until that is done closes the connections on
 * which nothing is under way: those that become idle, which a client's pool would hold open for minutes, and those that never said
 * a word, which Node.js does not count among the idle ones.
 */
export function prepareClose(server: Server): (close: () => Promise<void>) => Promise<void> {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  const sweep = () => {
    server.closeIdleConnections();
    for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
  };
  return async (close) => {
    const timer = setInterval(sweep, SWEEP_EVERY_MS);
    await close().finally(() => clearInterval(timer));
  };
}

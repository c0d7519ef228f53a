import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressBlock } from '@rollcall/platform';

/** Connections that are open at a time: each costs memory and a file descriptor. */
export const MOST = 4_096;
/** Of those, one address' (a proxy's too): no single one takes them all. */
export const MOST_OF_ONE_ADDRESS = 1_024;

/**
 * Bounds the connections of a server, in all and by address. One over the bound is closed at once; connections that nobody is
 * using make room for the next.
 */
export function limitConnections(
  server: Server,
  { most = MOST, mostOfOneAddress = MOST_OF_ONE_ADDRESS }: { most?: number; mostOfOneAddress?: number } = {},
): void {
  const open = new Map<string, number>();
  server.maxConnections = most;
  server.on('drop', () => server.closeIdleConnections());
  server.on('connection', (socket: Socket) => {
    const address = addressBlock(socket.remoteAddress ?? '');
    const count = (open.get(address) ?? 0) + 1;
    if (count > mostOfOneAddress) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
}

import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Lets responses end with their connection that had no turn on it yet: Node.js tells those nothing when a client that sent several
 * requests at once (RFC 9112 §9.3.2) goes away, and what they hold would be held for ever.
 */
export function closePipelined(server: Server): void {
  const waiting = new WeakMap<Socket, Set<ServerResponse>>();
  server.on('request', ({ socket }, response) => {
    if (response.socket) return;
    const responses = waiting.get(socket) ?? new Set();
    if (!waiting.has(socket)) {
      waiting.set(socket, responses);
      socket.once('close', () => {
        // Whichever has had its turn since then is told by Node.js.
        for (const one of responses) if (!one.socket) one.emit('close');
      });
    }
    responses.add(response);
    response.once('close', () => responses.delete(response));
  });
}

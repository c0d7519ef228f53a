import { createServer } from 'node:http';

/**
 * Serves a system on a free port of the loopback interface, and the benchmark's commands by IPC: `{ id, command, …arguments }`
 * is answered with `{ id, result }` or `{ id, error }`. Says `{ type: 'ready', port }` when it listens.
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown} handle
 * @param {Record<string, (options: object) => Promise<unknown>>} commands
 */
export function serveProgram(handle, commands) {
  const server = createServer((request, response) => {
    Promise.resolve(handle(request, response)).catch((error) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  process.on('message', (/** @type {{ id: number, command: string }} */ { id, command, ...options }) => {
    Promise.resolve()
      .then(() => commands[command]?.(options))
      .then(
        (result) => process.send?.({ id, result }),
        (error) => process.send?.({ id, error: String(error?.stack ?? error) }),
      );
  });
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
  server.keepAliveTimeout = 72_000;
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.({ type: 'ready', port: typeof address === 'object' ? address?.port : undefined });
  });
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<string>}
 */
export async function readText(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

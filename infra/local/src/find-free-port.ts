import { createServer } from 'node:net';

/** A TCP port that is free on the address at the time of the call; `preferred` if it is. Ports below 1 mean any. */
export async function findFreePort(preferred = 0, host = '127.0.0.1'): Promise<number> {
  return (
    (await tryPort(preferred, host)) ?? (await tryPort(0, host)) ?? Promise.reject(new Error('No TCP port is free.'))
  );
}

/** Whether the address can be listened on now. */
export async function isPortFree(port: number, host: string): Promise<boolean> {
  return (await tryPort(port, host)) !== undefined;
}

async function tryPort(port: number, host: string): Promise<number | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined));
    });
  });
}

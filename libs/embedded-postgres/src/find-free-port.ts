import { createServer, type AddressInfo } from 'node:net';

/**
 * A TCP port that is free on the address at the time of the call; `preferred` if it is. Ports below 1 mean any.
 * Rejects with the reason when the address cannot be listened on at all.
 */
export async function findFreePort(preferred = 0, host = '127.0.0.1'): Promise<number> {
  return listenOnce(preferred, host).catch(() => listenOnce(0, host));
}

/** Whether the address can be listened on now. */
export async function isPortFree(port: number, host: string): Promise<boolean> {
  return listenOnce(port, host).then(
    () => true,
    () => false,
  );
}

async function listenOnce(port: number, host: string): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const { port: found } = server.address() as AddressInfo;
      server.close(() => resolve(found));
    });
  });
}

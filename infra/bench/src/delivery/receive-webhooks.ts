import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An app that receives webhooks, in this process: its share of the machine is part of every figure. */
export interface WebhookReceiver {
  /** URL of the endpoint with this number. */
  url(endpoint: number): string;
  /** Called with each request; by default every one is answered 200 at once. */
  onRequest: (endpoint: number, body: string) => void;
  /** This endpoint answers nothing until it is set to null, and then all that waits. */
  setSilent(endpoint: number | null): void;
  /** Resolves when so many requests have come since the last call of `reset`; rejects when none comes any more. */
  received(count: number): Promise<void>;
  reset(): void;
  stop(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/** Starts it on a free port of this machine. @param delayMs how long it takes to answer */
export async function receiveWebhooks({ delayMs = 0 }: { delayMs?: number } = {}): Promise<WebhookReceiver> {
  let count = 0;
  let silent: number | null = null;
  let waiting: ServerResponse[] = [];
  let awaited: { count: number; resolve: () => void } | undefined;
  const server = createServer((request, response) => {
    const endpoint = Number(request.url?.slice(1));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      count += 1;
      receiver.onRequest(endpoint, Buffer.concat(chunks).toString());
      if (endpoint === silent) waiting.push(response);
      else if (delayMs > 0) setTimeout(() => response.end(), delayMs).unref();
      else response.end();
      if (awaited && count >= awaited.count) awaited.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: WebhookReceiver = {
    url: (endpoint) => `http://127.0.0.1:${port}/${endpoint}`,
    onRequest: () => undefined,
    setSilent: (endpoint) => {
      silent = endpoint;
      for (const response of waiting) response.end();
      waiting = [];
    },
    received: (wanted) =>
      new Promise((resolve, reject) => {
        if (count >= wanted) return resolve();
        let before = count;
        const timer = setInterval(() => {
          if (count === before) fail();
          before = count;
        }, PATIENCE_MS);
        const fail = (): void => {
          clearInterval(timer);
          reject(new Error(`${count} of ${wanted} webhooks arrived, then none for ${PATIENCE_MS / 1_000} s`));
        };
        awaited = {
          count: wanted,
          resolve: () => {
            clearInterval(timer);
            resolve();
          },
        };
      }),
    reset: () => {
      count = 0;
      awaited = undefined;
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return receiver;
}

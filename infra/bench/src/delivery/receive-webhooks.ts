import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCountUp } from './count-up';

/** An app that receives webhooks, in this process: its share of the machine is part of every figure. */
export interface WebhookReceiver {
  /** URL of the endpoint with this number. */
  url(endpoint: number): string;
  /** Called with each request; by default every one is answered 200 at once. */
  onRequest: (endpoint: number, body: string) => void;
  /** This endpoint answers nothing until it is set to null, and then all that waits. */
  setSilent(endpoint: number | null): void;
  /** What this endpoint answers from now on, and how long it takes for it. */
  setAnswer(endpoint: number, answer: { status?: number; delayMs?: number }): void;
  /** Resolves when so many requests have come since the last call of `reset`; rejects when none comes any more. */
  received(count: number): Promise<void>;
  /** Counts from 0 again, the requests to endpoints that count. */
  reset(counts?: (endpoint: number) => boolean): void;
  stop(): Promise<void>;
}

/** Starts it on a free port of this machine. @param delayMs how long it takes to answer */
export async function receiveWebhooks({ delayMs = 0 }: { delayMs?: number } = {}): Promise<WebhookReceiver> {
  const arrived = createCountUp('webhooks');
  let counts = (_endpoint: number): boolean => true;
  const answers = new Map<number, { status?: number; delayMs?: number }>();
  let silent: number | null = null;
  let waiting: ServerResponse[] = [];
  const server = createServer((request, response) => {
    const endpoint = Number(request.url?.slice(1));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      receiver.onRequest(endpoint, Buffer.concat(chunks).toString());
      const { status = 200, delayMs: wait = delayMs } = answers.get(endpoint) ?? {};
      response.statusCode = status;
      if (endpoint === silent) waiting.push(response);
      else if (wait > 0) setTimeout(() => response.end(), wait).unref();
      else response.end();
      if (counts(endpoint)) arrived.add();
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
    setAnswer: (endpoint, answer) => void answers.set(endpoint, answer),
    received: (wanted) => arrived.reached(wanted),
    reset: (only = () => true) => {
      arrived.reset();
      counts = only;
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return receiver;
}

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  applyEvent,
  createMemoryStore,
  type MemoryStore,
  type RollcallEvent,
  verifyWebhook,
  WebhookVerificationError,
} from '@rollcall/sdk';

export interface SampleApp {
  url: string;
  /** The app's own copy of the directory. */
  store: MemoryStore;
  /** Event id -> the body of every event that came with a good signature. */
  received: ReadonlyMap<string, string>;
  /** Why requests were refused. */
  refused: readonly string[];
  /** The endpoint's secret. Until it is known, everything is refused. */
  useSecret: (secret: string) => void;
  stop(): Promise<void>;
}

/**
 * Starts the sample app: a plain HTTP server that verifies each webhook, keeps a copy of the directory by it, and answers 204.
 * What it cannot verify it answers 400.
 * @param onEvent called once for each new event
 */
export async function startSampleApp(onEvent: (event: RollcallEvent) => void): Promise<SampleApp> {
  const secrets: string[] = [];
  const store = createMemoryStore();
  const received = new Map<string, string>();
  const refused: string[] = [];

  async function receive(headers: IncomingHttpHeaders, body: string): Promise<number> {
    try {
      const event = await verifyWebhook({ secret: secrets, headers, body });
      if (!received.has(event.id)) {
        received.set(event.id, body);
        onEvent(event);
      }
      await applyEvent({ event, store });
      return 204;
    } catch (error) {
      refused.push(`${String(headers['webhook-id'])}: ${error instanceof Error ? error.message : String(error)}`);
      return error instanceof WebhookVerificationError ? 400 : 500;
    }
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void receive(request.headers, Buffer.concat(chunks).toString('utf8')).then((status) =>
        response.writeHead(status).end(),
      );
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    store,
    received,
    refused,
    useSecret: (secret) => void secrets.push(secret),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

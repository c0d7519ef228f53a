import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { applyEvent, type AppState, createAppState, type DemoEvent } from './apply-event';
import { verifySignature } from './verify-signature';

export interface SampleApp {
  url: string;
  state: AppState;
  /** Every event received with a good signature, once, with the bytes that were signed. */
  received: Map<string, { event: DemoEvent; body: string }>;
  /** What was wrong with requests that were refused. */
  refused: string[];
  /** The secret shown when the endpoint was made. Until it is set, everything is refused. */
  useSecret: (secret: string) => void;
  stop(): Promise<void>;
}

/**
 * Starts the sample app: a plain HTTP server that verifies each webhook's signature, keeps a copy of the directory, and answers
 * 204. What it cannot verify it answers 401.
 * @param onEvent called once for each new event
 */
export async function startSampleApp(onEvent: (event: DemoEvent) => void): Promise<SampleApp> {
  let secret = '';
  const state = createAppState();
  const received: SampleApp['received'] = new Map();
  const refused: string[] = [];
  const receive = (headers: Record<string, string | string[] | undefined>, body: string): number => {
    const problem =
      secret === '' ? 'the app has no secret yet' : verifySignature({ headers, body }, secret, new Date());
    if (problem !== null) {
      refused.push(`${String(headers['webhook-id'])}: ${problem}`);
      return 401;
    }
    const event = JSON.parse(body) as DemoEvent;
    if (!received.has(event.id)) {
      received.set(event.id, { event, body });
      applyEvent(state, event);
      onEvent(event);
    }
    return 204;
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => response.writeHead(receive(request.headers, Buffer.concat(chunks).toString('utf8'))).end());
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    state,
    received,
    refused,
    useSecret: (given) => {
      secret = given;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCertificate } from './test-certificates';
import { waitUntil } from './wait-until';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it was sent, which is what a signature covers. */
  readonly body: string;
  readonly receivedAt: Date;
  json<T = unknown>(): T;
}

/** What the receiver does with a request: by default it answers 200 at once. */
export type Answer =
  | {
      readonly kind?: 'answer';
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly delayMs?: number;
    }
  /** 200 with a body of single bytes. */
  | { readonly kind: 'drip'; readonly intervalMs: number; readonly bytes: number }
  /** A TCP reset instead of an answer. */
  | { readonly kind: 'reset' }
  /** 200 and half of a body, then a TCP reset. */
  | { readonly kind: 'resetMidBody' }
  /** No answer until the sender gives up. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'bigBody'; readonly bytes: number };

export interface Receiver {
  readonly url: string;
  readonly port: number;
  /** Every request so far, in the order in which their bodies were complete. */
  readonly requests: readonly ReceivedRequest[];
  /** Answers every following request so. */
  answerWith(answer: Answer | ((request: ReceivedRequest) => Answer)): void;
  /** Answers the next requests so, one each, before `answerWith` holds again. */
  answerOnce(...answers: Answer[]): void;
  waitFor(condition: (requests: readonly ReceivedRequest[]) => boolean): Promise<readonly ReceivedRequest[]>;
  clear(): void;
  /** Shows this certificate on new connections; only with `tls`. */
  presentCertificate(certificate: TestCertificate): void;
  stop(): Promise<void>;
}

/** Starts an HTTP server on 127.0.0.1, with `tls` an HTTPS one, that records what webhooks send and answers as the test says. */
export async function startReceiver(options: { port?: number; tls?: TestCertificate } = {}): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const once: Answer[] = [];
  let always: (request: ReceivedRequest) => Answer = () => ({});
  const listener = (message: IncomingMessage, response: ServerResponse) => {
    void record(message).then(
      (request) => {
        requests.push(request);
        return respond(response, once.shift() ?? always(request));
      },
      () => response.destroy(),
    );
  };
  const tlsServer = options.tls ? createTlsServer(options.tls, listener) : null;
  const server = tlsServer ?? createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tlsServer ? 'https' : 'http'}://127.0.0.1:${port}/`,
    port,
    requests,
    answerWith: (answer) => void (always = typeof answer === 'function' ? answer : () => answer),
    answerOnce: (...answers) => void once.push(...answers),
    waitFor: (condition) =>
      waitUntil(() => (condition(requests) ? requests : null), {
        what: 'the expected webhook request',
        saw: () => ({ requests: requests.length, last: requests.slice(-3).map(({ path, body }) => ({ path, body })) }),
      }),
    clear: () => void requests.splice(0),
    presentCertificate: (certificate) => tlsServer?.setSecureContext(certificate),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function record(message: IncomingMessage): Promise<ReceivedRequest> {
  const body = await text(message);
  return {
    method: message.method ?? '',
    path: message.url ?? '',
    headers: message.headers,
    body,
    receivedAt: new Date(),
    json: <T>() => JSON.parse(body) as T,
  };
}

async function respond(response: ServerResponse, answer: Answer): Promise<void> {
  switch (answer.kind) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'resetMidBody':
      response.writeHead(200, { 'content-length': '1000' });
      response.write('x'.repeat(500), () => response.socket?.resetAndDestroy());
      return;
    case 'hang':
      return;
    case 'bigBody':
      response.end(Buffer.alloc(answer.bytes, 'x'));
      return;
    case 'drip':
      response.writeHead(200);
      for (let sent = 0; sent < answer.bytes && !response.destroyed; sent++) {
        response.write('x');
        await sleep(answer.intervalMs);
      }
      response.end();
      return;
    default:
      if (answer.delayMs) await sleep(answer.delayMs);
      response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '');
  }
}

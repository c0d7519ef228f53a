import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer: a status, a body and headers. */
export interface JsonAnswer {
  readonly status?: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface JsonServer {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/** An HTTP server on a free port that answers in JSON; a request without an answer gets 404. */
export async function serveJson(
  answer: (request: IncomingMessage, url: URL) => JsonAnswer | undefined,
): Promise<JsonServer> {
  const server = createServer((request, response) => {
    request.resume();
    const {
      status = 200,
      body,
      headers = {},
    } = answer(request, new URL(request.url ?? '/', 'http://source')) ?? {
      status: 404,
      body: { code: 5, message: 'not found' },
    };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as the server saw it. */
export interface SeenRequest {
  method: string;
  /** Path and query. */
  url: string;
  authorization: string | undefined;
  contentType: string | undefined;
  idempotencyKey: string | undefined;
  body: string;
}

/** An HTTP server with a token endpoint of its own, and answers of the test's choice for everything else. */
export interface ApiServer {
  baseUrl: string;
  requests: SeenRequest[];
  /** How many tokens it has issued; the latest is `token-<count>`. */
  tokensIssued: number;
  /** Overrides the token endpoint. */
  answerToken: Handler | undefined;
  stop: () => Promise<void>;
}

type Handler = (request: SeenRequest, response: ServerResponse) => void;

export const CLIENT_ID = 'clt_01';
export const CLIENT_SECRET = 'rcs_a+b&c=d';

export async function startApiServer(answer: Handler): Promise<ApiServer> {
  const server = createServer((message, response) => {
    void readRequest(message).then((request) => {
      if (request.url !== '/oauth/token') {
        state.requests.push(request);
        return answer(request, response);
      }
      state.tokensIssued += 1;
      if (state.answerToken) return state.answerToken(request, response);
      return issueToken(request, response, state.tokensIssued);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const state: ApiServer = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    tokensIssued: 0,
    answerToken: undefined,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return state;
}

async function readRequest(message: IncomingMessage): Promise<SeenRequest> {
  const { method = '', url = '', headers } = message;
  const body = await text(message);
  return {
    method,
    url,
    authorization: headers.authorization,
    contentType: headers['content-type'],
    idempotencyKey: headers['idempotency-key']?.toString(),
    body,
  };
}

/** The client credentials grant, RFC 6749 §4.4 and §5. */
function issueToken(request: SeenRequest, response: ServerResponse, count: number): void {
  const form = new URLSearchParams(request.body);
  const isKnown = form.get('client_id') === CLIENT_ID && form.get('client_secret') === CLIENT_SECRET;
  if (request.method !== 'POST' || form.get('grant_type') !== 'client_credentials' || !isKnown) {
    return sendJson(response, 401, { error: 'invalid_client', error_description: 'The client is not known.' });
  }
  sendJson(response, 200, { access_token: `token-${count}`, token_type: 'Bearer', expires_in: 3600 });
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

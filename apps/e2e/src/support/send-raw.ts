import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
}

/**
 * Sends exactly this, path and body included, on a connection of its own, the whole body before it looks at the answer.
 * Rejects when the connection ends without one.
 */
export async function sendRaw(
  baseUrl: string,
  path: string,
  { method = 'GET', headers = {}, body }: RawRequest = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl);
  // Node.js sends the body of a DELETE without a length of its own accord, which is no HTTP message.
  const isFramed = body === undefined || 'transfer-encoding' in headers;
  const framing = isFramed ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const options = { hostname, port, path, method, headers: { ...headers, ...framing }, agent: false };
  return new Promise((resolve, reject) => {
    const sending = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sending.once('error', reject);
    sending.end(body);
  });
}

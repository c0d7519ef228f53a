import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { WAIT_LIMIT_MS } from '@rollcall/testing';

/** An answer as it came. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Sends a request as it is, without a client library putting its path or headers right. */
export type SendRaw = (message: {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}) => Promise<RawAnswer>;

/** A sender on connections that are kept; a request without an answer is a failure. */
export function createRawSender(): { send: SendRaw; close(): void } {
  const agent = new Agent({ keepAlive: true });
  const send: SendRaw = ({ method, url, headers = {}, body }) =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(url);
      const path = url.slice(url.indexOf('/', 'http://'.length));
      // Node.js itself adds no length to a body where the method usually has none.
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const options = {
        agent,
        hostname,
        port,
        method,
        path,
        headers: { ...headers, ...length },
        timeout: WAIT_LIMIT_MS,
      };
      const sent = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          });
        });
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method}`)));
      sent.on('error', reject);
      sent.end(body);
    });
  return { send, close: () => agent.destroy() };
}

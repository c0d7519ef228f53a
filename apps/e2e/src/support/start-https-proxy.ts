import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { TestCertificate } from '@rollcall/testing';

/** What stands before a server in production, and speaks https to browsers. */
export interface HttpsProxy {
  stop(): Promise<void>;
}

/** Starts one on a port of 127.0.0.1 that passes everything on as it is, and the answers as they come. */
export async function startHttpsProxy(
  certificate: TestCertificate,
  { port, target }: { port: number; target: string },
): Promise<HttpsProxy> {
  const server = createServer(certificate, (asked, answered) => passOn(target, asked, answered));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function passOn(target: string, asked: IncomingMessage, answered: ServerResponse): void {
  const { method, url = '/', headers } = asked;
  const inner = request(target + url, { method, headers }, (answer) => {
    answered.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(answered);
  });
  inner.once('error', () => answered.destroy());
  answered.once('close', () => inner.destroy());
  asked.pipe(inner);
}

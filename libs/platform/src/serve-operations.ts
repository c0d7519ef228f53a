import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AggregatorRegistry } from 'prom-client';
import type { Series } from './create-metrics';
import { ConfigError } from './config/config-error';
import type { Readiness } from './readiness';

/** What a process tells whoever operates it. */
export interface Operations {
  readiness(): Promise<Readiness>;
  /** Its metrics, each with the label `process`. */
  series(): Promise<Series[]>;
}

export interface OperationsServer {
  port: number;
  close(): void;
}

interface OperationsAddress {
  host: string;
  /** 0 = any free port. */
  port: number;
}

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

interface Answer {
  status: number;
  type: string;
  body: string;
}

/**
 * Serves `GET /healthz`, `/readyz` and `/metrics` (Prometheus' text) for those who operate a process, apart from the port that
 * everybody reaches. Resolves when it listens, and keeps no process alive. Throws ConfigError when the port is in use.
 */
export async function serveOperations(
  { host, port }: OperationsAddress,
  operations: Operations,
): Promise<OperationsServer> {
  const server = createServer((request, response) => void respond(request, response, operations));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, { host, port })));
    server.listen(port, host, resolve);
  });
  server.unref();
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function explain(error: NodeJS.ErrnoException, { host, port }: OperationsAddress): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new ConfigError(
    'OPERATIONS_PORT',
    `${port} on ${host} is in use by another program: stop it or choose another port.`,
  );
}

async function respond(request: IncomingMessage, response: ServerResponse, operations: Operations): Promise<void> {
  const { status, type, body } = await answer(request, operations).catch(unavailable);
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', connection: 'close' });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function answer({ method, url = '/' }: IncomingMessage, operations: Operations): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return json(405, { error: 'Only GET and HEAD are served here.' });
  switch (url.split('?')[0]) {
    case '/healthz':
      return json(200, { status: 'ok' });
    case '/readyz': {
      const state = await operations.readiness();
      return json(state.status === 'ok' ? 200 : 503, state);
    }
    case '/metrics':
      return {
        status: 200,
        type: TEXT,
        body: await AggregatorRegistry.aggregate([await operations.series()]).metrics(),
      };
    default:
      return json(404, { error: 'Here are /healthz, /readyz and /metrics.' });
  }
}

function json(status: number, body: object): Answer {
  return { status, type: JSON_TYPE, body: JSON.stringify(body) };
}

function unavailable(): Answer {
  return json(503, { error: 'The process cannot tell now.' });
}

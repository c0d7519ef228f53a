import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config, Logger, Metrics, Operations } from '@rollcall/platform';
import type { LargeBodyTimes } from '../http/admit-large-bodies';
import { answerProblem } from '../http/answer-problem';
import { createHttpAdapter } from '../http/create-http-adapter';
import { namesOf } from '../http/name-request';
import { CALL_PATHS } from '../scalekit/find-method';
import { toProblem } from '../http/to-problem';
import type { Answerer } from './installation';

/** The server that everybody reaches, in front of the applications of the cells. */
export interface Front {
  server: Server;
  /** Hands every request that arrives, by HTTP/1.1 or HTTP/2, to whoever decides where it goes. */
  receive(dispatch: (request: IncomingMessage, response: ServerResponse) => void): void;
  /** Answers a request here, with what other requests have: body limits, headers, log line, compression. */
  answer(request: IncomingMessage, response: ServerResponse, answerer: Answerer): void;
  /** Answers a request with an error, before its body is read. */
  refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void;
  /** Answers at /healthz and /readyz. */
  tellHealth(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

export interface FrontOptions {
  config: Config;
  logger: Logger;
  metrics: Metrics;
  largeBodyTimes: LargeBodyTimes;
  operations: Pick<Operations, 'readiness'>;
}

/** Below which paths there are answers of its own: a surface tells by them in which form it refuses. */
const SURFACES = ['/scim/*', '/oauth/*', '/api/v1/*', '/portal/api/*', '/dashboard/api/*', '/*'];

/** Makes the server in front. It does not listen yet. */
export async function openFront(options: FrontOptions): Promise<Front> {
  const { logger } = options;
  const fastify = createHttpAdapter({ ...options, tracing: null }).getInstance();
  const answerers = new WeakMap<IncomingMessage, Answerer>();
  const refusals = new WeakMap<IncomingMessage, Error>();
  fastify.addHook('onRequest', (request, _reply, done) => done(refusals.get(request.raw)));
  fastify.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error);
    if (problem.status >= 500 && (problem.status !== 503 || refusals.get(request.raw) !== error)) {
      logger.error({ err: error, method: request.method, ...namesOf(request) }, 'request failed');
    }
    answerProblem(request, reply, problem);
  });
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    await answerers.get(request.raw)?.(request, reply);
    return reply;
  };
  for (const url of SURFACES) {
    // Apart, because only what reads is compressed.
    fastify.route({ method: ['GET', 'HEAD'], url, exposeHeadRoute: false, handler: answer });
    fastify.route({ method: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], url, handler: answer });
  }
  // By their names, by which their messages are read.
  for (const url of CALL_PATHS) fastify.post(url, answer);
  fastify.get('/healthz', () => ({ status: 'ok' }));
  fastify.get('/readyz', async (_request, reply) => {
    const state = await options.operations.readiness();
    return reply.code(state.status === 'ok' ? 200 : 503).send(state);
  });
  await fastify.ready();
  const { server } = fastify;
  // A function, whatever its type says.
  const routing = fastify.routing.bind(fastify);
  return {
    server,
    receive: (dispatch) => {
      // Fastify's own is the first; what else listens for requests, such as the count of connections, goes on.
      const [own] = server.rawListeners('request');
      if (own) server.off('request', own as RequestListener);
      server.prependListener('request', dispatch);
    },
    answer: (request, response, answerer) => {
      answerers.set(request, answerer);
      routing(request, response);
    },
    refuse: (request, response, error) => {
      refusals.set(request, error instanceof Error ? error : new Error(String(error)));
      routing(request, response);
    },
    tellHealth: routing,
    close: () => fastify.close(),
  };
}

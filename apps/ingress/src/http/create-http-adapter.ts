import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '@rollcall/platform';
import { readAlias } from '@rollcall/directory';
import type { Config, Logger, Metrics, Tracing } from '@rollcall/platform';
import { admitLargeBodies } from './admit-large-bodies';
import type { LargeBodyTimes } from './admit-large-bodies';
import { bodyLimitOf, SMALL_BODY } from './body-limits';
import { closePipelined } from './close-pipelined';
import { createRequestIds } from './create-request-ids';
import { UnreadableRequests } from './answer-unreadable';
import { answerProblem } from './answer-problem';
import { answerUnchanged } from './answer-unchanged';
import { compressAnswers } from './compress-answers';
import { logRequests } from './log-requests';
import { collectRoutes } from './known-routes';
import { limitConnections } from './limit-connections';
import { sentName } from './name-request';
import { parseBodies } from './parse-bodies';
import { toProblem } from './to-problem';
import { traceRequests } from './trace-requests';
import './told-status';
import './request-tenant';
import { isCallPath } from '../scalekit/find-method';
import { readCalls } from '../scalekit/read-calls';

export interface HttpAdapterOptions {
  config: Config;
  logger: Logger;
  metrics: Metrics;
  largeBodyTimes: LargeBodyTimes;
  /** Null: no traces are made. */
  tracing: Tracing | null;
}

/** Identity providers wait up to 60 s for an answer; a request must arrive whole in less. */
const REQUEST_TIMEOUT_MS = 55_000;
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
/** The head of a request is sent at once by whoever means it; how often late ones are looked for. */
const HEADERS_TIMEOUT_MS = 15_000;
const TIMEOUT_CHECK_MS = 5_000;

/** A client of HTTP/2 begins because it has a call to make; how long it keeps the connection is as with HTTP/1.1. */
const HTTP2_TIMES = { firstMs: 5_000, requestMs: REQUEST_TIMEOUT_MS, idleMs: KEEP_ALIVE_TIMEOUT_MS };

/** The HTTP server of the ingress: routing rules, body parsing, limits and the request log, the same for every surface. */
export function createHttpAdapter({
  config,
  logger,
  metrics,
  largeBodyTimes,
  tracing,
}: HttpAdapterOptions): FastifyAdapter {
  const toPath = createPathReader(config.publicUrl);
  const headers = securityHeaders(config.publicUrl);
  const unreadable = new UnreadableRequests(toPath);
  const newRequestId = createRequestIds();
  const adapter = new FastifyAdapter({
    logger: false,
    skipMiddie: true,
    // Whose X-Forwarded-For is believed; with none `request.ip` is the connection's own address.
    trustProxy: config.trustedProxies.length > 0 && config.trustedProxies,
    genReqId: ({ headers }: IncomingMessage) => sentName(headers) ?? newRequestId(),
    bodyLimit: SMALL_BODY,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      // Node.js would answer with an empty 400: it is refused below, in the form of its surface.
      requireHostHeader: false,
    },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: unreadable.answer,
    // Identity providers send `//Users`, `/Users/` and `/Users?`; all mean the same.
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 2_048 },
    rewriteUrl: (request: IncomingMessage) => toPath(request.url ?? '/'),
    // Answers what the router refuses before any hook runs, such as a malformed percent escape.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      answerProblem(request, reply.headers(headers).header('x-request-id', request.id), toProblem(error));
    },
  });
  const server: FastifyInstance = adapter.getInstance();
  server.decorateRequest('tenant', null);
  server.decorateRequest('span', null);
  server.decorateRequest('toldStatus', null);
  server.addHook('onRoute', (route) => {
    route.bodyLimit = bodyLimitOf(route.url);
  });
  // Node.js would answer an unknown Expect header with an empty 417; RFC 9110 §10.1.1 lets a server pass it over.
  server.server.on('checkExpectation', (request, response) => server.server.emit('request', request, response));
  limitConnections(server.server);
  closePipelined(server.server);
  unreadable.watch(server, { isCall: (url) => isCallPath(toPath(url)), times: HTTP2_TIMES });
  collectRoutes(server);
  compressAnswers(server);
  answerUnchanged(server);
  admitLargeBodies(server, largeBodyTimes);
  parseBodies(server);
  readCalls(server);
  if (tracing) traceRequests(server, tracing, config);
  logRequests(server, { logger, metrics });
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id);
    done(hasNoHost(request.raw) ? withoutHost() : undefined);
  });
  return adapter;
}

/** What every answer carries. A page sets a policy of its own; anything else is no page, so nothing runs in it and nothing frames it. */
function securityHeaders(publicUrl: string): Record<string, string> {
  return {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': `default-src 'none'; frame-ancestors 'none'`,
    ...(publicUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  };
}

/** RFC 9112 §3.2: every request of HTTP/1.1 names its host. */
function hasNoHost({ httpVersion, headers }: IncomingMessage): boolean {
  return httpVersion === '1.1' && headers.host === undefined;
}

function withoutHost(): AppError {
  return new AppError({
    kind: 'invalid',
    code: 'malformed_request',
    message: 'The request has no Host header. Send one, as HTTP/1.1 asks.',
  });
}

/** Reads the path and query of a URL as the routes have them: without the path of PUBLIC_URL, and at our own addresses of SCIM. */
export function createPathReader(publicUrl: string): (url: string) => string {
  const basePath = new URL(publicUrl).pathname.replace(/\/$/, '');
  return (url) => withoutAlias(withoutBasePath(url, basePath));
}

/** PUBLIC_URL may have a path; a proxy may or may not strip it. */
function withoutBasePath(url: string, basePath: string): string {
  return basePath !== '' && url.startsWith(`${basePath}/`) ? url.slice(basePath.length) : url;
}

/** Another service's address of a SCIM endpoint becomes one of ours: from here on they are the same. */
function withoutAlias(url: string): string {
  const found = readAlias(url);
  return found ? `/scim/${found.alias}/v2${found.rest}` : url;
}

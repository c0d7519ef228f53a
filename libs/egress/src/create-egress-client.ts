import { isIP } from 'node:net';
import { Agent, errors } from 'undici';
import { checkNewUrl, checkUrl, hostOf } from './check-url';
import { connectionTimes, createGuardedConnector } from './connect-guarded';
import type { ConnectionTimes } from './connect-guarded';
import { createPolicy } from './create-policy';
import { EgressError } from './egress-error';
import type { RequestPhases } from './egress-error';
import { fetchText } from './fetch-text';
import type { FetchRequest } from './fetch-text';
import { getBytes } from './get-bytes';
import type { FetchedBytes, GetRequest } from './get-bytes';
import { readResponse } from './read-response';
import { refuseAddress } from './refuse-address';
import { resolveAllowed, resolveBySystem } from './resolve-allowed';
import type { ResolveHost } from './resolve-allowed';

export interface EgressClientOptions {
  /** Development and tests: also plain http, any port, loopback and private addresses, and this server itself. */
  allowPrivateTargets: boolean;
  /** Addresses of this machine (`listOwnAddresses()`). */
  ownAddresses?: readonly string[];
  /** Host names under which this server is reached, such as that of `PUBLIC_URL`. */
  ownHostnames?: readonly string[];
  /** For DNS, TCP and TLS together; default 5000. */
  connectTimeoutMs?: number;
  /**
   * Open connections to one origin; further requests to it wait for one. Default 100: many endpoints may be at one origin, and one
   * that does not answer must not take the connections of the others. How many requests one endpoint gets is its callers' to say.
   */
  connectionsPerOrigin?: number;
  /** Certificates (PEM) trusted beside the usual authorities. */
  trustedCertificates?: readonly string[];
  /** How names are resolved; default: as the operating system does. */
  resolveHost?: ResolveHost;
}

export interface EgressRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** One limit over everything from DNS to the end of the answer; default 15,000 ms. */
  deadlineMs?: number;
  /** Stops the request with reason `aborted`. */
  signal?: AbortSignal;
}

export interface EgressResponse {
  status: number;
  /** Lower-case names; repeated headers are joined with ", ". */
  headers: Record<string, string>;
  /** The first 16 kB. */
  body: string;
  bodyTruncated: boolean;
  phases: RequestPhases;
}

/** The only way out to an address that a customer chose. */
export interface EgressClient {
  /**
   * Whether the URL may be a target, for the moment it is saved. A name that does not resolve yet passes: each request is
   * guarded again. Throws {@link EgressError} with `blocked` true.
   */
  checkTarget(url: string): Promise<void>;
  /** Sends one POST and follows no redirect. Any HTTP status is an answer; throws {@link EgressError} without one. */
  post(request: EgressRequest): Promise<EgressResponse>;
  /**
   * Sends one request for a library that speaks a protocol of its own, follows no redirect, and answers as `fetch` does. Throws
   * {@link EgressError} without an answer, when it is too large, or when the URL may be no target.
   */
  fetch(request: FetchRequest): Promise<Response>;
  /**
   * Fetches a file by one GET and follows no redirect. Any HTTP status is an answer; throws {@link EgressError} without one, or when
   * the URL may be no target.
   */
  get(request: GetRequest): Promise<FetchedBytes>;
  /** Closes idle connections once requests under way have ended. */
  close(): Promise<void>;
}

const DEFAULT_DEADLINE_MS = 15_000;
const CHECK_TIMEOUT_MS = 3000;

/** A guarded HTTP client; one per process, so that connections are reused. */
export function createEgressClient(options: EgressClientOptions): EgressClient {
  const policy = createPolicy(options);
  const resolveHost = options.resolveHost ?? resolveBySystem;
  const refuse = (address: string) => refuseAddress(address, policy);
  const agent = new Agent({
    connect: createGuardedConnector({
      refuse,
      resolveHost,
      connectTimeoutMs: options.connectTimeoutMs ?? 5000,
      trustedCertificates: options.trustedCertificates,
    }),
    connections: options.connectionsPerOrigin ?? 100,
    pipelining: 1,
    // Below the 5 s after which Node.js servers close: a request must not meet a connection that is being closed.
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 30_000,
    // Timeouts per phase let a slow drip pass; the one deadline does not.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  return {
    async checkTarget(text) {
      const host = hostOf(checkNewUrl(text, policy));
      if (policy.allowPrivateTargets || isIP(host)) return;
      try {
        await within(CHECK_TIMEOUT_MS, resolveAllowed(host, resolveHost, refuse));
      } catch (error) {
        if (error instanceof EgressError && !error.blocked) return;
        throw error;
      }
    },
    post: async (request) => send(agent, checkUrl(request.url, policy), request),
    fetch: async (request) => {
      const url = checkNewUrl(request.url, policy);
      return limited(request, (signal) => fetchText(agent, url, { ...request, signal }));
    },
    get: async (request) => {
      const url = checkNewUrl(request.url, policy);
      return limited(request, (signal) => getBytes(agent, url, { ...request, signal }));
    },
    close: () => agent.close(),
  };
}

/** Sends the request on a pooled connection, measured and under one deadline. */
async function send(agent: Agent, url: URL, request: EgressRequest): Promise<EgressResponse> {
  const startedAt = performance.now();
  const times: ConnectionTimes = { dns: null, connect: null, tls: null, readyAt: null };
  let answeredAt: number | null = null;
  const stop = stopAfter(request.deadlineMs ?? DEFAULT_DEADLINE_MS, request.signal);
  try {
    stop.signal.throwIfAborted();
    const answer = await connectionTimes.run(times, () =>
      agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'POST',
        headers: request.headers,
        body: request.body,
        signal: stop.signal,
      }),
    );
    answeredAt = performance.now();
    const { text, truncated } = await readResponse(answer.body);
    const phases = measure(startedAt, times, answeredAt);
    return {
      status: answer.statusCode,
      headers: flattenHeaders(answer.headers),
      body: text,
      bodyTruncated: truncated,
      phases,
    };
  } catch (error) {
    const explained = stop.signal.aborted ? stop.reason() : explainRequestError(error);
    explained.phases = measure(startedAt, times, answeredAt);
    throw explained;
  } finally {
    stop.clear();
  }
}

/** Runs a request under its deadline. Throws {@link EgressError} for what ended it. */
async function limited<T>(
  { deadlineMs, signal }: { deadlineMs?: number; signal?: AbortSignal | null },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = stopAfter(deadlineMs ?? DEFAULT_DEADLINE_MS, signal ?? undefined);
  try {
    return await run(stop.signal);
  } catch (error) {
    throw stop.signal.aborted ? stop.reason() : explainRequestError(error);
  } finally {
    stop.clear();
  }
}

/** A signal that fires at the deadline or with the caller's signal, and the error that says which it was. */
function stopAfter(deadlineMs: number, outer: AbortSignal | undefined) {
  const controller = new AbortController();
  let reason: 'timeout' | 'aborted' = 'timeout';
  const abort = () => {
    reason = 'aborted';
    controller.abort();
  };
  const timer = setTimeout(() => controller.abort(), deadlineMs);
  outer?.addEventListener('abort', abort, { once: true });
  if (outer?.aborted) abort();
  return {
    signal: controller.signal,
    reason: () => new EgressError(reason),
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}

function measure(startedAt: number, times: ConnectionTimes, answeredAt: number | null): RequestPhases {
  const round = (ms: number | null) => (ms === null ? null : Math.round(ms * 10) / 10);
  const total = Math.round((performance.now() - startedAt) * 10) / 10;
  return {
    dns: round(times.dns),
    connect: round(times.connect),
    tls: round(times.tls),
    firstByte: round(answeredAt === null ? null : answeredAt - (times.readyAt ?? startedAt)),
    total,
  };
}

/** Names what ended a request. The connector's error is copied, because all requests that waited for it get the same one. */
function explainRequestError(error: unknown): EgressError {
  if (error instanceof EgressError) return new EgressError(error.reason, { cause: error.cause });
  // The caller gave a header that cannot be sent: a defect of ours, no outcome of the request.
  if (error instanceof errors.InvalidArgumentError) throw error;
  const isInvalid = error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError;
  return new EgressError(isInvalid ? 'invalid_response' : 'reset', { cause: error });
}

function flattenHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

/** The promise, or EgressError `dns` after `ms`. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new EgressError('dns')), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

import { cacheAccessToken, fixedToken } from './access-token';
import type { AccessTokenSource, IssuedToken } from './access-token';
import { apiUrl } from './api-url';
import type { Query } from './api-url';
import { openDeadline } from './request-deadline';
import type { RequestDeadline } from './request-deadline';
import { readRetryAfter, retryRequest } from './retry-request';
import type { RetryPolicy } from './retry-request';
import { readErrorResponse, responseInvalid } from './rollcall-error';
import type { RollcallError } from './rollcall-error';
import { unlessAborted } from './unless-aborted';

/** A request of the management API. */
export interface ApiRequest {
  /** Default GET. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, built with `apiPath`. */
  path: string;
  query?: Query;
  body?: object;
  /** Of a POST; default a new one, so that it may be sent again. */
  idempotencyKey?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** For calls that make something. */
export interface CreateOptions {
  /**
   * Under which the server makes it once for 24 hours, also when another process, or this one after a restart, calls again with the
   * same input. Default: a new one for each call, which makes the retries of the call itself safe.
   */
  idempotencyKey?: string;
}

/** Sends requests with a current access token. Both methods throw `RollcallError`. */
export interface Connection {
  /** The parsed answer; undefined for 204. */
  json<Answer>(request: ApiRequest): Promise<Answer>;
  /** The answer's body as it arrives; leaving the loop early closes it. */
  stream(request: ApiRequest): AsyncGenerator<Uint8Array, void, undefined>;
}

/** What the token endpoint takes. */
export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
}

/** What a connection needs to know. */
export interface ConnectionOptions {
  /** Without a slash at the end. */
  baseUrl: string;
  credentials: ClientCredentials | { apiKey: string };
  fetch: typeof globalThis.fetch;
  /** How long nothing may arrive. */
  timeoutMs: number;
  retries: RetryPolicy;
}

/** Opens no socket yet: the first request does. */
export function connect(options: ConnectionOptions): Connection {
  const { credentials, retries } = options;
  const tokens =
    'apiKey' in credentials
      ? fixedToken(credentials.apiKey)
      : cacheAccessToken(() => requestToken(credentials, options), retries.now);
  return {
    async json<Answer>(request: ApiRequest): Promise<Answer> {
      const deadline = openDeadline(options.timeoutMs, request.signal);
      try {
        const response = await sendAuthorized(request, { options, tokens, deadline });
        return (response.status === 204 ? undefined : await readJson(response)) as Answer;
      } catch (error) {
        throw deadline.explain(error);
      } finally {
        deadline.close();
      }
    },
    async *stream(request) {
      const deadline = openDeadline(options.timeoutMs, request.signal);
      try {
        const response = await sendAuthorized(request, { options, tokens, deadline });
        yield* readChunks(response, deadline);
      } catch (error) {
        throw deadline.explain(error);
      } finally {
        deadline.close();
      }
    },
  };
}

/** The client credentials grant (RFC 6749 §4.4). */
async function requestToken(
  { clientId, clientSecret }: ClientCredentials,
  options: ConnectionOptions,
): Promise<IssuedToken> {
  const deadline = openDeadline(options.timeoutMs, undefined);
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const body = new URLSearchParams(form).toString();
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  try {
    const url = `${options.baseUrl}/oauth/token`;
    const request = { url, init: { method: 'POST', headers, body }, isSafe: true };
    const response = await sendTimed(request, options, deadline);
    if (!response.ok) throw await readError(response, options);
    const answer = (await readJson(response)) as Partial<IssuedToken> | null;
    const { access_token, expires_in } = answer ?? {};
    if (typeof access_token !== 'string' || typeof expires_in !== 'number') throw responseInvalid(response.status);
    return { access_token, expires_in };
  } catch (error) {
    throw deadline.explain(error);
  } finally {
    deadline.close();
  }
}

interface Sending {
  options: ConnectionOptions;
  tokens: AccessTokenSource;
  deadline: RequestDeadline;
}

/** Sends with the current token, and once more with a new one when the server does not take it (any more). */
async function sendAuthorized(request: ApiRequest, { options, tokens, deadline }: Sending): Promise<Response> {
  const url = apiUrl(options.baseUrl, request.path, request.query);
  const { method = 'GET' } = request;
  // One key for all tries of one call.
  const key = method === 'POST' ? (request.idempotencyKey ?? globalThis.crypto.randomUUID()) : undefined;
  const isSafe = method === 'GET' || key !== undefined;
  const send = (token: string) =>
    sendTimed({ url, init: requestInit(request, { token, key }), isSafe }, options, deadline);
  const token = await unlessAborted(tokens.get(), deadline.signal);
  let response = await send(token);
  if (response.status === 401 && tokens.forget(token)) {
    await response.body?.cancel();
    deadline.pause();
    response = await send(await unlessAborted(tokens.get(), deadline.signal));
  }
  if (!response.ok) throw await readError(response, options);
  return response;
}

function readError(response: Response, { retries }: ConnectionOptions): Promise<RollcallError> {
  const waitMs = readRetryAfter(response, retries.now);
  return readErrorResponse(response, waitMs === null ? undefined : Math.ceil(waitMs / 1000));
}

function requestInit(
  { method = 'GET', body }: ApiRequest,
  { token, key }: { token: string; key: string | undefined },
): RequestInit {
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${token}`,
    ...(key !== undefined && { 'idempotency-key': key }),
  };
  if (body === undefined) return { method, headers };
  return { method, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** For frameworks that cache what `fetch` answers; the types of Node.js do not know the option. */
const UNCACHED: object = { cache: 'no-store' };

interface TimedRequest {
  url: string;
  init: RequestInit;
  /** See `Repeatable`. */
  isSafe: boolean;
}

/** One request, sent again as `retryRequest` says; the deadline does not run between two tries. */
function sendTimed(
  { url, init, isSafe }: TimedRequest,
  { fetch, retries }: ConnectionOptions,
  deadline: RequestDeadline,
): Promise<Response> {
  const { signal } = deadline;
  const attempt = () => {
    deadline.restart();
    // No redirect is followed: credentials go to the configured server only.
    return fetch(url, { ...init, ...UNCACHED, signal, redirect: 'manual' });
  };
  const wait: RetryPolicy['sleep'] = (milliseconds, signal) => {
    deadline.pause();
    return retries.sleep(milliseconds, signal);
  };
  return retryRequest(attempt, { signal, isSafe }, { ...retries, sleep: wait });
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw responseInvalid(response.status);
  }
}

async function* readChunks(response: Response, deadline: RequestDeadline): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      deadline.restart();
      const { done, value } = await reader.read();
      // The consumer may take its time with a chunk.
      deadline.pause();
      if (done) return;
      yield value;
    }
  } finally {
    // A stream that failed refuses to be cancelled, and has nothing left to close.
    await reader.cancel().catch(() => undefined);
  }
}

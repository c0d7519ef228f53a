import { cacheAccessToken, fixedToken } from './access-token';
import type { AccessTokenSource, IssuedToken } from './access-token';
import { apiUrl } from './api-url';
import type { Query } from './api-url';
import { openDeadline } from './request-deadline';
import type { RequestDeadline } from './request-deadline';
import { retryWhenAsked } from './retry-when-asked';
import type { RetryPolicy } from './retry-when-asked';
import { readErrorResponse, responseInvalid } from './rollcall-error';

/** A request of the management API. */
export interface ApiRequest {
  /** Default GET. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, built with `apiPath`. */
  path: string;
  query?: Query;
  body?: object;
  signal?: AbortSignal | undefined;
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
    const response = await sendTimed(url, { method: 'POST', headers, body }, options, deadline);
    if (!response.ok) throw await readErrorResponse(response);
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
  const send = (token: string) => sendTimed(url, requestInit(request, token), options, deadline);
  const token = await tokens.get();
  let response = await send(token);
  if (response.status === 401 && tokens.forget(token)) {
    await response.body?.cancel();
    deadline.pause();
    response = await send(await tokens.get());
  }
  if (!response.ok) throw await readErrorResponse(response);
  return response;
}

function requestInit({ method = 'GET', body }: ApiRequest, token: string): RequestInit {
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
  if (body === undefined) return { method, headers };
  return { method, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** For frameworks that cache what `fetch` answers; the types of Node.js do not know the option. */
const UNCACHED: object = { cache: 'no-store' };

/** One request, sent again as `retryWhenAsked` says; the deadline does not run while the server's own wait does. */
function sendTimed(
  url: string,
  init: RequestInit,
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
  return retryWhenAsked(attempt, { ...retries, sleep: wait }, signal);
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

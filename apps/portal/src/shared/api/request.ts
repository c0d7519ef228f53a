import { AnswerMemory } from './answer-memory';
import { PortalError, toOutcome, toPortalError } from './portal-error';
import { readSurface } from './surface';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestOptions {
  /** Sent as JSON. Unsafe methods send `{}` without one, because the server refuses them without a JSON content type. */
  body?: unknown;
  /** Query parameters; undefined and '' are left out. */
  query?: Record<string, string | number | boolean | undefined>;
  signal?: AbortSignal;
}

const TIMEOUT_MS = 20_000;

const answers = new AnswerMemory();

/**
 * Calls the API of the page's application (`surface.ts`) with the session cookie: in the portal for the organization that the page shows.
 * @returns the parsed JSON body, or undefined for an answer without one.
 * @throws PortalError for every failure but an abort by the caller, which is rethrown.
 */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  const { urlOf, headers } = readSurface();
  try {
    return (await call(method, urlOf(path), { ...options, headers: headers() })) as T;
  } finally {
    // Another session begins, or this one ends.
    if (method !== 'GET' && path === '/session') answers.forgetAll();
  }
}

interface CallOptions extends RequestOptions {
  headers?: Record<string, string>;
}

/** The same for an address of this origin. */
export async function call(method: Method, url: string, options: CallOptions = {}): Promise<unknown> {
  const wasOffline = isOffline();
  try {
    return await exchange(method, url + toQueryString(options.query), options);
  } catch (error) {
    // Without a network nothing has left this browser.
    throw method === 'GET' || (wasOffline && isOffline()) ? error : toOutcome(error);
  }
}

async function exchange(method: Method, url: string, options: CallOptions): Promise<unknown> {
  const known = method === 'GET' ? answers.find(url) : undefined;
  const response = await send(method, url, options, known?.etag);
  if (known && response.status === 304) return known.body;
  const body = await readBody(response, options.signal);
  if (!response.ok) {
    answers.forgetAll();
    throw toPortalError(response.status, body, readRetryAfter(response));
  }
  const etag = response.headers.get('etag');
  if (method === 'GET' && etag !== null) answers.keep(url, { etag, body });
  return body;
}

function isOffline(): boolean {
  return !navigator.onLine;
}

async function send(method: Method, url: string, options: CallOptions, etag?: string): Promise<Response> {
  const { body, signal, headers } = options;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(url, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        accept: 'application/json',
        ...(method !== 'GET' && { 'content-type': 'application/json' }),
        ...headers,
        ...(etag !== undefined && { 'if-none-match': etag }),
      },
      body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    throw toTransportError(error, signal);
  }
}

async function readBody(response: Response, signal?: AbortSignal): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw toTransportError(error, signal);
  }
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw toPortalError(response.status, undefined, readRetryAfter(response));
  }
}

/** Seconds, as our server gives them (RFC 9110, section 10.2.3); a date of another one is not looked at. */
function readRetryAfter({ headers }: Response): number | undefined {
  const seconds = headers.get('retry-after') ?? '';
  return /^\d{1,4}$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}

function toTransportError(error: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return error;
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new PortalError(0, 'timeout', 'The server did not answer in time.');
  }
  return new PortalError(0, 'network', 'The server could not be reached.');
}

function toQueryString(query: RequestOptions['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

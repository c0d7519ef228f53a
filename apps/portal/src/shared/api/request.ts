import { AnswerMemory } from './answer-memory';
import { embeddedHeader } from '../embedding/parent-page';
import { organizationHeader } from './page-organization';
import { PortalError, toOutcome, toPortalError } from './portal-error';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

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
 * Calls the portal's API on this origin with the session cookie, for the organization that the page shows.
 * @returns the parsed JSON body, or undefined for an answer without one.
 * @throws PortalError for every failure but an abort by the caller, which is rethrown.
 */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  const wasOffline = isOffline();
  try {
    return (await exchange(method, `/portal/api${path}${toQueryString(options.query)}`, options)) as T;
  } catch (error) {
    // Without a network nothing has left this browser.
    throw method === 'GET' || (wasOffline && isOffline()) ? error : toOutcome(error);
  } finally {
    // Another session begins, or this one ends.
    if (method !== 'GET' && path === '/session') answers.forgetAll();
  }
}

async function exchange(method: Method, url: string, options: RequestOptions): Promise<unknown> {
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

async function send(method: Method, url: string, options: RequestOptions, etag?: string): Promise<Response> {
  const { body, signal } = options;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(url, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        accept: 'application/json',
        ...(method !== 'GET' && { 'content-type': 'application/json' }),
        ...organizationHeader(),
        ...embeddedHeader(),
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

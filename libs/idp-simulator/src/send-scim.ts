import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';

/** Where to provision to, as an administrator pastes it into the identity provider. */
export interface Connection {
  /** The directory's SCIM endpoint, for example `https://host/scim/<key>/v2`. */
  baseUrl: string;
  token: string;
  /** How the token is sent. `raw` is the header mode of catalogue applications: the pasted text and nothing else. */
  authorization?: 'Bearer' | 'bearer' | 'raw';
}

/** An answer of the application, its body parsed when it is JSON. */
export interface ScimAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Record<string, unknown>;
}

/** One request as it went over the wire. */
export interface SentRequest {
  method: string;
  path: string;
  status: number;
  durationMs: number;
}

export interface ScimRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base URL, with its query already encoded. */
  path: string;
  body?: unknown;
  headers: Record<string, string>;
}

export interface SendOptions {
  connection: Connection;
  /** Waits that many milliseconds. */
  sleep: (milliseconds: number) => Promise<void>;
  onSent?: (sent: SentRequest) => void;
  onThrottled?: (waitSeconds: number) => void;
}

/** An answer that is no success; the text is what the provider shows to its administrator. */
export class ProvisioningError extends Error {
  override readonly name = 'ProvisioningError';

  constructor(
    readonly request: { method: string; path: string },
    readonly status: number,
    reason: string,
  ) {
    super(`${request.method} ${request.path} answered ${status}: ${reason}`);
  }
}

/** Okta's limits: the socket's patience, and how it waits when throttled without a number of seconds. */
const SOCKET_TIMEOUT_MS = 60_000;
const FIRST_BLIND_WAIT_SECONDS = 300;
const THROTTLED_TRIES = 10;

/**
 * Sends one SCIM request the way a provider's connector does: honours 429 (an integer `Retry-After` exactly, otherwise five
 * minutes, doubling, ten tries), gives up on a silent socket after 60 s, and reads only JSON.
 * @returns the answer of any status below 400, and 404
 * @throws ProvisioningError for every other answer, also one that is no JSON
 */
export async function sendScim(request: ScimRequest, options: SendOptions): Promise<ScimAnswer> {
  let blindWait = FIRST_BLIND_WAIT_SECONDS;
  for (let attempt = 1; ; attempt++) {
    const answer = await exchange(request, options);
    if (answer.status !== 429 || attempt === THROTTLED_TRIES) return requireSuccess(request, answer);
    const seconds = readRetryAfter(answer.headers['retry-after']);
    const wait = seconds ?? blindWait;
    if (seconds === null) blindWait *= 2;
    options.onThrottled?.(wait);
    await options.sleep(wait * 1000);
  }
}

function requireSuccess(request: ScimRequest, answer: ScimAnswer): ScimAnswer {
  if (answer.status < 400 || answer.status === 404) return answer;
  const { detail } = answer.body;
  throw new ProvisioningError(request, answer.status, typeof detail === 'string' ? detail : 'no detail in the body');
}

function readRetryAfter(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : null;
}

async function exchange(request: ScimRequest, options: SendOptions): Promise<ScimAnswer> {
  const started = performance.now();
  const raw = await transmit(request, options.connection);
  const { method, path } = request;
  options.onSent?.({ method, path, status: raw.status, durationMs: performance.now() - started });
  const text = await decode(raw.bytes, raw.headers['content-encoding']);
  return { status: raw.status, headers: raw.headers, body: text === '' ? {} : parseJson(request, raw.status, text) };
}

interface RawAnswer {
  status: number;
  headers: ScimAnswer['headers'];
  bytes: Buffer;
}

function transmit(request: ScimRequest, connection: Connection): Promise<RawAnswer> {
  const base = new URL(connection.baseUrl);
  // Not through URL: a trailing `?` or `&` is sent as the provider writes it.
  const path = base.pathname.replace(/\/$/, '') + request.path;
  const payload = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
  const headers: Record<string, string> = { ...request.headers, Authorization: authorize(connection) };
  if (payload) headers['Content-Length'] = String(payload.length);
  const open = base.protocol === 'https:' ? httpsRequest : httpRequest;
  const target = {
    hostname: base.hostname.replaceAll(/[[\]]/g, ''),
    port: base.port,
    path,
    method: request.method,
    headers,
    timeout: SOCKET_TIMEOUT_MS,
  };
  return new Promise((resolve, reject) => {
    const socket = open(target, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) }),
      );
    });
    socket.on('timeout', () => socket.destroy(new Error(`no answer within ${SOCKET_TIMEOUT_MS / 1000} s`)));
    socket.on('error', reject);
    socket.end(payload);
  });
}

function authorize({ token, authorization = 'Bearer' }: Connection): string {
  return authorization === 'raw' ? token : `${authorization} ${token}`;
}

async function decode(bytes: Buffer, encoding: string | string[] | undefined): Promise<string> {
  if (encoding === 'gzip') return (await promisify(gunzip)(bytes)).toString('utf8');
  if (encoding === 'deflate') return (await promisify(inflate)(bytes)).toString('utf8');
  return bytes.toString('utf8');
}

function parseJson(request: ScimRequest, status: number, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Reported below, like any body that is no JSON object.
  }
  throw new ProvisioningError(request, status, `Invalid JSON: ${JSON.stringify(text.slice(0, 40))}`);
}

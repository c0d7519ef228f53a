import type { Agent } from 'undici';
import { EgressError } from './egress-error';
import { readBytes } from './read-bytes';

export interface FetchRequest {
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Stops the request with reason `aborted`. */
  signal?: AbortSignal;
}

/** As much of an answer as a library of ours reads: documents of an identity provider, its keys among them. */
const MAX_BYTES = 1_000_000;

/**
 * Sends one request on a guarded agent, follows no redirect, and gives the answer the form that `fetch` gives it. Throws
 * {@link EgressError} `invalid_response` when it is larger than a megabyte, and what the agent throws.
 */
export async function fetchText(
  agent: Agent,
  url: URL,
  { method, headers, body, signal }: FetchRequest & { signal: AbortSignal },
): Promise<Response> {
  signal.throwIfAborted();
  const path = url.pathname + url.search;
  const answer = await agent.request({
    origin: url.origin,
    path,
    method,
    headers,
    body,
    signal,
  });
  const content = await readBytes(answer.body, MAX_BYTES);
  if (!content) throw new EgressError('invalid_response');
  const given = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
  // A Response of these has no body.
  const isEmpty = [204, 205, 304].includes(answer.statusCode);
  return new Response(isEmpty ? null : content, { status: answer.statusCode, headers: given });
}

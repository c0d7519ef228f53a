import type { Agent } from 'undici';
import { readBytes } from './read-bytes';

export interface GetRequest {
  url: string;
  /** A longer body is not read to its end. */
  maxBytes: number;
  accept: string;
  /** One limit over everything from DNS to the end of the answer; default 15,000 ms. */
  deadlineMs?: number;
}

export interface FetchedBytes {
  status: number;
  /** Null: there was more than `maxBytes`. */
  content: Buffer | null;
}

/** Sends one GET on a guarded agent and reads its answer up to a limit. Throws what the agent throws. */
export async function getBytes(
  agent: Agent,
  url: URL,
  { maxBytes, accept, signal }: GetRequest & { signal: AbortSignal },
): Promise<FetchedBytes> {
  signal.throwIfAborted();
  const { statusCode: status, body } = await agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'GET',
    headers: { accept, 'user-agent': 'Rollcall' },
    signal,
  });
  return { status, content: await readBytes(body, maxBytes) };
}

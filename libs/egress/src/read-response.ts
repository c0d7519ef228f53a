import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';

/** Bytes of a body that are read before the connection is closed. */
export const MAX_READ_BYTES = 65_536;
/** Bytes of a body that are kept. */
export const MAX_KEPT_BYTES = 16_384;

/**
 * The first 16 kB of a body as text. Reads up to 64 kB, so that a usual answer leaves its connection reusable, then
 * destroys the stream. Not valid UTF-8 and NUL (which PostgreSQL's text cannot hold) become U+FFFD.
 */
export async function readResponse(body: Readable): Promise<{ text: string; truncated: boolean }> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  let read = 0;
  // Leaving the loop destroys the stream.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (read < MAX_KEPT_BYTES) text += decoder.write(chunk.subarray(0, MAX_KEPT_BYTES - read));
    read += chunk.length;
    if (read > MAX_READ_BYTES) break;
  }
  // A character cut by our limit is left out; one cut by the sender is shown as broken.
  if (read <= MAX_KEPT_BYTES) text += decoder.end();
  return { text: text.replaceAll('\0', '\uFFFD'), truncated: read > MAX_KEPT_BYTES };
}

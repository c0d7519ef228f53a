import type { Readable } from 'node:stream';

/** The whole of a body; null when it is longer than `maxBytes`: the rest is not read, and the stream is destroyed. */
export async function readBytes(body: Readable, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let read = 0;
  // Leaving the loop destroys the stream.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    read += chunk.length;
    if (read > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

import { Readable } from 'node:stream';

/** A reader that takes nothing for this long is cut. */
const STALL_LIMIT_MS = 60_000;

/**
 * A body that is made while it is read, at most two chunks ahead. It is cut when its reader takes nothing for a while, so that
 * what it holds is free again.
 * @param onEnd called once, when it is over in whatever way
 */
export function streamChunks(
  chunks: AsyncIterable<string>,
  onEnd: () => void,
  stallLimitMs: number = STALL_LIMIT_MS,
): Readable {
  const body = Readable.from(watch(), { highWaterMark: 1 }).once('close', onEnd);
  return body;

  async function* watch() {
    for await (const chunk of chunks) {
      const timer = setTimeout(() => body.destroy(new Error('The reader has stalled.')), stallLimitMs).unref();
      yield chunk;
      clearTimeout(timer);
    }
  }
}

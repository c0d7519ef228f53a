import { Readable } from 'node:stream';

/** What a reader of a long answer must keep up with: for as long as it reads, PostgreSQL cannot clean up. */
export interface Pace {
  /** One that takes nothing for this long is cut off. */
  stallMs: number;
  /** So is one that takes less than this on average, once it has been waited for that long, */
  bytesPerSecond: number;
  /** and one that has not finished by then. */
  totalMs: number;
}

/** A directory of a hundred thousand people, some 200 MB, takes ten minutes at 350 kB/s. */
export const PACE: Pace = { stallMs: 60_000, bytesPerSecond: 50_000, totalMs: 600_000 };

/** Characters handed over at a time, so that what a reader takes is seen while a large chunk lasts. */
const PIECE = 65_536;

export class ReaderTooSlow extends Error {
  override readonly name = 'ReaderTooSlow';
}

/**
 * The body of an answer that is made while it is read, at the reader's speed and two pieces ahead. Fails with `ReaderTooSlow`, and
 * ends the chunks' source, when the reader does not keep the pace. Time in which the source is waited for counts against nobody's
 * speed, and against the time in all.
 * @param onEnd called once, when it is over in whatever way
 */
export function streamAtPace(chunks: AsyncIterable<string>, pace: Pace, onEnd: () => void): Readable {
  // While a reader takes nothing at all nobody asks for the next piece: it has to be ended from outside.
  const source = { chunks, isBegun: false };
  const pieces = cutAtPace(source, pace, (error) => body.destroy(error));
  const body: Readable = Readable.from(pieces, { highWaterMark: 1 });
  return body.once('close', () => void endUnread(source).then(onEnd, onEnd));
}

interface Source {
  chunks: AsyncIterable<string>;
  isBegun: boolean;
}

/** A reader may go before the first piece. A generator that has not begun has nothing to end, though what it was given is open. */
async function endUnread(source: Source): Promise<void> {
  if (source.isBegun) return;
  const iterator = source.chunks[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.return?.();
}

async function* cutAtPace(
  source: Source,
  { stallMs, bytesPerSecond, totalMs }: Pace,
  cut: (error: ReaderTooSlow) => void,
): AsyncGenerator<string> {
  const opened = performance.now();
  let waitedMs = 0;
  let taken = 0;
  source.isBegun = true;
  for await (const chunk of source.chunks) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      const piece = chunk.slice(at, at + PIECE);
      const offered = performance.now();
      const stall = setTimeout(() => cut(new ReaderTooSlow('A reader took nothing any more.')), stallMs);
      try {
        yield piece;
      } finally {
        clearTimeout(stall);
      }
      waitedMs += performance.now() - offered;
      taken += piece.length;
      const isSlow = waitedMs > stallMs && taken < (waitedMs / 1_000) * bytesPerSecond;
      if (isSlow || performance.now() - opened > totalMs) throw new ReaderTooSlow('A reader takes too little.');
    }
  }
}

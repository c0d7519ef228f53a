import { Readable } from 'node:stream';

/** Characters of a piece. */
const PIECE = 64 * 1024;

/** The UTF-8 bytes of a long text, made piece by piece: at once they would be in memory beside it, and again in the socket's buffer. */
export function streamText(text: string): Readable {
  return Readable.from(pieces(text), { objectMode: false });
}

function* pieces(text: string): Generator<string> {
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = start + PIECE;
    // Two surrogates are one character: halves of it have no bytes.
    if (isHighSurrogate(text.charCodeAt(end - 1))) end += 1;
    yield text.slice(start, end);
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** Content codings in which a body may arrive (RFC 9110 §8.4.1). */
export const CODINGS = ['gzip', 'deflate', 'br'] as const;

export type Coding = (typeof CODINGS)[number];

/**
 * The coding that a Content-Encoding names: null for none, undefined for one that is not decoded. Nor is one over another, each of
 * which multiplies what a byte can become.
 */
export function readCoding(contentEncoding = ''): Coding | null | undefined {
  const names = contentEncoding.split(',').map((name) => name.trim().toLowerCase());
  const [name, over] = names.filter((one) => one !== '' && one !== 'identity');
  if (name === undefined) return null;
  if (over !== undefined) return undefined;
  return name === 'x-gzip' ? 'gzip' : CODINGS.find((known) => known === name);
}

/** Its `bytesWritten` counts what it has used of its input. */
export type Decoder = Transform & { readonly bytesWritten: number };

/**
 * A stream that decodes a body. It works as far as it is read; what it holds is bounded by `memoryOfDecoder`, whatever its input becomes.
 * @param first the beginning of the body, which is still to be written
 */
export function createDecoder(coding: Coding, first: Buffer): Decoder {
  if (coding === 'gzip') return createGunzip();
  if (coding === 'br') return createBrotliDecompress();
  // Some leave out the zlib header that "deflate" stands for (RFC 9110 §8.4.1.2); every such header begins with this.
  const hasHeader = (first[0] ?? 0) % 16 === 8;
  return hasHeader ? createInflate() : createInflateRaw();
}

/** What a brotli decoder holds beside its window, for its prefix codes at their most. */
const BROTLI_CODES = 3 * 1024 * 1024;

/**
 * Bytes that a decoder may hold before it has given out one. Those of gzip and deflate are few; brotli fills the window that its first
 * byte names (RFC 7932 §9.1), up to 16 MB of it.
 */
export function memoryOfDecoder(coding: Coding, first: Buffer): number {
  return coding === 'br' ? BROTLI_CODES + 2 ** readWindowBits(first[0] ?? 0) : 0;
}

function readWindowBits(byte: number): number {
  if (byte % 2 === 0) return 16;
  const upper = (byte >> 1) % 8;
  if (upper > 0) return 17 + upper;
  const lower = (byte >> 4) % 8;
  return lower === 0 ? 17 : 8 + lower;
}

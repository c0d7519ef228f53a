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
 * A stream that decodes a body. It works as far as it is read; what it holds is bounded, whatever its input becomes.
 * @param first the beginning of the body, which is still to be written
 */
export function createDecoder(coding: Coding, first: Buffer): Decoder {
  if (coding === 'gzip') return createGunzip();
  if (coding === 'br') return createBrotliDecompress();
  // Some leave out the zlib header that "deflate" stands for (RFC 9110 §8.4.1.2); every such header begins with this.
  const hasHeader = (first[0] ?? 0) % 16 === 8;
  return hasHeader ? createInflate() : createInflateRaw();
}

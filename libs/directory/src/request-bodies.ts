import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** The bodies of a pack as they are stored, in one of two ways; both null: they are not kept. */
export interface StoredBodies {
  /** JSON array of `[request, answer]` each, in the order of the pack's entries. */
  bodies: string | null;
  /** The same, deflated (RFC 1951). */
  deflatedBodies: Buffer | null;
}

/**
 * Bytes from which bodies are deflated. Those of one directory resemble each other: of a full pack a fifteenth is left, and to write
 * down the rest would take longer than to deflate it. To begin with it takes as long as some requests' bodies, though.
 */
const DEFLATED_FROM = 4_096;

/** The bodies of a pack, a JSON array in UTF-8, as they are stored. */
export function packBodies(json: Buffer): StoredBodies {
  if (json.length < DEFLATED_FROM) return { bodies: json.toString(), deflatedBodies: null };
  return { bodies: null, deflatedBodies: deflateRawSync(json, { level: 1 }) };
}

/** The bodies of a pack as JSON values, in the order of its entries; null when they are not kept. */
export function unpackBodies({ bodies, deflatedBodies }: StoredBodies): [request: unknown, answer: unknown][] | null {
  const json = deflatedBodies ? inflateRawSync(deflatedBodies).toString() : bodies;
  return json === null ? null : (JSON.parse(json) as [unknown, unknown][]);
}

import { createHash } from 'node:crypto';

/** Entra's query strings are form-encoded: a space is a plus sign. */
export function encodeFilter(filter: string): string {
  return encodeURIComponent(filter).replaceAll('%20', '+');
}

/** A stable id in Entra's form for an id of the scenario. */
export function toGuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

import type { JsonValue } from '../json';

/** Characters that cost as much to compare or to copy as a value does. */
const CHARACTERS = 64;

/** What it costs to look at a value once: one for it and each value within, and one for every 64 characters of text. */
export function weighValue(value: JsonValue | undefined): number {
  if (typeof value === 'string') return 1 + Math.floor(value.length / CHARACTERS);
  if (typeof value !== 'object' || value === null) return 1;
  const parts = Array.isArray(value) ? value : Object.values(value);
  return parts.reduce<number>((weight, part) => weight + weighValue(part), 1);
}

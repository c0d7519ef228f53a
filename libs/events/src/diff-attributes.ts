import type { GroupData, PreviousAttributes, UserData } from '@rollcall/contract';
import { jsonEquals } from '@rollcall/scim';

/**
 * Compares an object with what was published of it.
 * @returns null when nothing changed; else the whole old value of each top-level key that did, `custom_attributes` by
 *   key, null for what was absent. `raw_attributes` is never in it: a change of that alone gives `{}`.
 */
export function diffAttributes<Data extends UserData | GroupData>(
  before: Data,
  after: Data,
): PreviousAttributes | null {
  const old: Readonly<Record<string, unknown>> = { ...before };
  const changed = Object.entries(after).filter(([key, value]) => !jsonEquals(old[key], value));
  if (changed.length === 0) return null;
  return Object.fromEntries(
    changed
      .filter(([key]) => key !== 'raw_attributes')
      .map(([key, value]) => [
        key,
        key === 'custom_attributes' ? diffByKey(asObject(old[key]), asObject(value)) : (old[key] ?? null),
      ]),
  );
}

function diffByKey(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>) {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries(
    [...keys].filter((key) => !jsonEquals(own(before, key), own(after, key))).map((key) => [key, own(before, key)]),
  );
}

function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : null;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

import { isDeepStrictEqual } from 'node:util';
import type { AuditChanges } from '@rollcall/contract';

/** Fields of an object as the API names them. */
export type Fields = Readonly<Record<string, unknown>>;

/** What differs between an object as it was and as it is, by field; what was absent or unset is null. */
export function findChanges(before: Fields, after: Fields): AuditChanges {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changes: Record<string, { from: unknown; to: unknown }> = {};
  for (const name of names) {
    const [from, to] = [before[name] ?? null, after[name] ?? null];
    if (!isDeepStrictEqual(from, to)) changes[name] = { from, to };
  }
  return changes;
}

/** Whether there is anything in them. */
export function isChanged(changes: AuditChanges): boolean {
  return Object.keys(changes).length > 0;
}

import { isDeepStrictEqual } from 'node:util';

type Resource = Record<string, unknown>;

/** One operation of a PatchOp message, its path as RFC 7644 section 3.5.2 writes it. */
export interface Operation {
  op: 'add' | 'replace' | 'remove';
  path: string;
  value?: unknown;
}

/**
 * The operations that turn one representation of a resource into another: one for each attribute, sub-attribute of a complex
 * attribute and attribute of an extension. Values of multi-valued attributes are replaced as a whole.
 */
export function diffRepresentation(current: Resource, desired: Resource): Operation[] {
  return namesOf(current, desired)
    .filter((name) => name !== 'schemas')
    .flatMap((name) => {
      const [before, after] = [current[name], desired[name]];
      if (name.startsWith('urn:')) return diffParts(`${name}:`, before, after);
      return name === 'name' ? diffParts('name.', before, after) : compare(name, before, after);
    });
}

function diffParts(prefix: string, current: unknown, desired: unknown): Operation[] {
  const [before, after] = [(current ?? {}) as Resource, (desired ?? {}) as Resource];
  return namesOf(before, after).flatMap((name) => compare(prefix + name, before[name], after[name]));
}

function compare(path: string, before: unknown, after: unknown): Operation[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (after === undefined) return [{ op: 'remove', path }];
  return [{ op: before === undefined ? 'add' : 'replace', path, value: after }];
}

function namesOf(one: Resource, other: Resource): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

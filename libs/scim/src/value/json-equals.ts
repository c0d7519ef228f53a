/**
 * Whether two JSON values are the same, exactly as they are stored: the order of keys does not count, which PostgreSQL's
 * jsonb does not keep; the order of array elements does, and so does the case of text. Whether two values of a
 * multi-valued attribute are the same one for SCIM, which folds case, is `identityKey`'s question.
 */
export function jsonEquals(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((value, index) => jsonEquals(value, b[index]));
  }
  if (Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && jsonEquals(a[key], b[key]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

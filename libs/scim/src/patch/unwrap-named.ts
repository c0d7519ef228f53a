import { isJsonObject } from '../json';
import type { JsonValue } from '../json';
import type { AttributePath } from '../schema/schema';
import type { PatchOperation } from './parse-patch-request';

/**
 * The value meant when it came in an object under the name of the attribute at which the path aims already, as in
 * `{"path": "members", "value": {"members": […]}}`. Nothing else can be meant: the attribute has no part of its own name.
 */
export function unwrapNamed(
  path: AttributePath,
  value: JsonValue | undefined,
  op: PatchOperation['op'],
): JsonValue | undefined {
  const target = path.subAttribute === null ? path.definition : path.subDefinition;
  const object = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (target === undefined || !isJsonObject(object)) return value;
  const [name = '', ...others] = Object.keys(object);
  const isNamed = others.length === 0 && name.toLowerCase() === target.name.toLowerCase();
  const held = object[name] ?? null;
  // Nothing is listed there to be removed; without a value everything would be.
  if (op === 'remove' && held === null) return value;
  return isNamed && !target.subAttributes.has(name.toLowerCase()) ? held : value;
}

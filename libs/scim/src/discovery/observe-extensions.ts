import { isJsonObject } from '../json';
import type { JsonObject, JsonValue, ScimResource } from '../json';
import type { CompiledSchema, ResourceType } from '../schema/schema';

/** The types that can be told from a JSON value (RFC 7643 §2.3). */
export type ObservedType = 'string' | 'boolean' | 'integer' | 'decimal' | 'complex';

/** An attribute of an extension that no schema describes, as values of it have arrived. */
export interface ObservedAttribute {
  /** The resource type's name. */
  resourceType: string;
  /** The URN of the extension's container, as it arrived. */
  schema: string;
  /** The attribute's name, or `attribute.subAttribute`. */
  path: string;
  /** Every type seen, each once. */
  types: ObservedType[];
  /** Whether a list of values was seen. */
  multiValued: boolean;
}

/** More attributes of one resource are not looked at. */
const OBSERVED_MAX = 500;
const URN_LENGTH_MAX = 512;
const NAME_LENGTH_MAX = 128;

/**
 * The attributes in the extension containers of a canonical resource that its schemas do not describe. Left out is what a
 * schema could not list: names that are no attribute names, values inside sub-attributes, and containers with a URN of the
 * protocol's messages or without one.
 */
export function observeExtensions(resource: ScimResource, resourceType: ResourceType): ObservedAttribute[] {
  const observed = new Map<string, ObservedAttribute>();
  for (const urn of Object.keys(resource)) {
    const container = urn.includes(':') ? resource[urn] : undefined;
    if (!isJsonObject(container) || !isExtensionUrn(urn)) continue;
    const known = resourceType.schemas.get(urn.toLowerCase());
    const see: See = (path, type, multiValued) => {
      const key = `${urn} ${path}`;
      const attribute = observed.get(key) ?? {
        resourceType: resourceType.name,
        schema: urn,
        path,
        types: [],
        multiValued,
      };
      if (!attribute.types.includes(type)) attribute.types.push(type);
      attribute.multiValued ||= multiValued;
      if (observed.size < OBSERVED_MAX) observed.set(key, attribute);
    };
    if (known !== resourceType.core) observeContainer(container, known, see);
  }
  return [...observed.values()];
}

type See = (path: string, type: ObservedType, multiValued: boolean) => void;

function isExtensionUrn(urn: string): boolean {
  return urn.length <= URN_LENGTH_MAX && /^[a-z][a-z\d+.-]*:[^\s"\\]+$/i.test(urn) && !urn.includes(':scim:api:');
}

function observeContainer(container: JsonObject, known: CompiledSchema | undefined, see: See): void {
  for (const name of Object.keys(container)) {
    if (!isAttributeName(name) || known?.attributes.has(name.toLowerCase())) continue;
    observeValue(name, container[name] ?? null, see);
  }
}

/** RFC 7643 §2.1; `$ref` is the one name that starts with a sign. */
function isAttributeName(name: string): boolean {
  return name.length <= NAME_LENGTH_MAX && /^(\$ref|[A-Za-z][\w$-]*)$/.test(name);
}

function observeValue(path: string, held: JsonValue, see: See): void {
  const multiValued = Array.isArray(held);
  for (const value of Array.isArray(held) ? held : [held]) {
    const type = typeOf(value);
    if (type === undefined) continue;
    see(path, type, multiValued);
    if (!isJsonObject(value)) continue;
    for (const part of Object.keys(value)) {
      const inner = value[part] ?? null;
      const partType = typeOf(Array.isArray(inner) ? (inner[0] ?? null) : inner);
      // RFC 7643 §2.3.8: a sub-attribute is never complex.
      if (partType !== undefined && partType !== 'complex' && isAttributeName(part)) {
        see(`${path}.${part}`, partType, Array.isArray(inner));
      }
    }
  }
}

function typeOf(value: JsonValue): ObservedType | undefined {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'decimal';
    default:
      return isJsonObject(value) ? 'complex' : undefined;
  }
}

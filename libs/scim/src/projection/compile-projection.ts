import { isJsonObject } from '../json';
import type { JsonObject, JsonValue, ScimResource } from '../json';
import { resolveAttributePath } from '../path/resolve-attribute-path';
import type { Attribute, AttributePath, ResourceType } from '../schema/schema';
import { ScimError } from '../scim-error';
import type { Projection } from './parse-projection';

/** Leaves of a rendered resource what an answer shows. */
export type Projector = (resource: ScimResource) => ScimResource;

/**
 * Compiles a projection, once for all resources of an answer: each keeps the attributes that were asked for (RFC 7644 §3.9,
 * RFC 7643 §7 "returned"): `always` stays whatever is asked, `never` goes, `request` needs to be named, the rest follows the
 * projection. Names may be qualified and in any case; unknown ones have no effect.
 */
export function compileProjection(projection: Projection, resourceType: ResourceType): Projector {
  const selection = select(projection, resourceType);
  return (resource) => projectResource(resource, selection, resourceType);
}

function projectResource(resource: ScimResource, selection: Selection, resourceType: ResourceType): ScimResource {
  const projected: ScimResource = {};
  for (const key of Object.keys(resource)) {
    const value = resource[key] ?? null;
    const container = key.includes(':') && isJsonObject(value);
    const kept = container
      ? projectContainer(value, key, resourceType.schemas.get(key.toLowerCase())?.attributes, selection)
      : projectAttribute(value, key, '', resourceType.core.attributes, selection);
    if (kept !== undefined) projected[key] = kept;
  }
  return projected;
}

/** What a projection says about paths, which are keyed `container:attribute.sub` in lower case. */
interface Selection {
  /** True = only what is listed; false = all but what is listed. */
  only: boolean;
  named: ReadonlySet<string>;
  /** The attributes and containers of which only a part is named. */
  parents: ReadonlySet<string>;
}

function select({ attributes, excludedAttributes }: Projection, resourceType: ResourceType): Selection {
  const named = new Set<string>();
  const parents = new Set<string>();
  for (const text of attributes ?? excludedAttributes ?? []) addName(named, parents, text, resourceType);
  return { only: attributes !== undefined, named, parents };
}

function addName(named: Set<string>, parents: Set<string>, text: string, resourceType: ResourceType): void {
  const path = resolveOrIgnore(text, resourceType);
  if (path === undefined) return;
  if (path.implied) named.add(keyOf({ ...path, container: null }));
  named.add(keyOf(path));
  if (path.container !== null && path.attribute !== null) parents.add(keyOf({ ...path, attribute: null }));
  if (path.subAttribute !== null) parents.add(keyOf({ ...path, subAttribute: null }));
}

function resolveOrIgnore(text: string, resourceType: ResourceType): AttributePath | undefined {
  try {
    return resolveAttributePath(resourceType, text);
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

function keyOf({ container, attribute, subAttribute }: AttributePath): string {
  if (attribute === null) return (container ?? '').toLowerCase();
  const key = `${container === null ? '' : `${container}:`}${attribute}${subAttribute === null ? '' : `.${subAttribute}`}`;
  return key.toLowerCase();
}

function projectContainer(
  value: JsonObject,
  urn: string,
  attributes: ReadonlyMap<string, Attribute> | undefined,
  selection: Selection,
): JsonValue | undefined {
  const key = urn.toLowerCase();
  const whole = selection.named.has(key);
  if (whole && !selection.only) return undefined;
  const inner = whole ? { ...selection, only: false, named: new Set<string>() } : selection;
  const projected: JsonObject = {};
  for (const name of Object.keys(value)) {
    const kept = projectAttribute(value[name] ?? null, name, `${key}:`, attributes, inner);
    if (kept !== undefined) projected[name] = kept;
  }
  return Object.keys(projected).length === 0 ? undefined : projected;
}

function projectAttribute(
  value: JsonValue,
  name: string,
  prefix: string,
  attributes: ReadonlyMap<string, Attribute> | undefined,
  selection: Selection,
): JsonValue | undefined {
  const attribute = attributes?.get(name.toLowerCase());
  const key = prefix + name.toLowerCase();
  const named = selection.named.has(key);
  const parent = selection.parents.has(key);
  if (!isKept(attribute, named, parent, selection.only)) return undefined;
  if (attribute !== undefined ? attribute.type !== 'complex' : !parent) return value;
  if (!selection.only && !parent && attribute?.hasHiddenParts !== true) return value;
  const whole = attribute?.returned === 'always' || (selection.only && named);
  const inner = whole ? { ...selection, only: false, named: new Set<string>() } : selection;
  return projectParts(value, (part) => projectPart(part, key, attribute, inner));
}

function projectPart(part: string, key: string, attribute: Attribute | undefined, selection: Selection): boolean {
  const definition = attribute?.subAttributes.get(part.toLowerCase());
  return isKept(definition, selection.named.has(`${key}.${part.toLowerCase()}`), false, selection.only);
}

function isKept(attribute: Attribute | undefined, named: boolean, parent: boolean, only: boolean): boolean {
  switch (attribute?.returned) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'request':
      return only && (named || parent);
    default:
      return only ? named || parent : !named;
  }
}

function projectParts(value: JsonValue, isKeptPart: (name: string) => boolean): JsonValue | undefined {
  if (Array.isArray(value)) {
    const values = value.flatMap((element) => projectParts(element, isKeptPart) ?? []);
    return values.length === 0 ? undefined : values;
  }
  if (!isJsonObject(value)) return isKeptPart('value') ? value : undefined;
  const names = Object.keys(value);
  const kept = names.filter(isKeptPart);
  if (kept.length === names.length) return value;
  return kept.length === 0 ? undefined : Object.fromEntries(kept.map((name) => [name, value[name] ?? null]));
}

/** Whether an answer with this projection can hold an attribute, so that it need not be loaded when it cannot. */
export function needsAttribute(projection: Projection, name: string, resourceType: ResourceType): boolean {
  const { only, named, parents } = select(projection, resourceType);
  const path = resolveAttributePath(resourceType, name);
  const key = keyOf(path);
  return isKept(path.definition, named.has(key), parents.has(key), only);
}

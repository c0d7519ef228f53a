import { findOwnKey, getOwn, isJsonObject, isUnsafeKey } from '../json';
import type { JsonObject, JsonValue } from '../json';
import type { AttributePath, CompiledSchema, ResourceType } from '../schema/schema';
import { invalidPath } from '../scim-error';
import { assertStorableText } from '../value/assert-storable-text';

/** Longer attribute paths are refused: no schema has one. */
const PATH_LENGTH_MAX = 1024;

/**
 * Finds where an attribute path points (RFC 7644 §3.10): `userName`, `name.givenName`, `urn:…:User:name.givenName`,
 * a whole container `urn:…:User`, or an attribute that no schema knows.
 *
 * Names and URNs are compared without regard to case; of the known URNs the longest prefix wins; a bare name is looked
 * for in the core schema, then in the extensions. In an unknown URN the attribute follows the last colon, unless the
 * URN ends like a schema's (`…:2.0:User`), which names the container itself. A dot may stand for the colon behind a URN.
 * @throws ScimError 400 invalidPath when the text is no attribute path.
 */
export function resolveAttributePath(resourceType: ResourceType, text: string): AttributePath {
  return resourceType.paths.get(text.toLowerCase()) ?? resolveUnknownPath(resourceType, text);
}

function resolveUnknownPath(resourceType: ResourceType, text: string): AttributePath {
  if (text.length > PATH_LENGTH_MAX) {
    throw invalidPath(`An attribute path is longer than ${PATH_LENGTH_MAX} characters. Send a shorter one.`);
  }
  assertStorableText(text, () =>
    invalidPath('An attribute path holds the character U+0000 or half a surrogate pair. Send it without.'),
  );
  const colon = text.lastIndexOf(':');
  if (colon < 0) return resolveBareNames(resourceType, text);
  const urn = longestKnownUrn(resourceType, text.toLowerCase());
  if (urn !== undefined && text[urn.length] === '.') {
    return resolveAttributePath(resourceType, `${urn}:${text.slice(urn.length + 1)}`);
  }
  if (urn !== undefined) {
    const schema = resourceType.schemas.get(urn) ?? resourceType.core;
    return resolveNames(schema, schema === resourceType.core ? null : schema.id, text.slice(urn.length + 1));
  }
  if (endsLikeSchemaUrn(text)) return unknownPath(text, null, null);
  const [, container, names] = DOTTED_URN.exec(text) ?? [];
  if (container !== undefined && names !== undefined) return resolveNames(undefined, container, names);
  return resolveNames(undefined, text.slice(0, colon), text.slice(colon + 1));
}

/** Names without a URN: of the core schema, or of the extension whose attribute the first of them is. */
function resolveBareNames(resourceType: ResourceType, text: string): AttributePath {
  const container = resourceType.paths.get((text.split('.', 1)[0] ?? '').toLowerCase())?.container ?? null;
  const extension = container === null ? undefined : resourceType.schemas.get(container.toLowerCase());
  return extension ? resolveNames(extension, container, text) : resolveNames(resourceType.core, null, text);
}

/**
 * The longest URN of the type's schemas with which a path begins, of a text in lower case. A dot behind it counts where a name
 * follows.
 */
export function longestKnownUrn(resourceType: ResourceType, text: string): string | undefined {
  let longest: string | undefined;
  for (const urn of resourceType.schemas.keys()) {
    const isFollowed = text[urn.length] === ':' || /^\.[a-z_$]/.test(text.slice(urn.length, urn.length + 2));
    if (isFollowed && text.startsWith(urn) && urn.length > (longest?.length ?? 0)) longest = urn;
  }
  return longest;
}

/** A URN that ends like a schema's, and what follows its dot. */
const DOTTED_URN = /^(.*:\d+(?:\.\d+)*:[A-Za-z]\w*)\.(.+)$/;

/** Whether a URN ends with a version and a name, as every schema URN of RFC 7643 does: `…:2.0:User`. */
function endsLikeSchemaUrn(text: string): boolean {
  return /:\d+(\.\d+)*:[A-Za-z]\w*$/.test(text);
}

function resolveNames(schema: CompiledSchema | undefined, container: string | null, text: string): AttributePath {
  const [attribute = '', subAttribute, ...rest] = text.split('.');
  if (rest.length > 0) {
    throw invalidPath(
      `The attribute path "${text}" has more than one sub-attribute. Name one attribute and one sub-attribute.`,
    );
  }
  assertAttributeName(attribute, text);
  if (subAttribute !== undefined) assertAttributeName(subAttribute, text);
  const definition = schema?.attributes.get(attribute.toLowerCase());
  if (subAttribute !== undefined && definition !== undefined && definition.type !== 'complex') {
    throw invalidPath(`The attribute ${definition.label} has no sub-attributes. Use the path "${definition.label}".`);
  }
  return {
    ...unknownPath(container, definition?.name ?? attribute, subAttribute ?? null),
    definition,
  };
}

function unknownPath(container: string | null, attribute: string | null, subAttribute: string | null): AttributePath {
  return { container, attribute, subAttribute, definition: undefined, subDefinition: undefined, implied: false };
}

/**
 * Refuses what is no attribute name (RFC 7643 §2.1) and the names that reach an object's prototype.
 * @throws ScimError 400 invalidPath.
 */
export function assertAttributeName(name: string, text: string): void {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) {
    throw invalidPath(
      `"${text}" is no attribute path. Write an attribute name, such as "userName" or "name.givenName".`,
    );
  }
  if (isUnsafeKey(name)) throw invalidPath(`"${name}" is reserved and cannot be an attribute. Rename the attribute.`);
}

/** What a resource holds at a path, sub-attribute left aside; undefined when unassigned. */
export function readPath(resource: JsonObject, path: AttributePath): JsonValue | undefined {
  const holder = readContainer(resource, path);
  if (holder === undefined || path.attribute === null) return holder;
  return readName(holder, path.attribute, path.definition !== undefined);
}

function readContainer(resource: JsonObject, path: AttributePath): JsonObject | undefined {
  if (path.container === null || holdsImplied(resource, path)) return resource;
  const container = readName(resource, path.container, path.definition !== undefined);
  return isJsonObject(container) ? container : undefined;
}

/** Whether a path without URN, which only an extension knows, means an attribute that the resource has at its top level. */
export function holdsImplied(resource: JsonObject, path: AttributePath): boolean {
  return path.implied && path.attribute !== null && findOwnKey(resource, path.attribute) !== undefined;
}

/** A value by name: known names are in schema case already, others are searched without regard to case. */
export function readName(object: JsonObject, name: string, known: boolean): JsonValue | undefined {
  const value = getOwn(object, name);
  if (value !== undefined || known) return value;
  const key = findOwnKey(object, name);
  return key === undefined ? undefined : object[key];
}

/** A sub-attribute of one value; a bare value is addressed as `value`. */
export function readSubAttribute(value: JsonValue, name: string, known: boolean): JsonValue | undefined {
  if (isJsonObject(value)) return readName(value, name, known);
  return name.toLowerCase() === 'value' ? value : undefined;
}

import { matchesValue } from '../filter/evaluate-filter';
import type { ResolvedFilter } from '../filter/filter';
import type { JsonObject, JsonValue } from '../json';
import { parsePatchTarget } from '../patch/parse-patch-target';
import type { AttributePath, ResourceType } from '../schema/schema';
import { ScimError, invalidPath } from '../scim-error';
import { readPath, readSubAttribute } from './resolve-attribute-path';

/** Reads what a stored resource holds at one path; undefined when there is nothing. */
export type PathReader = (resource: JsonObject) => JsonValue | undefined;

/**
 * Compiles a path (the PATH rule of RFC 7644 §3.5.2) to its reader: `title`, `name.givenName`,
 * `emails[type eq "work"].value`, `urn:…:User:department`, or the URN of an extension for its whole container. The path
 * means what it means as the path of a PATCH operation.
 *
 * A path through a multi-valued attribute gives the list of values; with a filter, the first value that matches.
 * @throws ScimError 400 invalidPath or invalidFilter for a text that is no path of a stored attribute; 403 sensitive for
 * an attribute that is never disclosed.
 */
export function compilePath(resourceType: ResourceType, text: string): PathReader {
  const trimmed = text.trim();
  const { path, filter } = parsePatchTarget(resourceType, trimmed);
  assertReadable(path, trimmed);
  if (filter !== undefined) return (resource) => readSelected(resource, path, filter);
  const other = otherReading(resourceType, path, trimmed);
  if (other === undefined) return (resource) => readWhole(resource, path);
  return (resource) => readWhole(resource, path) ?? readWhole(resource, other);
}

function assertReadable({ container, attribute, definition, subDefinition }: AttributePath, text: string): void {
  if (container === null && attribute === null) {
    throw invalidPath(`"${text}" names the whole resource. Name one of its attributes behind the URN and a colon.`);
  }
  if (definition?.returned === 'never') {
    throw new ScimError(403, 'sensitive', `The attribute ${definition.label} is never disclosed. Name another one.`);
  }
  const isServersOwn = definition?.mutability === 'readOnly' && definition.name !== 'schemas';
  if (isServersOwn || subDefinition?.mutability === 'readOnly') {
    throw invalidPath(
      `The attribute ${(subDefinition ?? definition)?.label} is the server's own and not stored. Name another one.`,
    );
  }
}

function readSelected(resource: JsonObject, path: AttributePath, filter: ResolvedFilter): JsonValue | undefined {
  const held = readPath(resource, path) ?? [];
  const selected = (Array.isArray(held) ? held : [held]).find((value) => matchesValue(filter, value));
  return selected === undefined ? undefined : readPart(selected, path);
}

/**
 * The URN of an extension that no schema describes does not say where it ends: it may be the container, or the container
 * with an attribute behind the last colon, and what stands behind a dot an attribute or a part of one. The resource tells which of
 * them it has.
 */
function otherReading(resourceType: ResourceType, path: AttributePath, text: string): AttributePath | undefined {
  if (path.container === null || resourceType.schemas.has(path.container.toLowerCase())) return undefined;
  const colon = text.lastIndexOf(':');
  const isDotted = path.attribute !== null && text[path.container.length] === '.';
  if (path.attribute !== null && !isDotted) return { ...path, container: text, attribute: null, subAttribute: null };
  const [attribute = '', subAttribute = null, ...rest] = text.slice(colon + 1).split('.');
  return rest.length > 0 ? undefined : { ...path, container: text.slice(0, colon), attribute, subAttribute };
}

function readWhole(resource: JsonObject, path: AttributePath): JsonValue | undefined {
  const held = readPath(resource, path);
  if (!Array.isArray(held) || path.subAttribute === null) return held === undefined ? undefined : readPart(held, path);
  const parts = held.flatMap((value) => readPart(value, path) ?? []);
  return parts.length === 0 ? undefined : parts;
}

function readPart(value: JsonValue, { subAttribute, subDefinition }: AttributePath): JsonValue | undefined {
  return subAttribute === null ? value : readSubAttribute(value, subAttribute, subDefinition !== undefined);
}

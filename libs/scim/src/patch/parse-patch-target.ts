import { parseBrackets, startCursor } from '../filter/parse-filter';
import { peek, readPathText } from '../filter/filter-cursor';
import type { ResolvedFilter } from '../filter/filter';
import { resolveValueFilter } from '../filter/resolve-filter';
import { assertAttributeName, resolveAttributePath } from '../path/resolve-attribute-path';
import type { AttributePath, ResourceType } from '../schema/schema';
import { invalidPath } from '../scim-error';

/** Where a PATCH operation acts. */
export interface PatchTarget {
  path: AttributePath;
  /** Selects among the values of the attribute; undefined = the attribute itself. */
  filter: ResolvedFilter | undefined;
}

const DOT = 46;
const OPEN_BRACKET = 91;

/**
 * Parses the path of a PATCH operation (RFC 7644 §3.5.2, figure 7): an attribute path, or an attribute with a filter in
 * brackets and perhaps a sub-attribute behind it.
 * @throws ScimError 400 invalidPath; 400 invalidFilter for what is wrong inside the brackets.
 */
export function parsePatchTarget(resourceType: ResourceType, text: string): PatchTarget {
  if (!text.includes('[')) return { path: resolveAttributePath(resourceType, text), filter: undefined };
  const cursor = startCursor(text);
  const path = resolveAttributePath(resourceType, readPathText(cursor));
  if (peek(cursor) !== OPEN_BRACKET || path.attribute === null || path.subAttribute !== null) throw malformed(text);
  if (cursor.position === text.length - 1) throw malformed(text);
  const filter = resolveValueFilter(parseBrackets(cursor), path.definition);
  if (cursor.position === text.length) return { path, filter };
  if (peek(cursor) !== DOT) throw malformed(text);
  return { path: withSubAttribute(path, text.slice(cursor.position + 1), text), filter };
}

function withSubAttribute(path: AttributePath, name: string, text: string): AttributePath {
  assertAttributeName(name, text);
  const subDefinition = path.definition?.subAttributes.get(name.toLowerCase());
  if (path.definition !== undefined && path.definition.type !== 'complex') throw malformed(text);
  return { ...path, subAttribute: subDefinition?.name ?? name, subDefinition };
}

function malformed(text: string) {
  return invalidPath(`"${text}" is not a path. Write it as attribute, attribute.sub or attribute[filter].sub.`);
}

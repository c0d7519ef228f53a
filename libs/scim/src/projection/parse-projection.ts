import { readNames } from '../messages/read-query';
import type { QueryParameters } from '../messages/read-query';
import { invalidValue, tooMany } from '../scim-error';

/** Which attributes an answer has (RFC 7644 §3.9): only some, all but some, or by default. Never both lists. */
export interface Projection {
  attributes?: string[];
  excludedAttributes?: string[];
}

/** More names, or longer ones, are refused: a schema has fewer and shorter ones. */
const NAMES_MAX = 100;
const NAME_LENGTH_MAX = 256;

/**
 * Reads `attributes` and `excludedAttributes`, comma-separated or as arrays.
 * @throws ScimError 400 invalidValue when both are given (they exclude each other), tooMany when a list or a name is too long.
 */
export function parseProjection(query: QueryParameters): Projection {
  const attributes = readNames(query, 'attributes');
  const excludedAttributes = readNames(query, 'excludedAttributes');
  if (attributes !== undefined && excludedAttributes !== undefined) {
    throw invalidValue('"attributes" and "excludedAttributes" exclude each other. Send one of them.');
  }
  assertFew(attributes ?? excludedAttributes ?? []);
  if (attributes !== undefined) return { attributes };
  return excludedAttributes === undefined ? {} : { excludedAttributes };
}

function assertFew(names: readonly string[]): void {
  if (names.length > NAMES_MAX) throw tooMany(`The request names more than ${NAMES_MAX} attributes. Name fewer.`);
  if (names.some((name) => name.length > NAME_LENGTH_MAX)) {
    throw tooMany(`The request names an attribute of more than ${NAME_LENGTH_MAX} characters. Send its name.`);
  }
}

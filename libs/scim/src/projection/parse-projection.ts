import { readNames } from '../messages/read-query';
import type { QueryParameters } from '../messages/read-query';
import { invalidValue } from '../scim-error';

/** Which attributes an answer has (RFC 7644 §3.9): only some, all but some, or by default. Never both lists. */
export interface Projection {
  attributes?: string[];
  excludedAttributes?: string[];
}

/** More names than this are refused: no schema has as many. */
const NAMES_MAX = 500;

/**
 * Reads `attributes` and `excludedAttributes`, comma-separated or as arrays.
 * @throws ScimError 400 invalidValue when both are given (they exclude each other) or a list is too long.
 */
export function parseProjection(query: QueryParameters): Projection {
  const attributes = readNames(query, 'attributes');
  const excludedAttributes = readNames(query, 'excludedAttributes');
  if (attributes !== undefined && excludedAttributes !== undefined) {
    throw invalidValue('"attributes" and "excludedAttributes" exclude each other. Send one of them.');
  }
  if ((attributes ?? excludedAttributes ?? []).length > NAMES_MAX) {
    throw invalidValue(`The request names more than ${NAMES_MAX} attributes. Name fewer.`);
  }
  if (attributes !== undefined) return { attributes };
  return excludedAttributes === undefined ? {} : { excludedAttributes };
}

import { isJsonObject } from '../json';
import { invalidSyntax } from '../scim-error';
import { assertMessageSchema } from './assert-message-schema';
import { parseListQuery } from './parse-list-query';
import type { ListQuery } from './parse-list-query';

export const SEARCH_REQUEST_URN = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

/**
 * Reads the body of a `POST …/.search` (RFC 7644 §3.4.3); `attributes` and `excludedAttributes` are arrays there.
 * @throws ScimError 400 invalidSyntax for another message; as `parseListQuery`.
 */
export function parseSearchRequest(body: unknown): ListQuery {
  if (!isJsonObject(body)) throw invalidSyntax('The body is not a JSON object. Send a SearchRequest message.');
  assertMessageSchema(body, SEARCH_REQUEST_URN);
  return parseListQuery(body);
}

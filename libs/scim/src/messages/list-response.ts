import type { JsonObject } from '../json';

export const LIST_RESPONSE_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** The answer to a list or search request (RFC 7644 §3.4.2). */
export interface ListResponse {
  schemas: string[];
  totalResults: number;
  startIndex: number;
  itemsPerPage: number;
  /** Always present, also when empty: Entra's connection test needs it. */
  Resources: JsonObject[];
}

/** Renders one page of resources; `totalResults` counts all matches, `startIndex` is 1-based. */
export function listResponse(page: {
  resources: JsonObject[];
  totalResults: number;
  startIndex: number;
}): ListResponse {
  return {
    schemas: [LIST_RESPONSE_URN],
    totalResults: page.totalResults,
    startIndex: page.startIndex,
    itemsPerPage: page.resources.length,
    Resources: page.resources,
  };
}

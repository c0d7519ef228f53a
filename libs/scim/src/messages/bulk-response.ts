import type { JsonObject } from '../json';

export const BULK_RESPONSE_URN = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

/** What became of one operation of a bulk request. */
export interface BulkOperationResult {
  method: string;
  bulkId?: string | undefined;
  version?: string | undefined;
  /** The URL of the resource; absent only when a POST failed. */
  location?: string | undefined;
  status: number;
  /** The body of the answer; needed when the status is 400 or above. */
  response?: JsonObject | undefined;
}

/** The answer to a bulk request (RFC 7644 §3.7.3), its results in the order given. */
export function bulkResponse(results: readonly BulkOperationResult[]): JsonObject {
  return { schemas: [BULK_RESPONSE_URN], Operations: results.map(renderResult) };
}

function renderResult({ method, bulkId, version, location, status, response }: BulkOperationResult): JsonObject {
  return {
    method,
    ...(bulkId === undefined ? {} : { bulkId }),
    ...(version === undefined ? {} : { version }),
    ...(location === undefined ? {} : { location }),
    status: String(status),
    ...(response === undefined ? {} : { response }),
  };
}

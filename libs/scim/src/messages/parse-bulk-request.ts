import { findOwnKey, isJsonObject } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { ScimError, invalidSyntax, invalidValue } from '../scim-error';
import { assertMessageSchema } from './assert-message-schema';

export const BULK_REQUEST_URN = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
/** Operations in a bulk request at most. */
export const MAX_BULK_OPERATIONS = 1000;
/** Bytes of a bulk request at most; the server measures the body before parsing it. */
export const MAX_BULK_PAYLOAD = 16 * 1024 * 1024;

/** One operation of a bulk request (RFC 7644 §3.7). */
export interface BulkOperation {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base URL, starting with a slash. */
  path: string;
  bulkId?: string;
  version?: string;
  data?: JsonValue;
  /** Set when the operation cannot be carried out as sent: it is answered with this, the others go on. */
  error?: ScimError;
}

export interface BulkRequest {
  /** Stop after this many failed operations; absent = go on to the end. */
  failOnErrors?: number;
  operations: BulkOperation[];
}

/**
 * Reads the body of a bulk request (RFC 7644 §3.7), which may have no operations. What is wrong with one of them is told in its
 * `error`.
 * @throws ScimError 400 invalidSyntax for another message, 413 for too many operations.
 */
export function parseBulkRequest(body: unknown, options: { maxOperations?: number } = {}): BulkRequest {
  if (!isJsonObject(body)) throw invalidSyntax('The body is not a JSON object. Send a BulkRequest message.');
  assertMessageSchema(body, BULK_REQUEST_URN);
  const raw = readMember(body, 'Operations');
  if (!Array.isArray(raw)) throw invalidSyntax('"Operations" is missing. Send an array of operations.');
  const maxOperations = options.maxOperations ?? MAX_BULK_OPERATIONS;
  if (raw.length > maxOperations) {
    throw new ScimError(
      413,
      undefined,
      `The request has more than ${maxOperations} operations. Send several requests.`,
    );
  }
  const failOnErrors = readFailOnErrors(readMember(body, 'failOnErrors'));
  const seen = new Set<string>();
  const operations = raw.map((operation) => readOperation(operation, seen));
  return { ...(failOnErrors === undefined ? {} : { failOnErrors }), operations };
}

function readFailOnErrors(raw: JsonValue | undefined): number | undefined {
  // Zero is how clients write that they name no limit.
  if (raw === undefined || raw === null || raw === 0) return undefined;
  if (typeof raw === 'number' && Number.isSafeInteger(raw) && raw > 0) return raw;
  throw invalidSyntax('"failOnErrors" is not a whole number. Send one, or leave it out.');
}

function readOperation(raw: JsonValue, seen: Set<string>): BulkOperation {
  const operation: BulkOperation = { method: 'POST', path: '' };
  try {
    fillOperation(operation, raw, seen);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    operation.error = error;
  }
  return operation;
}

/** Fills in what can be read before anything is refused, so that an answer can name the operation. */
function fillOperation(operation: BulkOperation, raw: JsonValue, seen: Set<string>): void {
  if (!isJsonObject(raw)) throw invalidSyntax('The operation is not an object. Send {"method", "path", "data"}.');
  const bulkId = readText(raw, 'bulkId');
  if (bulkId !== undefined) operation.bulkId = bulkId;
  operation.method = readMethod(raw);
  operation.path = readPath(raw);
  const version = readText(raw, 'version');
  if (version !== undefined) operation.version = version;
  const data = readMember(raw, 'data');
  if (data !== undefined && data !== null) operation.data = data;
  else if (operation.method !== 'DELETE') throw invalidSyntax(`A ${operation.method} operation needs "data". Send it.`);
  if (bulkId === undefined && operation.method === 'POST') {
    throw invalidValue('A POST operation has no "bulkId". Send one that is unique in the request.');
  }
  if (bulkId === undefined) return;
  if (seen.has(bulkId)) throw invalidValue(`The bulkId "${bulkId}" is used twice. Send a different one per operation.`);
  seen.add(bulkId);
}

function readMethod(raw: JsonObject): BulkOperation['method'] {
  const method = readText(raw, 'method')?.toUpperCase();
  if (method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE') return method;
  throw invalidSyntax('The "method" of the operation is not known. Send POST, PUT, PATCH or DELETE.');
}

function readPath(raw: JsonObject): string {
  const path = readText(raw, 'path');
  if (path?.startsWith('/')) return path;
  throw invalidSyntax('The "path" of the operation does not start with "/". Send it relative to the base URL.');
}

function readText(object: JsonObject, name: string): string | undefined {
  const value = readMember(object, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw invalidSyntax(`The "${name}" of the operation is not text. Send it as text.`);
}

function readMember(object: JsonObject, name: string): JsonValue | undefined {
  const key = findOwnKey(object, name);
  return key === undefined ? undefined : object[key];
}

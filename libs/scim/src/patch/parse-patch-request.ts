import { findOwnKey, isJsonObject } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { assertMessageSchema } from '../messages/assert-message-schema';
import { runAtOnce } from '../run-at-once';
import { invalidSyntax } from '../scim-error';

export const PATCH_OP_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** One operation of a PATCH (RFC 7644 §3.5.2). */
export interface PatchOperation {
  op: 'add' | 'remove' | 'replace';
  /** Absent = the operation is about the resource itself. */
  path?: string;
  /** Absent = not sent, which differs from null. */
  value?: JsonValue;
}

/**
 * Reads the body of a PATCH (RFC 7644 §3.5.2). Names of operations and of the body's members may be in any case (Entra
 * sends `Add`); an empty or null path counts as none, and no operations change nothing.
 * @throws ScimError 400 invalidSyntax.
 */
export function parsePatchRequest(body: unknown): PatchOperation[] {
  return runAtOnce(parsePatchRequestInSteps(body));
}

/** The same, for a caller that lets others go on between the steps. */
export function* parsePatchRequestInSteps(body: unknown): Generator<void, PatchOperation[]> {
  if (!isJsonObject(body)) throw invalidSyntax('The body is not a JSON object. Send a PatchOp message.');
  assertMessageSchema(body, PATCH_OP_URN);
  const operations = readMember(body, 'Operations');
  if (!Array.isArray(operations)) throw invalidSyntax('"Operations" is missing. Send an array of operations.');
  const read: PatchOperation[] = [];
  for (const [index, operation] of operations.entries()) {
    yield;
    read.push(readOperation(operation, index));
  }
  return read;
}

function readOperation(raw: JsonValue, index: number): PatchOperation {
  if (!isJsonObject(raw)) throw invalidSyntax(`Operation ${index + 1} is not an object. Send {"op", "path", "value"}.`);
  const op = readVerb(readMember(raw, 'op'), index);
  const path = readMember(raw, 'path') ?? null;
  if (path !== null && typeof path !== 'string') {
    throw invalidSyntax(`The path of operation ${index + 1} is not text. Send an attribute path, such as "userName".`);
  }
  const value = readMember(raw, 'value');
  return {
    op,
    ...(path === null || path.trim() === '' ? {} : { path: path.trim() }),
    ...(value === undefined ? {} : { value }),
  };
}

function readVerb(raw: JsonValue | undefined, index: number): PatchOperation['op'] {
  const op = typeof raw === 'string' ? raw.toLowerCase() : '';
  if (op === 'add' || op === 'remove' || op === 'replace') return op;
  throw invalidSyntax(`The "op" of operation ${index + 1} is not known. Send "add", "remove" or "replace".`);
}

function readMember(object: JsonObject, name: string): JsonValue | undefined {
  const key = findOwnKey(object, name);
  return key === undefined ? undefined : object[key];
}

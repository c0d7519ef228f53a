import { findOwnKey } from '../json';
import type { JsonObject } from '../json';
import { invalidSyntax } from '../scim-error';

/**
 * Refuses a message whose `schemas` names another one (RFC 7644 §3.4.3, §3.5.2, §3.7). Where it is left out, the endpoint says what
 * the message is, as it does for a resource; null and [] are the same (RFC 7643 §2.5).
 * @throws ScimError 400 invalidSyntax.
 */
export function assertMessageSchema(body: JsonObject, urn: string): void {
  const key = findOwnKey(body, 'schemas');
  const schemas = key === undefined ? undefined : body[key];
  if (schemas === undefined || schemas === null || (Array.isArray(schemas) && schemas.length === 0)) return;
  const named = Array.isArray(schemas) && schemas.some((name) => typeof name === 'string' && isSame(name, urn));
  if (!named) throw invalidSyntax(`"schemas" names another message. Send "schemas": ["${urn}"].`);
}

function isSame(name: string, urn: string): boolean {
  return name === urn || name.toLowerCase() === urn.toLowerCase();
}

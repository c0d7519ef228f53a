import { findOwnKey } from '../json';
import type { JsonObject } from '../json';
import { invalidSyntax } from '../scim-error';

/**
 * Refuses a message whose `schemas` does not name what it is (RFC 7644 §3.4.3, §3.5.2, §3.7).
 * @throws ScimError 400 invalidSyntax.
 */
export function assertMessageSchema(body: JsonObject, urn: string): void {
  const key = findOwnKey(body, 'schemas');
  const schemas = key === undefined ? undefined : body[key];
  const named = Array.isArray(schemas) && schemas.some((name) => typeof name === 'string' && isSame(name, urn));
  if (!named) throw invalidSyntax(`"schemas" does not name the message. Send "schemas": ["${urn}"].`);
}

function isSame(name: string, urn: string): boolean {
  return name === urn || name.toLowerCase() === urn.toLowerCase();
}

/** A value as JSON.parse gives it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object. Read its keys with `getOwn`: a key may be the name of something every object inherits. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/**
 * A SCIM resource in its canonical form, as it is stored: attribute names in schema case, `schemas` = the core URN and
 * the URNs of the extension containers present, nulls and empty arrays absent, unknown attributes and containers as sent.
 */
export type ScimResource = JsonObject;

/** Whether a value is a JSON object (no array, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object's own value under a key, never an inherited one. */
export function getOwn(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/**
 * The key under which an object holds an attribute, compared without regard to case (RFC 7643 §2.1), or undefined.
 * An exact match wins over one in another case.
 */
export function findOwnKey(object: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  const wanted = name.toLowerCase();
  return Object.keys(object).find((key) => key.length === name.length && key.toLowerCase() === wanted);
}

/** Whether a name must never become an object's key: each reaches the prototype of every object. */
export function isUnsafeKey(name: string): boolean {
  return name === '__proto__' || name === 'constructor' || name === 'prototype';
}

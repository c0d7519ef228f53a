import { isJsonObject } from '@rollcall/scim';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A value as text: a string that is not blank, or a number's digits; null for everything else. */
export function readText(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  return typeof value === 'number' ? String(value) : null;
}

/**
 * A text as an address that an application may link to or load: http, https, or one that names no scheme. Null for every other,
 * such as `javascript:`, which would run in a page that puts it into a link; browsers pass over control characters in a scheme.
 */
export function readWebAddress(value: unknown): string | null {
  const text = readText(value);
  // oxlint-disable-next-line no-control-regex -- a browser leaves exactly these characters out (WHATWG URL, 4.4)
  const [, scheme] = /^([a-z][a-z0-9+.-]*):/i.exec(text?.replace(/[\u0000-\u0020]/g, '') ?? '') ?? [];
  return scheme === undefined || /^https?$/i.test(scheme) ? text : null;
}

/** A value as an object; an empty one when it is none. */
export function readObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/**
 * The elements of a multi-valued attribute as objects. Providers also send one element without its array, and plain
 * values where RFC 7643 §2.4 wants `{value}`.
 */
export function readElements(value: unknown): JsonObject[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((item: unknown) => (isJsonObject(item) ? item : { value: item }));
}

/** The element to show where one is wanted: the primary, else the first of the types in their order, else the first. */
export function pickElement(elements: readonly JsonObject[], types: readonly string[]): JsonObject | undefined {
  return (
    elements.find((element) => readFlag(element['primary'])) ??
    types.map((type) => elements.find((element) => hasType(element, type))).find((element) => element !== undefined) ??
    elements[0]
  );
}

/** A boolean, also as the text that some providers send. */
export function readFlag(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}

function hasType(element: JsonObject, type: string): boolean {
  return readText(element['type'])?.toLowerCase() === type;
}

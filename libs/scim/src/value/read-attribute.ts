import { isJsonObject, isUnsafeKey } from '../json';
import type { JsonObject, JsonValue } from '../json';
import type { Attribute } from '../schema/schema';
import { invalidValue } from '../scim-error';
import type { ScimError } from '../scim-error';
import { appendValues } from './append-values';
import { checkText, readUnknown } from './copy-json';
import { keepOnePrimary } from './keep-one-primary';
import { parseBoolean } from './parse-boolean';
import { parseDateTime } from './parse-date-time';
import { printDecimal } from './print-decimal';

/**
 * Reads an attribute's value as a client sent it into canonical form; undefined when it means unassigned (null, [], {}).
 *
 * Tolerates what identity providers send: a single object in place of a list, booleans as strings, numbers for text, and the bare
 * `value` of a complex attribute that has one (Entra's manager, e-mails as texts), which stays bare where the attribute takes that
 * (Okta's roles). Read-only sub-attributes are left out unless they are kept in values, unknown ones kept; of values with the same
 * type and value one is left (RFC 7643 §2.4).
 * @throws ScimError 400 invalidValue for a value of another type.
 */
export function readAttribute(attribute: Attribute, raw: JsonValue): JsonValue | undefined {
  if (raw === null) return undefined;
  if (!attribute.multiValued) return readValue(attribute, raw);
  const values: JsonValue[] = [];
  for (const element of Array.isArray(raw) ? raw : [raw]) {
    const value = element === null ? undefined : readValue(attribute, element);
    if (value !== undefined) values.push(value);
  }
  if (values.length === 0) return undefined;
  const unique = values.length === 1 ? values : appendValues([], values, attribute);
  return attribute.hasPrimary ? keepOnePrimary([], unique) : unique;
}

/** Reads one value: the whole of a single-valued attribute or one element of a multi-valued one. */
export function readValue(attribute: Attribute, raw: JsonValue): JsonValue | undefined {
  if (attribute.type !== 'complex') return readSimple(attribute, raw);
  if (attribute.plainValues && attribute.valueAttribute !== undefined && isBare(raw)) {
    return readSimple(attribute.valueAttribute, raw);
  }
  const value = readComplex(attribute, raw);
  if (value !== undefined) assertRequiredParts(attribute, value);
  return value;
}

/**
 * Reads a complex value without asking for its required sub-attributes: a PATCH may send some only.
 * @throws ScimError 400 invalidValue.
 */
export function readComplex(attribute: Attribute, raw: JsonValue): JsonObject | undefined {
  const { valueAttribute } = attribute;
  if (valueAttribute !== undefined && isBare(raw)) {
    return raw === '' ? undefined : { [valueAttribute.name]: readSimple(valueAttribute, raw) };
  }
  if (!isJsonObject(raw)) throw wrongType(attribute, 'an object with sub-attributes');
  const value: JsonObject = {};
  for (const key of Object.keys(raw)) {
    if (!isUnsafeKey(key)) readPart(attribute, value, key, raw[key] ?? null);
  }
  const emptied = !attribute.multiValued && valueAttribute !== undefined && value[valueAttribute.name] === '';
  return emptied || Object.keys(value).length === 0 ? undefined : value;
}

/** Whether a value can stand for an object of which it is the `value`; true and false say something else. */
function isBare(raw: JsonValue): raw is string | number {
  return typeof raw === 'string' || typeof raw === 'number';
}

function readPart(attribute: Attribute, value: JsonObject, key: string, raw: JsonValue): void {
  const part = attribute.subAttributes.get(key.toLowerCase());
  if (part !== undefined && (isServersOwn(part) || isOutdone(value, part, key))) return;
  const label = `${attribute.label}.${key}`;
  const read = part === undefined ? readUnknown(raw, label) : readAttribute(part, raw);
  if (read !== undefined) value[part?.name ?? checkText(key, attribute.label)] = read;
}

/** Whether nothing that a client sends of a sub-attribute is kept. */
export function isServersOwn({ mutability, keptInValue }: Attribute): boolean {
  return mutability === 'readOnly' && !keptInValue;
}

/** Whether a key is another name of a sub-attribute that came under its own name, too. */
function isOutdone(value: JsonObject, { name }: Attribute, key: string): boolean {
  return key.toLowerCase() !== name.toLowerCase() && Object.hasOwn(value, name);
}

/**
 * Refuses a complex value that lacks a required sub-attribute.
 * @throws ScimError 400 invalidValue.
 */
export function assertRequiredParts(attribute: Attribute, value: JsonObject): void {
  for (const part of attribute.subAttributes.values()) {
    if (part.required && !Object.hasOwn(value, part.name)) {
      throw invalidValue(`${part.label} is required. Send a value for it.`);
    }
  }
}

function readSimple(attribute: Attribute, raw: JsonValue): JsonValue {
  switch (attribute.type) {
    case 'boolean':
      return parseBoolean(raw) ?? refuse(attribute, 'true or false');
    case 'integer':
      return typeof raw === 'number' && Number.isSafeInteger(raw) ? raw : refuse(attribute, 'a whole number');
    case 'decimal':
      return typeof raw === 'number' && Number.isFinite(raw) ? raw : refuse(attribute, 'a number');
    case 'dateTime':
      return typeof raw === 'string' && parseDateTime(raw) !== undefined
        ? raw
        : refuse(attribute, 'a time such as "2026-01-31T08:00:00Z"');
    case 'binary':
      return typeof raw === 'string' && isBase64(raw) ? raw : refuse(attribute, 'base64 text');
    case 'string':
      return readText(attribute, typeof raw === 'number' ? printNumber(attribute, raw) : raw);
    default:
      return readText(attribute, raw);
  }
}

/** The text of a number that was sent in place of one. */
function printNumber(attribute: Attribute, raw: number): string {
  return printDecimal(raw) ?? refuse(attribute, 'a number of so many digits as text, in quotes');
}

function readText(attribute: Attribute, raw: JsonValue): string {
  if (typeof raw !== 'string') return refuse(attribute, 'text');
  if (attribute.required && raw.trim() === '') throw invalidValue(`${attribute.label} is empty. Send a value for it.`);
  return checkText(raw, attribute.label);
}

/** Base64 in the standard or the URL-safe alphabet, line breaks allowed as certificates have them. */
function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/_\-\s]*(=\s*){0,2}$/.test(text);
}

function refuse(attribute: Attribute, expected: string): never {
  throw wrongType(attribute, expected);
}

/** The refusal of a value that is not of its attribute's type; the value itself is not repeated, it may be personal. */
function wrongType(attribute: Attribute, expected: string): ScimError {
  return invalidValue(`${attribute.label} has a value of the wrong type. Send ${expected}.`);
}

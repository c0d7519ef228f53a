import { foldText, isJsonObject } from '@rollcall/scim';
import type { JsonObject, JsonValue } from '@rollcall/scim';
import { isBareId } from '@rollcall/platform';
import { REDACTED, redactAttributePath, redactFilter, storable } from './redact-text';

/** Attributes of a resource whose values stay; everything else that somebody may have typed goes. */
const KEPT = new Set(['id', 'username', 'externalid', 'active', 'displayname']);
/** Numbers of a list (RFC 7644 §3.4.2), of a message. */
const COUNTS = new Set(['totalresults', 'itemsperpage', 'startindex', 'count']);
/** Of `meta` only what this server writes. */
const META =
  /^(?:User|Group|[\d.:TZ+-]{10,40}|W\/"\d+"|https?:\/\/[^/?#@\s]+(?:\/[\w./-]*)?\/(?:Users|Groups)\/[0-9a-z]{26})$/;

/** In whole bodies too no value of an attribute of such a name stays. */
const SECRET = /pass(?:word|wd|phrase)|secret|token|credential|authorization|api_?key|private_?key/i;

const ITEMS_MAX = 50;
const DEPTH_MAX = 8;
const VALUE_MAX = 256;
/** A larger body is kept as its size alone. */
export const BODY_MAX = 16_384;

/** What stands for a body that is not kept because of its size. */
export function omittedBody(bytes: number): string {
  return JSON.stringify({ omitted: true, bytes });
}

/**
 * A message of SCIM as the request log keeps it, as JSON text: its shape, and of its values only those of `schemas`, id, userName,
 * externalId, active and displayName of the resource itself, the ids of members, and operation and path of a PATCH.
 * @param whole keeps all but secrets and the names of a group's members, which are other people's
 */
export function redactBody(body: unknown, whole: boolean): string | null {
  if (body === undefined) return null;
  const redacted = whole ? withoutSecrets(body as JsonValue, 0) : redactMessage(body as JsonValue);
  const text = JSON.stringify(redacted);
  return text.length > BODY_MAX ? omittedBody(text.length) : text;
}

/** The folded userName that a request body is about; null when it names none. */
export function userNameKeyOf(body: unknown): string | null {
  if (!isJsonObject(body)) return null;
  const userName = body['userName'] ?? Object.entries(body).find(([key]) => key.toLowerCase() === 'username')?.[1];
  return typeof userName === 'string' && userName !== '' ? foldText(storable(userName, VALUE_MAX)) : null;
}

function redactMessage(body: JsonValue): JsonValue {
  if (!isJsonObject(body)) return redactValue(body, 0);
  return mapObject(body, (key, value) => {
    const name = key.toLowerCase();
    if (name === 'operations') return mapList(value, redactOperation);
    if (name === 'resources') return mapList(value, redactResource);
    if (name === 'filter') return typeof value === 'string' ? redactFilter(value) : REDACTED;
    return redactAttribute(name, value);
  });
}

/** An operation of a PATCH (RFC 7644 §3.5.2) or of a bulk request (§3.7), of which the data goes. */
function redactOperation(operation: JsonValue): JsonValue {
  if (!isJsonObject(operation)) return redactValue(operation, 0);
  const path = Object.entries(operation).find(([key]) => key.toLowerCase() === 'path')?.[1];
  return mapObject(operation, (key, value) => {
    switch (key.toLowerCase()) {
      case 'op':
        return isText(value, /^(?:add|remove|replace)$/i) ? value : REDACTED;
      case 'method':
        return isText(value, /^(?:POST|PUT|PATCH|DELETE|GET)$/i) ? value : REDACTED;
      case 'path':
        return typeof value === 'string' ? redactOperationPath(value) : REDACTED;
      case 'value':
        return redactOperationValue(path, value);
      default:
        return redactValue(value, 0);
    }
  });
}

function redactOperationPath(path: string): string {
  const [, collection, id = ''] = /^\/(Users|Groups)(?:\/([^/]*))?$/i.exec(path) ?? [];
  if (collection === undefined) return redactAttributePath(path);
  return id === '' || isBareId(id) ? path : `/${collection}/${REDACTED}`;
}

function redactOperationValue(path: JsonValue | undefined, value: JsonValue): JsonValue {
  if (typeof path === 'string') return redactAttribute(path.trim().toLowerCase(), value);
  return isJsonObject(value) ? redactResource(value) : redactValue(value, 0);
}

function redactResource(resource: JsonValue): JsonValue {
  if (!isJsonObject(resource)) return redactValue(resource, 0);
  return mapObject(resource, (key, value) => redactAttribute(key.toLowerCase(), value));
}

/** The value of an attribute of the resource itself. */
function redactAttribute(name: string, value: JsonValue): JsonValue {
  if (KEPT.has(name)) return isScalar(value) ? cut(value) : redactValue(value, 0);
  if (COUNTS.has(name)) return typeof value === 'number' ? value : REDACTED;
  if (name === 'schemas') return mapList(value, (urn) => (isText(urn, /^urn:[\w.:-]{1,200}$/i) ? urn : REDACTED));
  if (name === 'members') return mapList(value, redactMember);
  if (name === 'meta' && isJsonObject(value)) {
    return mapObject(value, (_, part) => (isText(part, META) ? part : redactValue(part, 1)));
  }
  return redactValue(value, 0);
}

function redactMember(member: JsonValue): JsonValue {
  if (typeof member === 'string') return isBareId(member) ? member : REDACTED;
  if (!isJsonObject(member)) return redactValue(member, 1);
  return mapObject(member, (key, value) => {
    const isKept =
      key.toLowerCase() === 'value' ? typeof value === 'string' && isBareId(value) : isText(value, /^(?:User|Group)$/);
    return isKept ? value : redactValue(value, 1);
  });
}

/** The shape of a value: which attributes it has, and not what they say. */
function redactValue(value: JsonValue, depth: number): JsonValue {
  if (value === null) return null;
  if (depth >= DEPTH_MAX) return REDACTED;
  if (Array.isArray(value)) return mapList(value, (item) => redactValue(item, depth + 1));
  if (isJsonObject(value)) return mapObject(value, (_, part) => redactValue(part, depth + 1));
  return REDACTED;
}

function withoutSecrets(value: JsonValue, depth: number, isMember = false): JsonValue {
  if (depth >= DEPTH_MAX) return REDACTED;
  if (Array.isArray(value)) return mapList(value, (item) => withoutSecrets(item, depth + 1, isMember));
  if (!isJsonObject(value)) return typeof value === 'string' ? storable(value, BODY_MAX) : value;
  const path = Object.entries(value).find(([key]) => key.toLowerCase() === 'path')?.[1];
  const pathText = typeof path === 'string' ? path : '';
  return mapObject(value, (key, part) => {
    const name = key.toLowerCase();
    const target = name === 'value' ? pathText : key;
    if (SECRET.test(target)) return REDACTED;
    if (isMember && name !== 'value' && name !== 'type') return REDACTED;
    return withoutSecrets(part, depth + 1, /^members\b/i.test(target));
  });
}

function mapObject(object: JsonObject, map: (key: string, value: JsonValue) => JsonValue): JsonObject {
  const entries = Object.entries(object).slice(0, ITEMS_MAX);
  return Object.fromEntries(entries.map(([key, value]) => [redactKey(key), map(key, value)]));
}

/** Names of attributes are part of the protocol. What cannot be one may be anything. */
function redactKey(key: string): string {
  return /^[\w$.:-]{1,150}$/.test(key) ? key : redactAttributePath(key);
}

function mapList(value: JsonValue, map: (item: JsonValue) => JsonValue): JsonValue {
  if (!Array.isArray(value)) return map(value);
  const items = value.slice(0, ITEMS_MAX).map(map);
  return value.length > ITEMS_MAX ? [...items, `[${value.length - ITEMS_MAX} more]`] : items;
}

function isScalar(value: JsonValue): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null;
}

function cut<T extends JsonValue>(value: T): T | string {
  return typeof value === 'string' ? storable(value, VALUE_MAX) : value;
}

function isText(value: JsonValue, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

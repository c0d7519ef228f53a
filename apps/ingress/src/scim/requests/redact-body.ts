import { foldText, formatETag, isJsonObject } from '@rollcall/scim';
import type { JsonObject, JsonValue, ResourceType, ScimResource } from '@rollcall/scim';
import { isBareId } from '@rollcall/platform';
import { REDACTED, redactAttributePath, redactFilter, storable } from './redact-text';

/** Attributes of a resource whose values stay beside its id; everything else that somebody may have typed goes. */
const KEPT_NAMES = ['userName', 'externalId', 'displayName', 'active'] as const;
const KEPT = new Set(['id', ...KEPT_NAMES.map((name) => name.toLowerCase())]);
/** Numbers of a list (RFC 7644 §3.4.2), of a message. */
const COUNTS = new Set(['totalresults', 'itemsperpage', 'startindex', 'count']);
/** Of `meta` only what this server writes. */
const META =
  /^(?:User|Group|[\d.:TZ+-]{10,40}|W\/"\d+"|https?:\/\/[^/?#@\s]+(?:\/[\w./-]*)?\/(?:Users|Groups)\/[0-9a-z]{26})$/;

/** In whole bodies too no value of an attribute of such a name stays. */
const SECRET = /pass(?:word|wd|phrase)|secret|token|credential|authorization|api_?key|private_?key/i;

const ITEMS_MAX = 50;
/** Resources of a list that are kept, and their values: it is the question that counts. */
const RESOURCES_MAX = 10;
const LISTED = new Set(['schemas', 'meta']);
const DEPTH_MAX = 8;
const VALUE_MAX = 256;
/** Bytes. A larger body is kept as its size alone. */
export const BODY_MAX = 16_384;

/** What stands for a body that is not kept because of its size. */
export function omittedBody(bytes: number): string {
  return JSON.stringify({ omitted: true, bytes });
}

/**
 * A message of SCIM as the request log keeps it, as JSON text: its shape, and of its values only those of `schemas`, id, userName,
 * externalId, active and displayName of the resource itself, the ids of members, and operation and path of a PATCH. It is written
 * piece by piece, which takes a third of the time that another object and its text do.
 * @param whole keeps all but secrets and the names of a group's members, which are other people's; not of a message about many
 * @param bytes how long the body was, which is told of one whose text is too long
 */
export function redactBody(body: unknown, whole: boolean, bytes: number): string | null {
  if (body === undefined) return null;
  const text =
    whole && !isAboutMany(body)
      ? JSON.stringify(withoutSecrets(body as JsonValue, 0))
      : writeMessage(body as JsonValue);
  return Buffer.byteLength(text) > BODY_MAX ? omittedBody(bytes) : text;
}

/**
 * What is kept of the answer to a write, as JSON text: which resource it shows, at which version, and the values that stay. The other
 * attributes are in the request, or were there before it.
 */
export function describeWritten(
  resource: ScimResource,
  { id, version }: { id: string; version: number },
  { name }: Pick<ResourceType, 'name'>,
): string {
  let kept = '';
  for (const key of KEPT_NAMES) {
    const value = resource[key];
    if (value !== undefined && isScalar(value)) kept += `"${key}":${JSON.stringify(cut(value))},`;
  }
  return `{"id":"${id}",${kept}"meta":{"resourceType":"${name}","version":${JSON.stringify(formatETag(version))}}}`;
}

/** The folded userName that a request body is about; null when it names none. */
export function userNameKeyOf(body: unknown): string | null {
  if (!isJsonObject(body)) return null;
  const userName = body['userName'] ?? Object.entries(body).find(([key]) => key.toLowerCase() === 'username')?.[1];
  return typeof userName === 'string' && userName !== '' ? foldText(storable(userName, VALUE_MAX)) : null;
}

/**
 * A list, a search or a bulk request. Its entry in the log belongs to none of the people in it, so it would not be found when one of them
 * is erased: it may name nobody.
 */
function isAboutMany(body: unknown): boolean {
  if (!isJsonObject(body)) return false;
  return Object.entries(body).some(([key, value]) => {
    const name = key.toLowerCase();
    return name === 'resources' || name === 'filter' || (name === 'operations' && hasBulk(value));
  });
}

function hasBulk(operations: JsonValue): boolean {
  const isBulk = (item: JsonValue) =>
    isJsonObject(item) && Object.keys(item).some((key) => /^(?:method|data)$/i.test(key));
  return Array.isArray(operations) ? operations.some(isBulk) : isBulk(operations);
}

/** A value as text; `name` is that of its attribute in lower case. */
type Write = (value: JsonValue, name: string) => string;

const NOT_KEPT = JSON.stringify(REDACTED);

function writeMessage(body: JsonValue): string {
  if (!isJsonObject(body)) return writeShape(body, 0);
  return writeObject(body, (value, name) => {
    if (name === 'operations') return writeList(value, writeOperation);
    if (name === 'resources') return writeList(value, writeListed, RESOURCES_MAX);
    if (name === 'filter') return typeof value === 'string' ? JSON.stringify(redactFilter(value)) : NOT_KEPT;
    return writeAttribute(value, name);
  });
}

/** An operation of a PATCH (RFC 7644 §3.5.2) or of a bulk request (§3.7), of which the data goes. */
function writeOperation(operation: JsonValue): string {
  if (!isJsonObject(operation)) return writeShape(operation, 0);
  const path = operation['path'] ?? Object.entries(operation).find(([key]) => key.toLowerCase() === 'path')?.[1];
  return writeObject(operation, (value, name) => {
    switch (name) {
      case 'op':
        return writeText(value, /^(?:add|remove|replace)$/i);
      case 'method':
        return writeText(value, /^(?:POST|PUT|PATCH|DELETE|GET)$/i);
      case 'bulkid':
        return writeText(value, BULK_ID);
      case 'path':
        return typeof value === 'string' ? JSON.stringify(redactOperationPath(value)) : NOT_KEPT;
      case 'value':
        if (typeof path === 'string') return writeAttribute(value, path.trim().toLowerCase());
        return isJsonObject(value) ? writeResource(value) : writeShape(value, 0);
      default:
        return writeShape(value, 0);
    }
  });
}

/** Some call an operation after the person. */
const BULK_ID = /^(?:\d{1,10}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

function redactOperationPath(path: string): string {
  const [, collection, id = ''] = /^\/(Users|Groups)(?:\/([^/]*))?$/i.exec(path) ?? [];
  if (collection === undefined) return redactAttributePath(path);
  return id === '' || isBareId(id) ? path : `/${collection}/${REDACTED}`;
}

function writeResource(resource: JsonValue): string {
  return isJsonObject(resource) ? writeObject(resource, writeAttribute) : writeShape(resource, 0);
}

/** A resource among others. */
function writeListed(resource: JsonValue): string {
  if (!isJsonObject(resource)) return writeShape(resource, 0);
  return writeObject(resource, (value, name) => {
    if (name === 'id') return typeof value === 'string' && isBareId(value) ? JSON.stringify(value) : NOT_KEPT;
    return LISTED.has(name) ? writeAttribute(value, name) : writeShape(value, 0);
  });
}

/** The value of an attribute of the resource itself. */
function writeAttribute(value: JsonValue, name: string): string {
  if (KEPT.has(name)) return isScalar(value) ? JSON.stringify(cut(value)) : writeShape(value, 0);
  if (COUNTS.has(name)) return typeof value === 'number' ? String(value) : NOT_KEPT;
  if (name === 'schemas') return writeList(value, (urn) => writeText(urn, /^urn:[\w.:-]{1,200}$/i));
  if (name === 'members') return writeList(value, writeMember);
  if (name === 'meta' && isJsonObject(value)) return writeObject(value, (part) => writeText(part, META));
  return writeShape(value, 0);
}

function writeMember(member: JsonValue): string {
  if (typeof member === 'string') return isBareId(member) ? JSON.stringify(member) : NOT_KEPT;
  if (!isJsonObject(member)) return writeShape(member, 1);
  return writeObject(member, (value, name) => {
    if (name === 'value') return typeof value === 'string' && isBareId(value) ? JSON.stringify(value) : NOT_KEPT;
    return name === '$ref' ? writeText(value, META) : writeText(value, /^(?:User|Group)$/);
  });
}

/** The shape of a value: which attributes it has, and not what they say. */
function writeShape(value: JsonValue, depth: number): string {
  if (value === null) return 'null';
  if (typeof value !== 'object' || depth >= DEPTH_MAX) return NOT_KEPT;
  if (Array.isArray(value)) return writeList(value, (item) => writeShape(item, depth + 1));
  return writeObject(value, (part) => writeShape(part, depth + 1));
}

function writeObject(object: JsonObject, write: Write): string {
  let text = '{';
  let count = 0;
  for (const key in object) {
    if (count === ITEMS_MAX) break;
    const { name, first, next } = readKey(key);
    const { label, redacted } = count === 0 ? first : next;
    const written = write(object[key] ?? null, name);
    text += written === NOT_KEPT ? redacted : label + written;
    count += 1;
  }
  return `${text}}`;
}

function writeList(value: JsonValue, write: (item: JsonValue) => string, max: number = ITEMS_MAX): string {
  if (!Array.isArray(value)) return write(value);
  let text = '[';
  let separator = '';
  for (const item of value.length > max ? value.slice(0, max) : value) {
    text += separator + write(item);
    separator = ',';
  }
  return value.length > max ? `${text},"[${value.length - max} more]"]` : `${text}]`;
}

function writeText(value: JsonValue, pattern: RegExp): string {
  return typeof value === 'string' && pattern.test(value) ? JSON.stringify(value) : value === null ? 'null' : NOT_KEPT;
}

/** An attribute's name as it stands in the text, alone and with a value that is not kept, which most are: each piece of a text is an object. */
interface Label {
  label: string;
  redacted: string;
}

interface Key {
  /** In lower case. */
  name: string;
  /** Where it begins an object, and where it follows another. */
  first: Label;
  next: Label;
}

/** Names of attributes that were read before: there are few, and they come again and again. */
const knownKeys = new Map<string, Key>();
const KNOWN_KEYS_MAX = 1_000;

function readKey(key: string): Key {
  const known = knownKeys.get(key);
  if (known) return known;
  const label = `${JSON.stringify(redactKey(key))}:`;
  const read = { name: key.toLowerCase(), first: labelAs(label), next: labelAs(`,${label}`) };
  if (knownKeys.size < KNOWN_KEYS_MAX && key.length <= 150) knownKeys.set(key, read);
  return read;
}

function labelAs(label: string): Label {
  return { label, redacted: label + NOT_KEPT };
}

/** Names of attributes are part of the protocol. What cannot be one may be anything. */
function redactKey(key: string): string {
  return /^[\w$.:-]{1,150}$/.test(key) ? key : redactAttributePath(key);
}

/** What is kept where bodies are kept whole. */
function withoutSecrets(value: JsonValue, depth: number, isMember = false): JsonValue {
  if (depth >= DEPTH_MAX) return REDACTED;
  if (Array.isArray(value)) {
    const items = value.slice(0, ITEMS_MAX).map((item) => withoutSecrets(item, depth + 1, isMember));
    return value.length > ITEMS_MAX ? [...items, `[${value.length - ITEMS_MAX} more]`] : items;
  }
  if (!isJsonObject(value)) return typeof value === 'string' ? storable(value, BODY_MAX) : value;
  const path = Object.entries(value).find(([key]) => key.toLowerCase() === 'path')?.[1];
  const pathText = typeof path === 'string' ? path : '';
  const entries = Object.entries(value).slice(0, ITEMS_MAX);
  return Object.fromEntries(
    entries.map(([key, part]) => [key, withoutSecret(key, part, { depth, isMember, pathText })]),
  );
}

function withoutSecret(
  key: string,
  value: JsonValue,
  { depth, isMember, pathText }: { depth: number; isMember: boolean; pathText: string },
): JsonValue {
  const name = key.toLowerCase();
  const target = name === 'value' ? pathText : key;
  if (SECRET.test(target) || (isMember && name !== 'value' && name !== 'type')) return REDACTED;
  return withoutSecrets(value, depth + 1, /^members\b/i.test(target));
}

function isScalar(value: JsonValue): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null;
}

function cut<T extends JsonValue>(value: T): T | string {
  return typeof value === 'string' ? storable(value, VALUE_MAX) : value;
}

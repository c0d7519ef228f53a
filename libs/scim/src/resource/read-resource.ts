import { isJsonObject, isUnsafeKey } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { runAtOnce } from '../run-at-once';
import type { Attribute, CompiledSchema, ReadResult, ResourceType } from '../schema/schema';
import { invalidSyntax, invalidValue } from '../scim-error';
import { checkText, readUnknown } from '../value/copy-json';
import { readAttribute } from '../value/read-attribute';
import { readMembers } from '../value/read-members';
import { assertRequired } from './assert-required';
import { withSchemas } from './list-schemas';
import { applyPathKeys, isPathKey, isPathWithin } from './path-keys';
import type { PathKey } from './path-keys';

/**
 * Reads the body of a POST or PUT into a canonical resource (RFC 7644 §3.3, §3.5.1; RFC 7643 §2).
 *
 * Read-only attributes are ignored; `schemas` may be missing and may name anything (it is computed from what is there);
 * the core URN used as a container (Okta) is merged over the top level; legacy URNs are read as the schemas they mean;
 * unknown attributes and containers are kept as sent. A key that is a path (`name.givenName`, `urn:…:User:department`) means
 * what it means in a PATCH without path, after the plain keys. A password and the members are handed back apart. Write-only
 * attributes other than `password` are checked and dropped.
 * @throws ScimError 400 invalidSyntax when the body is no object, 400 invalidValue for a missing or mistyped value, 400
 * invalidPath for a key that looks like a path and leads nowhere, 413 for more than 1,000 such keys.
 */
export function readResource(body: unknown, resourceType: ResourceType): ReadResult {
  return runAtOnce(readResourceInSteps(body, resourceType));
}

/** The same, for a caller that lets others go on between the steps: a body may have 100,000 members. */
export function* readResourceInSteps(body: unknown, resourceType: ResourceType): Generator<void, ReadResult> {
  if (!isJsonObject(body)) throw invalidSyntax('The body is not a JSON object. Send the resource as one JSON object.');
  const reading: Reading = { result: { resource: { schemas: [] } }, resourceType, pathKeys: [] };
  const coreContainers: JsonObject[] = [];
  for (const key of Object.keys(body)) {
    const raw = body[key] ?? null;
    const schema = key.includes(':') ? resourceType.schemas.get(key.toLowerCase()) : undefined;
    if (schema === undefined) yield* readTopLevel(reading, key, raw);
    else if (raw === null) continue;
    else if (!isJsonObject(raw)) throw invalidValue(`${schema.id} has a value of the wrong type. Send an object.`);
    else if (schema === resourceType.core) coreContainers.push(raw);
    else readExtension(reading, raw, schema);
  }
  for (const container of coreContainers) {
    for (const key of Object.keys(container)) yield* readTopLevel(reading, key, container[key] ?? null);
  }
  const result = yield* applyPathKeys(reading.result, reading.pathKeys, resourceType);
  assertRequired(result.resource, resourceType);
  return { ...result, resource: withSchemas(result.resource, resourceType) };
}

/** A body that is being read. */
interface Reading {
  result: ReadResult;
  resourceType: ResourceType;
  /** Keys that are paths into what the other keys give. */
  pathKeys: PathKey[];
}

function* readTopLevel({ result, resourceType, pathKeys }: Reading, key: string, raw: JsonValue): Generator<void> {
  if (isUnsafeKey(key)) return;
  if (isPathKey(key, raw, resourceType)) {
    pathKeys.push({ path: key, raw });
    return;
  }
  const attribute = resourceType.core.attributes.get(key.toLowerCase());
  if (attribute?.name === 'schemas') assertSchemas(raw);
  else if (attribute?.name === resourceType.memberAttribute && attribute !== undefined) {
    result.members = yield* readMembers(raw, attribute.label);
  } else if (attribute?.mutability === 'writeOnly') readWriteOnly(result, attribute, raw);
  else assign(result.resource, attribute, key, raw);
}

/** Any URN is accepted: OneLogin and Google name legacy schemas, Entra its own. */
function assertSchemas(raw: JsonValue): void {
  if (raw === null || (Array.isArray(raw) && raw.every((urn) => typeof urn === 'string'))) return;
  throw invalidSyntax('"schemas" is not a list of schema URNs. Send it as an array of strings.');
}

function readWriteOnly(result: ReadResult, attribute: Attribute, raw: JsonValue): void {
  const value = readAttribute(attribute, raw);
  if (attribute.name === 'password' && typeof value === 'string') result.password = value;
}

function readExtension({ result, pathKeys }: Reading, raw: JsonObject, schema: CompiledSchema): void {
  const { resource } = result;
  const earlier = resource[schema.id];
  const container = isJsonObject(earlier) ? earlier : {};
  for (const key of Object.keys(raw)) {
    if (isUnsafeKey(key)) continue;
    if (isPathWithin(key, schema)) pathKeys.push({ path: `${schema.id}:${key}`, raw: raw[key] ?? null });
    else assign(container, schema.attributes.get(key.toLowerCase()), key, raw[key] ?? null);
  }
  if (Object.keys(container).length > 0) resource[schema.id] = container;
}

function assign(holder: JsonObject, attribute: Attribute | undefined, key: string, raw: JsonValue): void {
  if (attribute?.mutability === 'readOnly') return;
  const value = attribute === undefined ? readUnknown(raw, key) : readAttribute(attribute, raw);
  if (value !== undefined) holder[attribute?.name ?? checkText(key, 'an attribute name')] = value;
}

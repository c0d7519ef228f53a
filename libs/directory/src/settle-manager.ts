import { isBareId } from '@rollcall/platform';
import { ENTERPRISE_USER_URN, isJsonObject } from '@rollcall/scim';
import type { JsonObject, ScimResource } from '@rollcall/scim';

/** What a directory knows of a user's manager. */
export interface ManagerFacts {
  /** Bare id of the directory. */
  directoryId: string;
  /** The name of the user whom the stored manager is; null when it is none of the directory, or has no name. */
  managerName: string | null;
}

/**
 * The resource with its manager (RFC 7643 §4.3) as it is stored. One that is given by `$ref` alone, as the URL of a user of this
 * directory, gets that user's id for its value. `displayName` is what the client says of somebody whom the directory does not
 * know: while the manager is a user with a name, a write leaves it as it was, since answers show the user's name, and clients
 * send back what they were shown.
 */
export function settleManager(
  current: ScimResource | null,
  next: ScimResource,
  { directoryId, managerName }: ManagerFacts,
): ScimResource {
  const sent = managerOf(next);
  if (sent === undefined || next === current) return next;
  const linked = withValue(sent, directoryId);
  const before = current === null ? undefined : managerOf(current);
  const isSame = before !== undefined && before['value'] === linked['value'];
  const manager = isSame && managerName !== null ? withNameOf(linked, before) : linked;
  return { ...next, [ENTERPRISE_USER_URN]: { ...extensionOf(next), manager } };
}

/** A user's resource with its manager called by this name. */
export function withManagerName(resource: ScimResource, displayName: string): ScimResource {
  const manager = managerOf(resource);
  if (manager === undefined) return resource;
  return { ...resource, [ENTERPRISE_USER_URN]: { ...extensionOf(resource), manager: { ...manager, displayName } } };
}

function extensionOf(resource: ScimResource): JsonObject | undefined {
  const extension = resource[ENTERPRISE_USER_URN];
  return isJsonObject(extension) ? extension : undefined;
}

function managerOf(resource: ScimResource): JsonObject | undefined {
  const manager = extensionOf(resource)?.['manager'];
  return isJsonObject(manager) ? manager : undefined;
}

function withValue(manager: JsonObject, directoryId: string): JsonObject {
  const { value, $ref } = manager;
  if (value !== undefined || typeof $ref !== 'string') return manager;
  const id = idOfReference($ref, directoryId);
  return id === undefined ? manager : { ...manager, value: id };
}

/** The id in the URI of a user of this directory: relative, or below the directory's base URL on whatever host it has. */
function idOfReference(reference: string, directoryId: string): string | undefined {
  const [, base = '', id = ''] = /^(.*\/)?Users\/(\w+)\/?$/i.exec(reference) ?? [];
  const isHere = /^(\.{0,2}\/)*$/.test(base) || base.endsWith(`/scim/${directoryId}/v2/`);
  return isHere && isBareId(id) ? id : undefined;
}

function withNameOf({ displayName: _sent, ...manager }: JsonObject, { displayName }: JsonObject): JsonObject {
  return displayName === undefined ? manager : { ...manager, displayName };
}

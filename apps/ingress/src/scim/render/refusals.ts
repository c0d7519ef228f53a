import { formatETag, matchesIfMatch, ScimError } from '@rollcall/scim';
import type { ResourceType } from '@rollcall/scim';

/** 404 for an id that the directory does not have. */
export function notFound(type: ResourceType): ScimError {
  return new ScimError(404, undefined, `This directory has no ${type.name} with this id. It may have been deleted.`);
}

/** 409 for a userName or group name that another resource of the directory has. */
export function taken(type: ResourceType): ScimError {
  const attribute = type.name === 'Group' ? 'displayName' : 'userName';
  return new ScimError(
    409,
    'uniqueness',
    `Another ${type.name} of this directory has this ${attribute}. Find it with a filter and update it, or send another one.`,
  );
}

/** 412 for a write with If-Match to a resource that has changed since it was read. */
export function preconditionFailed(type: ResourceType): ScimError {
  return new ScimError(
    412,
    undefined,
    `The ${type.name} has changed since it was read. Read it again and repeat the change.`,
  );
}

/** 503 for a write that was overtaken by others again and again. */
export function tooBusy(type: ResourceType): ScimError {
  return new ScimError(
    503,
    undefined,
    `The ${type.name} is being changed by many requests at once. Try again in a second.`,
  );
}

/** Throws 412 when the request names versions and the resource is at none of them (RFC 7644 §3.14). */
export function assertIfMatch(ifMatch: string | undefined, version: number, type: ResourceType): void {
  if (ifMatch !== undefined && !matchesIfMatch(ifMatch, formatETag(version))) throw preconditionFailed(type);
}

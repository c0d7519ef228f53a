import { formatETag } from '@rollcall/scim';
import type { ResourceType, ScimResource } from '@rollcall/scim';
import type { StoredResource } from '@rollcall/scim-store';
import { describeWritten } from '../requests/redact-body';
import type { ScimAnswer } from '../scim-answer';
import { locationOf, renderBody } from './render-resource';
import type { RenderOptions } from './render-resource';

/**
 * An answer with a resource as its body; a created one is 201.
 * @param written the resource as it was written: the answer to a write
 */
export function answerResource(
  status: 200 | 201,
  stored: StoredResource,
  options: RenderOptions,
  written?: ScimResource,
): ScimAnswer {
  return {
    status,
    ...(written && { logged: describeWritten(written, stored, options.type) }),
    body: renderBody(stored, options),
    location: locationOf(options.type, options.baseUrl, stored.id),
    etag: formatETag(stored.version),
  };
}

/** A resource and the version that it is at. */
export type ResourceVersion = Pick<StoredResource, 'id' | 'version'>;

/** An answer that says where the resource is and at which version, and not what it is: 204 to a write, 304 to a read. */
export function answerVersion(
  status: 204 | 304,
  { id, version }: ResourceVersion,
  { type, baseUrl }: { type: ResourceType; baseUrl: string },
): ScimAnswer {
  return { status, location: locationOf(type, baseUrl, id), etag: formatETag(version) };
}

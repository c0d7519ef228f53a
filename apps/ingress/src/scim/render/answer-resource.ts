import { formatETag } from '@rollcall/scim';
import type { StoredResource } from '@rollcall/scim-store';
import type { ScimAnswer } from '../scim-answer';
import { locationOf, renderBody } from './render-resource';
import type { RenderOptions } from './render-resource';

/** An answer with a resource as its body; a created one is 201. */
export function answerResource(status: 200 | 201, stored: StoredResource, options: RenderOptions): ScimAnswer {
  return {
    status,
    body: renderBody(stored, options),
    location: locationOf(options.type, options.baseUrl, stored.id),
    etag: formatETag(stored.version),
  };
}

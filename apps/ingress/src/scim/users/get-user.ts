import { formatETag, matchesIfNoneMatch, parseProjection, userResourceType } from '@rollcall/scim';
import { loadUser } from '@rollcall/scim-store';
import type { LoadResult, StoredResource } from '@rollcall/scim-store';
import { answerResource, answerVersion } from '../render/answer-resource';
import { renderOptions } from '../render/render-resource';
import { notFound } from '../render/refusals';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';

/** GET /Users/{id} (RFC 7644 §3.4.1): 200, or 304 when the client has this version. */
export async function getUser(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  const projection = parseProjection(call.query);
  const { stored } = await loadExistingUser(call);
  const options = renderOptions(userResourceType, context.baseUrl(call.caller.directoryId), projection);
  if (call.ifNoneMatch !== undefined && matchesIfNoneMatch(call.ifNoneMatch, formatETag(stored.version))) {
    return answerVersion(304, stored, options);
  }
  return answerResource(200, stored, options);
}

/** The user of the path with its references. Throws 404 when the directory has none. */
export async function loadExistingUser(call: ScimCall): Promise<LoadResult & { stored: StoredResource }> {
  if (call.id === undefined) throw notFound(userResourceType);
  const loaded = await loadUser(call.caller, call.id);
  const { stored } = loaded;
  if (!stored) throw notFound(userResourceType);
  return { ...loaded, stored };
}

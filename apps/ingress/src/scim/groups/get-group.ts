import { formatETag, groupResourceType, matchesIfNoneMatch, needsAttribute, parseProjection } from '@rollcall/scim';
import { loadGroup } from '@rollcall/scim-store';
import type { Projection } from '@rollcall/scim';
import type { LoadResult, StoredResource } from '@rollcall/scim-store';
import { answerResource, answerVersion } from '../render/answer-resource';
import { renderOptions } from '../render/render-resource';
import { notFound } from '../render/refusals';
import { withGroupMemory } from '../render/with-answer-memory';
import type { SizedAnswer } from '../render/with-answer-memory';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';

/** GET /Groups/{id} (RFC 7644 §3.4.1): 200, or 304 when the client has this version. */
export async function getGroup(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  const projection = parseProjection(call.query);
  return withGroupMemory(context, call, showsMembers(projection), () => readGroup(context, call, projection));
}

/** Whether an answer with this projection shows the members of its group. */
export function showsMembers(projection: Projection): boolean {
  return needsAttribute(projection, 'members', groupResourceType);
}

/** The same within the memory of whoever asks. */
export async function readGroup(context: ScimContext, call: ScimCall, projection: Projection): Promise<SizedAnswer> {
  const { stored } = await loadExistingGroup(call, { withReferences: showsMembers(projection) });
  const options = renderOptions(groupResourceType, context.baseUrl(call.caller.directoryId), projection);
  if (call.ifNoneMatch !== undefined && matchesIfNoneMatch(call.ifNoneMatch, formatETag(stored.version))) {
    return { answer: answerVersion(304, stored, options), size: 0 };
  }
  const answer = answerResource(200, stored, options);
  return { answer, size: stored.references?.length ?? 0 };
}

/** The group of the path, with its members when asked for. Throws 404 when the directory has none. */
export async function loadExistingGroup(
  call: ScimCall,
  options: { withReferences: boolean },
): Promise<LoadResult & { stored: StoredResource }> {
  if (call.id === undefined) throw notFound(groupResourceType);
  const loaded = await loadGroup(call.caller, call.id, options);
  const { stored } = loaded;
  if (!stored) throw notFound(groupResourceType);
  return { ...loaded, stored };
}

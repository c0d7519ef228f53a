import { changeUser, settleManager } from '@rollcall/directory';
import { parseProjection, printResource, userResourceType } from '@rollcall/scim';
import type { ScimResource } from '@rollcall/scim';
import { updateUser } from '@rollcall/scim-store';
import type { StoredResource } from '@rollcall/scim-store';
import { answerResource } from '../render/answer-resource';
import { renderOptions } from '../render/render-resource';
import { assertIfMatch, notFound, preconditionFailed, taken, tooBusy } from '../render/refusals';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { loadExistingUser } from './get-user';

/** A write that others overtake is decided anew on what they left, so often at most. */
export const MAX_ATTEMPTS = 30;

/**
 * Changes a user to what `decide` makes of its present resource and answers 200 with it. What changes nothing writes nothing.
 * Throws 404, 409 `uniqueness`, 412 with If-Match, and what `decide` throws; nothing is written then.
 */
export async function changeStoredUser(
  context: ScimContext,
  call: ScimCall,
  decide: (current: ScimResource, options: { strict: boolean }) => ScimResource | Promise<ScimResource>,
): Promise<ScimAnswer> {
  const { directoryId } = call.caller;
  const baseUrl = context.baseUrl(directoryId);
  const options = renderOptions(userResourceType, baseUrl, parseProjection(call.query));
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    // 1. Load the user as it is.
    const { stored, strictMode } = await loadExistingUser(call);
    assertIfMatch(call.ifMatch, stored.version, userResourceType);
    // 2. Decide what it becomes; nothing new is nothing to write.
    const current = JSON.parse(stored.resource) as ScimResource;
    const { managerName = null } = stored;
    const decided = await decide(current, { strict: strictMode });
    const next = settleManager(current, decided, { directoryId, managerName });
    const record = changeUser(current, next);
    if (!record) return answerResource(200, stored, options, current);
    // 3. Save it, if it is still at the version that was loaded.
    const resource = printResource(record.resource);
    const saved = await updateUser(call.caller, stored.id, stored.version, {
      resource,
      columns: record.columns,
    });
    if (saved.outcome === 'ok') {
      context.hintChanges(call.caller);
      await context.extensions.learn(directoryId, record.resource, userResourceType);
      return answerResource(200, changedTo(stored, saved, resource), options, record.resource);
    }
    if (saved.outcome === 'uniqueness') throw taken(userResourceType);
    if (saved.outcome === 'missing') throw notFound(userResourceType);
    if (call.ifMatch !== undefined) throw preconditionFailed(userResourceType);
  }
  throw tooBusy(userResourceType);
}

function changedTo(
  stored: StoredResource,
  { version, lastModified, managerName = null }: { version: number; lastModified: Date; managerName?: string | null },
  resource: string,
): StoredResource {
  return { ...stored, version, lastModified, managerName, resource };
}

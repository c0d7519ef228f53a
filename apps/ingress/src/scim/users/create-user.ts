import { changeUser, settleManager } from '@rollcall/directory';
import { runInSlices } from '@rollcall/platform';
import { parseProjection, printResource, readResourceInSteps, userResourceType } from '@rollcall/scim';
import { insertUser } from '@rollcall/scim-store';
import { answerResource } from '../render/answer-resource';
import { renderOptions } from '../render/render-resource';
import { taken } from '../render/refusals';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';

/** POST /Users (RFC 7644 §3.3): 201 with the user, 409 `uniqueness` when the userName is taken. A password is dropped. */
export async function createUser(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  const projection = parseProjection(call.query);
  const { directoryId } = call.caller;
  const { resource: sent } = await runInSlices(readResourceInSteps(call.body, userResourceType));
  const record = changeUser(null, settleManager(null, sent, { directoryId, managerName: null }));
  if (!record) throw new Error('a new user is always a change');
  const id = context.newId();
  const resource = printResource(record.resource);
  const saved = await insertUser(call.caller, id, { resource, columns: record.columns });
  if (saved.outcome === 'uniqueness') throw taken(userResourceType);
  context.hintChanges(call.caller);
  await context.extensions.learn(directoryId, record.resource, userResourceType);
  const { created, managerName } = saved;
  return answerResource(
    201,
    { id, version: 1, created, lastModified: created, resource, references: null, managerName },
    renderOptions(userResourceType, context.baseUrl(directoryId), projection),
    record.resource,
  );
}

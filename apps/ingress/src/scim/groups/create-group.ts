import { changeGroup } from '@rollcall/directory';
import { runInSlices } from '@rollcall/platform';
import { groupResourceType, parseProjection, printResource, readResourceInSteps } from '@rollcall/scim';
import type { Projection, ReadResult } from '@rollcall/scim';
import { insertGroup } from '@rollcall/scim-store';
import type { MemberStep } from '@rollcall/scim-store';
import { answerResource } from '../render/answer-resource';
import { renderOptions } from '../render/render-resource';
import { taken } from '../render/refusals';
import { withGroupMemory } from '../render/with-answer-memory';
import type { SizedAnswer } from '../render/with-answer-memory';
import type { ScimAnswer } from '../scim-answer';
import { takeBody } from '../scim-call';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { inMemberTurn } from './change-stored-group';
import { showsMembers } from './get-group';
import { refuseUnknownMembers } from './refuse-unknown-members';

/** POST /Groups (RFC 7644 §3.3): 201 with the group, 409 `uniqueness` when the displayName is taken. */
export async function createGroup(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  const projection = parseProjection(call.query);
  const read = await runInSlices(readResourceInSteps(takeBody(call), groupResourceType));
  const steps: MemberStep[] = [{ kind: 'add', values: read.members ?? [] }];
  return inMemberTurn(context, call, steps, () =>
    withGroupMemory(context, call, showsMembers(projection), () => storeGroup(context, call, read, projection)),
  );
}

async function storeGroup(
  context: ScimContext,
  call: ScimCall,
  read: ReadResult,
  projection: Projection,
): Promise<SizedAnswer> {
  const record = changeGroup(null, read.resource);
  if (!record) throw new Error('a new group is always a change');
  const id = context.newId();
  const resource = printResource(record.resource);
  const members = {
    values: read.members ?? [],
    withReferences: showsMembers(projection),
  };
  const group = { resource, columns: record.columns };
  context.chargeMembers(call.caller.directoryId, members.values.length);
  const saved = await refuseUnknownMembers(insertGroup(call.caller, id, group, members));
  if (saved.outcome === 'uniqueness') throw taken(groupResourceType);
  context.hintChanges(call.caller);
  await context.extensions.learn(call.caller.directoryId, record.resource, groupResourceType);
  const { created } = saved;
  const answer = answerResource(
    201,
    { id, version: 1, created, lastModified: created, resource, references: saved.members },
    renderOptions(groupResourceType, context.baseUrl(call.caller.directoryId), projection),
    record.resource,
  );
  return { answer, size: saved.members?.length ?? 0 };
}

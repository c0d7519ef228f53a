import { groupResourceType } from '@rollcall/scim';
import { deleteGroup as removeGroup } from '@rollcall/scim-store';
import { admit } from '../auth/admit';
import { assertIfMatch, notFound, preconditionFailed } from '../render/refusals';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { loadExistingGroup } from './get-group';

/** DELETE /Groups/{id} (RFC 7644 §3.6): 204; its members stay, its displayName is free again. */
export async function deleteGroup(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  if (call.id === undefined) throw notFound(groupResourceType);
  const expectedVersion = call.ifMatch === undefined ? null : await versionToDelete(context, call);
  const deleted = await removeGroup(context.pool, call.caller, call.id, expectedVersion);
  admit(context, call.caller, deleted);
  call.admitted();
  if (deleted.outcome === 'missing') throw notFound(groupResourceType);
  if (deleted.outcome === 'conflict') throw preconditionFailed(groupResourceType);
  context.hintChanges(call.caller.directoryId);
  return { status: 204 };
}

async function versionToDelete(context: ScimContext, call: ScimCall): Promise<number> {
  const { stored } = await loadExistingGroup(context, call, { withReferences: false });
  assertIfMatch(call.ifMatch, stored.version, groupResourceType);
  return stored.version;
}

import { groupResourceType } from '@rollcall/scim';
import { removeGroup } from '@rollcall/scim-store';
import { assertIfMatch, notFound, preconditionFailed } from '../render/refusals';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { loadExistingGroup } from './get-group';

/** DELETE /Groups/{id} (RFC 7644 §3.6): 204; its members stay, its displayName is free again. */
export async function deleteGroup(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  if (call.id === undefined) throw notFound(groupResourceType);
  const expectedVersion = call.ifMatch === undefined ? null : await versionToDelete(call);
  const deleted = await removeGroup(call.caller, call.id, expectedVersion);
  if (deleted.outcome === 'missing') throw notFound(groupResourceType);
  if (deleted.outcome === 'conflict') throw preconditionFailed(groupResourceType);
  context.hintChanges(call.caller);
  return { status: 204 };
}

async function versionToDelete(call: ScimCall): Promise<number> {
  const { stored } = await loadExistingGroup(call, { withReferences: false });
  assertIfMatch(call.ifMatch, stored.version, groupResourceType);
  return stored.version;
}

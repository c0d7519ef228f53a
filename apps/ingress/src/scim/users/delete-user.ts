import { userResourceType } from '@rollcall/scim';
import { removeUser } from '@rollcall/scim-store';
import { assertIfMatch, notFound, preconditionFailed } from '../render/refusals';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { loadExistingUser } from './get-user';

/** DELETE /Users/{id} (RFC 7644 §3.6): 204; the user leaves its groups and its userName is free again. */
export async function deleteUser(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  if (call.id === undefined) throw notFound(userResourceType);
  const expectedVersion = call.ifMatch === undefined ? null : await versionToDelete(call);
  const deleted = await removeUser(call.caller, call.id, expectedVersion);
  if (deleted.outcome === 'missing') throw notFound(userResourceType);
  if (deleted.outcome === 'conflict') throw preconditionFailed(userResourceType);
  context.hintChanges(call.caller);
  return { status: 204 };
}

async function versionToDelete(call: ScimCall): Promise<number> {
  const { stored } = await loadExistingUser(call);
  assertIfMatch(call.ifMatch, stored.version, userResourceType);
  return stored.version;
}

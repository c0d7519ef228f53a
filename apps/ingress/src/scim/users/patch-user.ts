import { runInSlices } from '@rollcall/platform';
import { applyPatchInSteps, parsePatchRequestInSteps, userResourceType } from '@rollcall/scim';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { changeStoredUser } from './change-stored-user';

/** PATCH /Users/{id} (RFC 7644 §3.5.2): all operations or none; 200 with the user. A password is dropped. */
export async function patchUser(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  const operations = await runInSlices(parsePatchRequestInSteps(call.body));
  return changeStoredUser(context, call, async (current, options) => {
    const { resource } = await runInSlices(applyPatchInSteps(current, operations, userResourceType, options));
    return resource;
  });
}

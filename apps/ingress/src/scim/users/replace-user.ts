import { runInSlices } from '@rollcall/platform';
import { readResourceInSteps, replaceResource, userResourceType } from '@rollcall/scim';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { changeStoredUser } from './change-stored-user';

/** PUT /Users/{id} (RFC 7644 §3.5.1): 200 with the user. `active` is kept when it is left out; read-only parts are ignored. */
export async function replaceUser(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  const { resource: next } = await runInSlices(readResourceInSteps(call.body, userResourceType));
  return changeStoredUser(context, call, (current) => replaceResource(current, next, userResourceType).resource);
}

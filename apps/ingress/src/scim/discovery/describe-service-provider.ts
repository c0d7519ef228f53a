import { renderServiceProviderConfig } from '@rollcall/scim';
import { admitCaller } from '@rollcall/scim-store';
import { admit } from '../auth/admit';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';

/** GET /ServiceProviderConfig (RFC 7644 §4): one object; every parameter is ignored. */
export async function describeServiceProvider(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  await admitReader(context, call);
  const baseUrl = context.baseUrl(call.caller.directoryId);
  return { status: 200, body: JSON.stringify(renderServiceProviderConfig({ baseUrl })) };
}

/** Reads the caller's state for a request that touches no resource. Throws 401 or 403. */
export async function admitReader(context: ScimContext, call: ScimCall): Promise<void> {
  admit(context, call.caller, await admitCaller(context.pool, call.caller));
  call.admitted();
}

import { renderServiceProviderConfig } from '@rollcall/scim';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { answerDocumentItself } from './answer-documents';

/** GET /ServiceProviderConfig (RFC 7644 §4): one object; every parameter is ignored. */
export async function describeServiceProvider(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  await call.caller.confirm();
  const baseUrl = context.baseUrl(call.caller.directoryId);
  return answerDocumentItself(renderServiceProviderConfig({ baseUrl }));
}

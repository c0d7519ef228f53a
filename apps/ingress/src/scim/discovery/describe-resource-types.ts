import { renderResourceTypes } from '@rollcall/scim';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { answerDocument, answerDocuments } from './answer-documents';
import { describeTypes } from './describe-schemas';

/** GET /ResourceTypes (RFC 7644 §4): all resource types with their extensions; 403 for a filter. */
export async function listResourceTypes(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  const types = await describeTypes(call);
  return answerDocuments(renderResourceTypes(types, context.baseUrl(call.caller.directoryId)), call.query);
}

/** GET /ResourceTypes/{name}: one resource type, 404 for an unknown one. */
export async function getResourceType(context: ScimContext, call: ScimCall, name: string): Promise<ScimAnswer> {
  const documents = renderResourceTypes(await describeTypes(call), context.baseUrl(call.caller.directoryId));
  return answerDocument(documents, name, 'resource type');
}

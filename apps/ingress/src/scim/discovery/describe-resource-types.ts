import { renderResourceTypes } from '@rollcall/scim';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { resourceTypes } from '../resource-types';
import { answerDocument, answerDocuments } from './answer-documents';
import { admitReader } from './describe-service-provider';

/** GET /ResourceTypes (RFC 7644 §4): all resource types; 403 for a filter. */
export async function listResourceTypes(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  await admitReader(context, call);
  return answerDocuments(renderResourceTypes(resourceTypes, context.baseUrl(call.caller.directoryId)), call.query);
}

/** GET /ResourceTypes/{name}: one resource type, 404 for an unknown one. */
export async function getResourceType(context: ScimContext, call: ScimCall, name: string): Promise<ScimAnswer> {
  await admitReader(context, call);
  const documents = renderResourceTypes(resourceTypes, context.baseUrl(call.caller.directoryId));
  return answerDocument(documents, name, 'resource type');
}

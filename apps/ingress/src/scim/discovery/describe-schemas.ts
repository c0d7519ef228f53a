import { learnExtensions, renderSchemas } from '@rollcall/scim';
import type { ResourceType } from '@rollcall/scim';
import { listLearnedAttributes } from '@rollcall/scim-store';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { resourceTypes } from '../resource-types';
import { answerDocument, answerDocuments } from './answer-documents';

/** GET /Schemas (RFC 7644 §4): all schemas, those of the directory's own extensions too; 403 for a filter. */
export async function listSchemas(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  const types = await describeTypes(call);
  return answerDocuments(renderSchemas(types, context.baseUrl(call.caller.directoryId)), call.query);
}

/** GET /Schemas/{urn}: one schema, 404 for an unknown one. */
export async function getSchema(context: ScimContext, call: ScimCall, urn: string): Promise<ScimAnswer> {
  const types = await describeTypes(call);
  return answerDocument(renderSchemas(types, context.baseUrl(call.caller.directoryId)), urn, 'schema');
}

/** The resource types with the extensions that the caller's directory has been sent.  */
export async function describeTypes(call: ScimCall): Promise<ResourceType[]> {
  return learnExtensions(resourceTypes, await listLearnedAttributes(call.caller));
}

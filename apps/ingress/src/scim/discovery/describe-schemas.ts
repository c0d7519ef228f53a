import { renderSchemas } from '@rollcall/scim';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { resourceTypes } from '../resource-types';
import { answerDocument, answerDocuments } from './answer-documents';
import { admitReader } from './describe-service-provider';

/** GET /Schemas (RFC 7644 §4): all schemas; 403 for a filter. */
export async function listSchemas(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  await admitReader(context, call);
  return answerDocuments(renderSchemas(resourceTypes, context.baseUrl(call.caller.directoryId)), call.query);
}

/** GET /Schemas/{urn}: one schema, 404 for an unknown one. */
export async function getSchema(context: ScimContext, call: ScimCall, urn: string): Promise<ScimAnswer> {
  await admitReader(context, call);
  return answerDocument(renderSchemas(resourceTypes, context.baseUrl(call.caller.directoryId)), urn, 'schema');
}

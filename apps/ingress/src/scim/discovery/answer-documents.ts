import { listResponse, ScimError } from '@rollcall/scim';
import type { JsonObject } from '@rollcall/scim';
import type { ScimAnswer } from '../scim-answer';

/** All discovery documents of a kind. Paging and sorting are ignored; a filter is 403 (RFC 7644 §4). */
export function answerDocuments(documents: JsonObject[], query: Record<string, unknown>): ScimAnswer {
  if (Object.keys(query).some((name) => name.toLowerCase() === 'filter')) {
    throw new ScimError(403, undefined, 'This list cannot be filtered. Read all of it, or one entry by its id.');
  }
  const body = listResponse({ resources: documents, totalResults: documents.length, startIndex: 1 });
  return { status: 200, body: JSON.stringify(body) };
}

/** The discovery document with an id, compared without regard to case. */
export function answerDocument(documents: readonly JsonObject[], id: string, kind: string): ScimAnswer {
  const document = documents.find((candidate) => (candidate.id as string).toLowerCase() === id.toLowerCase());
  if (!document) throw new ScimError(404, undefined, `There is no ${kind} with this id. The list names all there are.`);
  return answerDocumentItself(document);
}

/** A discovery document at its own address, which its `meta` names. */
export function answerDocumentItself(document: JsonObject): ScimAnswer {
  const { location } = document.meta as { location: string };
  return { status: 200, body: JSON.stringify(document), location };
}

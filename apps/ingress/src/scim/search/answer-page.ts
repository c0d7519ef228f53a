import type { ListQuery } from '@rollcall/scim';
import { listResponse } from '@rollcall/scim';
import { admit } from '../auth/admit';
import { renderResource } from '../render/render-resource';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { findPage } from './find-page';
import type { SearchableType } from './searchable-type';

/** Answers a list or search of one resource type with a ListResponse. */
export async function answerPage(
  context: ScimContext,
  call: ScimCall,
  searchable: SearchableType,
  query: ListQuery,
): Promise<ScimAnswer> {
  const page = await findPage(context, call, searchable, query);
  admit(context, call.caller, page);
  call.admitted();
  const options = {
    type: searchable.type,
    baseUrl: context.baseUrl(call.caller.directoryId),
    projection: query.projection,
  };
  const resources = page.resources.map((stored) => renderResource(stored, options));
  return { status: 200, body: renderList(resources, page.total, query.startIndex) };
}

/** A ListResponse around resources that are text already. */
export function renderList(resources: readonly string[], totalResults: number, startIndex: number): string {
  const { Resources: _, ...head } = listResponse({ resources: [], totalResults, startIndex });
  const text = JSON.stringify({ ...head, itemsPerPage: resources.length });
  return `${text.slice(0, -1)},"Resources":[${resources.join(',')}]}`;
}

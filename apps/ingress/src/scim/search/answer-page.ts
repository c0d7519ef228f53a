import { groupResourceType, parseListQuery, parseSearchRequest } from '@rollcall/scim';
import type { ListQuery } from '@rollcall/scim';
import type { StoredPage } from '@rollcall/scim-store';
import { renderList } from '../render/render-list';
import type { ListPlace } from '../render/render-list';
import { renderOptions } from '../render/render-resource';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { findPage, findPageBehind } from './find-page';
import { decodeCursor, encodeCursor, placeOf, readCursor } from './page-cursor';
import type { SearchableType } from './searchable-type';
import { withListMemory } from './with-list-memory';

/** A list query with RFC 9865's cursor; undefined = pages go by index. */
export type PageQuery = ListQuery & { cursor?: string };

/** Reads the parameters of GET. Throws ScimError 400. */
export function readListQuery({ query }: ScimCall): PageQuery {
  return withCursor(parseListQuery(query), query);
}

/** Reads the body of POST …/.search. Throws ScimError 400. */
export function readSearchQuery({ body }: ScimCall): PageQuery {
  return withCursor(parseSearchRequest(body), body as Record<string, unknown>);
}

function withCursor(query: ListQuery, parameters: Record<string, unknown>): PageQuery {
  const cursor = readCursor(parameters);
  return cursor === undefined ? query : { ...query, cursor };
}

/** Answers a list or search of one resource type with a ListResponse. */
export async function answerPage(
  context: ScimContext,
  call: ScimCall,
  searchable: SearchableType,
  query: PageQuery,
): Promise<ScimAnswer> {
  const showsMembers = searchable.type === groupResourceType && searchable.needsReferences(query.projection);
  return withListMemory(context, call, { count: query.count, showsMembers }, async () => {
    const { page, place } = await (query.cursor === undefined
      ? loadByIndex(context, call, searchable, query)
      : loadByCursor(context, call, searchable, query, query.cursor));
    const options = renderOptions(searchable.type, context.baseUrl(call.caller.directoryId), query.projection);
    return renderList([{ resources: page.resources, options }], page.total, place);
  });
}

/** A page and where it lies, as the ListResponse says it. */
interface PlacedPage {
  page: StoredPage;
  place: ListPlace;
}

async function loadByIndex(
  context: ScimContext,
  call: ScimCall,
  searchable: SearchableType,
  query: ListQuery,
): Promise<PlacedPage> {
  return { page: await findPage(context, call, searchable, query), place: { startIndex: query.startIndex } };
}

/** One resource more than asked for tells whether there is a next page. */
async function loadByCursor(
  context: ScimContext,
  call: ScimCall,
  searchable: SearchableType,
  query: ListQuery,
  cursor: string,
): Promise<PlacedPage> {
  const { endpoint } = searchable.type;
  const scope = { endpoint, query };
  const behind = decodeCursor(cursor, scope)[endpoint] ?? null;
  const limit = query.count === 0 ? 0 : query.count + 1;
  const found = await findPageBehind(context, call, searchable, { query, behind, limit });
  const resources = found.resources.slice(0, query.count);
  const page = { ...found, resources };
  const last = resources.at(-1);
  if (!last || (found.resources.length <= query.count && !found.isCut)) return { page, place: {} };
  return { page, place: { nextCursor: encodeCursor({ [endpoint]: placeOf(last) }, scope) } };
}

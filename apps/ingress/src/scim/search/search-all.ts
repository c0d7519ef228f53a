import { compareResources, compileProjection, ScimError } from '@rollcall/scim';
import type { ListQuery, Projector, ResourceType, ScimResource } from '@rollcall/scim';
import { searchableGroups } from '../groups/list-groups';
import { renderOptions, renderResource } from '../render/render-resource';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { searchableUsers } from '../users/list-users';
import { readSearchQuery, renderList } from './answer-page';
import type { PageQuery } from './answer-page';
import { findPage } from './find-page';
import { decodeCursor, encodeCursor, invalidCursor } from './page-cursor';
import type { SearchableType } from './searchable-type';

const SEARCHABLE: readonly SearchableType[] = [searchableUsers, searchableGroups];

/** The base URL itself, as the endpoint of a search over all types. */
const ROOT = '';

/** A sorted search over several types merges its pages in memory, so far at most. */
const MAX_SORTED_POSITION = 2_000;

/** POST /.search (RFC 7644 §3.4.3): over users and groups, in this order unless sorted. Pages by index or by cursor. */
export async function searchAll(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  const asked = readSearchQuery(call);
  const query = asked.cursor === undefined ? asked : { ...asked, startIndex: offsetOf(asked.cursor, asked) + 1 };
  const { total, resources } = query.sort
    ? await mergeSorted(context, call, query)
    : await concatenate(context, call, query);
  return { status: 200, body: renderList(resources, total, placeOf(query, total, resources.length)) };
}

/** Positions count over all types, so a cursor holds nothing but how many came before it. */
function offsetOf(cursor: string, query: ListQuery): number {
  if (cursor === '') return 0;
  const position = decodeCursor(cursor, { endpoint: ROOT, query });
  if ('after' in position) throw invalidCursor();
  return position.offset;
}

function placeOf(query: PageQuery, total: number, found: number): { startIndex: number } | { nextCursor?: string } {
  if (query.cursor === undefined) return { startIndex: query.startIndex };
  const offset = query.startIndex - 1 + found;
  return found === 0 || offset >= total ? {} : { nextCursor: encodeCursor({ offset }, { endpoint: ROOT, query }) };
}

interface Found {
  total: number;
  resources: string[];
}

async function concatenate(context: ScimContext, call: ScimCall, query: ListQuery): Promise<Found> {
  const found: Found = { total: 0, resources: [] };
  for (const searchable of SEARCHABLE) {
    const startIndex = Math.max(1, query.startIndex - found.total);
    const page = await findPage(context, call, searchable, {
      ...query,
      startIndex,
      count: query.count - found.resources.length,
    });
    const options = renderOptions(searchable.type, context.baseUrl(call.caller.directoryId), query.projection);
    found.resources.push(...page.resources.map((stored) => renderResource(stored, options)));
    found.total += page.total;
  }
  return found;
}

async function mergeSorted(context: ScimContext, call: ScimCall, query: ListQuery): Promise<Found> {
  const { sort, startIndex, count, projection } = query;
  const end = startIndex - 1 + count;
  if (!sort || end > MAX_SORTED_POSITION) {
    throw new ScimError(
      400,
      'tooMany',
      'A sorted search over all types goes no further. Search /Users or /Groups instead.',
    );
  }
  const baseUrl = context.baseUrl(call.caller.directoryId);
  let total = 0;
  const candidates: { type: ResourceType; resource: ScimResource; project: Projector }[] = [];
  for (const searchable of SEARCHABLE) {
    const { type } = searchable;
    const project = compileProjection(projection, type);
    const page = await findPage(context, call, searchable, { ...query, startIndex: 1, count: end });
    total += page.total;
    for (const stored of page.resources) {
      const text = renderResource(stored, { type, baseUrl, project: null });
      candidates.push({ type, resource: JSON.parse(text) as ScimResource, project });
    }
  }
  const sorted = candidates.toSorted((a, b) => compareResources(a.resource, b.resource, sort, a.type));
  const resources = sorted.slice(startIndex - 1, end).map(({ project, resource }) => JSON.stringify(project(resource)));
  return { total, resources };
}

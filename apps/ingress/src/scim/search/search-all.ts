import { groupResourceType, needsAttribute, tooMany } from '@rollcall/scim';
import type { ListQuery, ScimError } from '@rollcall/scim';
import { searchableGroups } from '../groups/list-groups';
import { renderList } from '../render/render-list';
import type { ListPart } from '../render/render-list';
import { renderOptions } from '../render/render-resource';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { searchableUsers } from '../users/list-users';
import { readSearchQuery } from './answer-page';
import { findAllBehind } from './find-all-behind';
import { findPage } from './find-page';
import { findSorted } from './find-sorted';
import type { SortedQuery } from './find-sorted';
import type { SearchableType } from './searchable-type';
import { withListMemory } from './with-list-memory';

const SEARCHABLE: readonly SearchableType[] = [searchableUsers, searchableGroups];

/** A sorted search over several types by index merges the places of all up to its own page in memory, so far at most. */
const MAX_SORTED_POSITION = 2_000;

/** POST /.search (RFC 7644 §3.4.3): over users and groups, in this order unless sorted. Pages by index or by cursor. */
export async function searchAll(context: ScimContext, call: ScimCall): Promise<ScimAnswer> {
  const query = readSearchQuery(call);
  const { cursor } = query;
  const showsMembers = needsAttribute(query.projection, 'members', groupResourceType);
  return withListMemory(context, call, { count: query.count, showsMembers }, async () => {
    if (cursor !== undefined) {
      const { total, parts, place } = await findAllBehind(context, call, SEARCHABLE, { query, cursor });
      return renderList(parts, total, place);
    }
    const { sort } = query;
    const { total, parts } = sort
      ? await findSortedByIndex(context, call, { ...query, sort })
      : await concatenate(context, call, query);
    return renderList(parts, total, { startIndex: query.startIndex });
  });
}

interface Found {
  total: number;
  parts: ListPart[];
}

/** Users before groups. Of what comes behind a page that its bytes have cut, only the number is read. */
async function concatenate(context: ScimContext, call: ScimCall, query: ListQuery): Promise<Found> {
  const found: Found = { total: 0, parts: [] };
  let wanted = query.count;
  for (const searchable of SEARCHABLE) {
    const startIndex = Math.max(1, query.startIndex - found.total);
    const page = await findPage(context, call, searchable, { ...query, startIndex, count: wanted });
    const options = renderOptions(searchable.type, context.baseUrl(call.caller.directoryId), query.projection);
    found.parts.push({ resources: page.resources, options });
    found.total += page.total;
    wanted = page.isCut ? 0 : wanted - page.resources.length;
  }
  return found;
}

async function findSortedByIndex(context: ScimContext, call: ScimCall, query: SortedQuery): Promise<Found> {
  const offset = query.startIndex - 1;
  if (offset + query.count > MAX_SORTED_POSITION) throw tooFar();
  return findSorted(context, call, SEARCHABLE, { query, start: {}, offset });
}

function tooFar(): ScimError {
  return tooMany(
    'A sorted search over all types goes no further by index. Send a cursor instead, or search /Users or /Groups.',
  );
}

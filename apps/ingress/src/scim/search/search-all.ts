import { compareResources, groupResourceType, needsAttribute, tooMany } from '@rollcall/scim';
import type { ListQuery, ScimError, ScimResource } from '@rollcall/scim';
import { searchableGroups } from '../groups/list-groups';
import { renderList } from '../render/render-list';
import type { ListPart } from '../render/render-list';
import { parseShown, renderOptions } from '../render/render-resource';
import type { ScimAnswer } from '../scim-answer';
import type { ScimCall } from '../scim-call';
import type { ScimContext } from '../scim-context';
import { searchableUsers } from '../users/list-users';
import { readSearchQuery } from './answer-page';
import { findAllBehind } from './find-all-behind';
import { findPage } from './find-page';
import type { SearchableType } from './searchable-type';
import { withListMemory } from './with-list-memory';

const SEARCHABLE: readonly SearchableType[] = [searchableUsers, searchableGroups];

/** A sorted search over several types by index merges all pages up to its own in memory, so far at most. */
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
    const { total, parts } = await (query.sort ? mergeSorted : concatenate)(context, call, query);
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

interface Candidate {
  /** With what it is sorted by. */
  resource: ScimResource;
  part: ListPart;
  /** Others of its type that were not read may stand behind it. */
  isCut: boolean;
}

async function mergeSorted(context: ScimContext, call: ScimCall, query: ListQuery): Promise<Found> {
  const { sort, startIndex, count, projection } = query;
  const end = startIndex - 1 + count;
  if (!sort || end > MAX_SORTED_POSITION) throw tooFar();
  const baseUrl = context.baseUrl(call.caller.directoryId);
  let total = 0;
  const candidates: Candidate[] = [];
  for (const searchable of SEARCHABLE) {
    const { type } = searchable;
    const options = renderOptions(type, baseUrl, projection);
    const page = await findPage(context, call, searchable, { ...query, startIndex: 1, count: end });
    total += page.total;
    for (const [index, stored] of page.resources.entries()) {
      const resource = parseShown(stored, { type, baseUrl });
      const isCut = page.isCut && index === page.resources.length - 1;
      candidates.push({ resource, part: { resources: [stored], options }, isCut });
    }
  }
  const sorted = candidates.toSorted((a, b) => compareResources(a.resource, b.resource, sort, a.part.options.type));
  // Behind the last of a cut page others may come before those that were read.
  const cut = sorted.findIndex(({ isCut }) => isCut);
  const known = cut === -1 ? sorted : sorted.slice(0, cut + 1);
  if (known.length < startIndex && known.length < sorted.length) throw tooFar();
  return { total, parts: known.slice(startIndex - 1, end).map(({ part }) => part) };
}

function tooFar(): ScimError {
  return tooMany(
    'A sorted search over all types goes no further by index. Send a cursor instead, or search /Users or /Groups.',
  );
}

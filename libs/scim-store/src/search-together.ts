import type { PoolClient } from 'pg';
import { compareSortKeys } from '@rollcall/scim';
import { textualJson } from '@rollcall/database';
import type { AdmittedCalls } from './admitted-calls';
import type { PlaceKey, SearchPlace } from './place-to-sql';
import type { ResourceTable } from './resource-table';
import { buildPlaces, runSearches } from './search-resources';
import type { ResourceSearch, Statement } from './search-resources';
import { PAGE_BYTES, readResourceRow } from './stored-resource';
import type { PageRow, ResourceRow, StoredResource } from './stored-resource';

/** What a sorted search over several types is for one of them. */
export type TypeSearch = Required<Pick<ResourceSearch, 'sort'>> &
  Pick<ResourceSearch, 'filter' | 'baseUrl' | 'withReferences'> & {
    table: ResourceTable;
    /** The place behind which the page is in this type, null = before the first. */
    behind: SearchPlace | null;
  };

/** A page over several types. */
export interface MergedPage {
  total: number;
  /** In order; `type` is the index of its search. */
  found: { type: number; stored: StoredResource }[];
  hasMore: boolean;
}

/** Where a resource of one of the types stands. */
interface Candidate {
  type: number;
  place: SearchPlace;
}

/**
 * A page of a sorted search over several types, on one snapshot. Of two that the sort does not tell apart the one of the earlier type
 * comes first, then the one of the lower id; of long texts only the beginning counts. Only what is on the page is read: neither its
 * neighbours nor what is sorted by cost what they have in members. The page may end early by its bytes.
 * @throws ScimError 400 `tooMany` for a search that is too much work, `invalidCursor` for a place of another order.
 */
export async function searchTogether(
  calls: AdmittedCalls,
  searches: readonly TypeSearch[],
  { offset, limit }: { offset: number; limit: number },
): Promise<MergedPage> {
  const { directoryId } = calls;
  // One more than the page has room for tells whether there is a next one.
  const most = limit === 0 ? 0 : offset + limit + 1;
  const statements = searches.map((search) =>
    buildPlaces(directoryId, search.table, { ...search, offset: 0, limit: most }),
  );
  return runSearches(calls, searches, async (client) => {
    const lanes: Candidate[][] = [];
    let total = 0;
    for (const [type, statement] of statements.entries()) {
      const rows = await findPlaces(client, statement);
      total += Number(rows[0]?.total ?? 0);
      lanes.push(rows.flatMap((row) => readCandidate(row, type) ?? []));
    }
    const inOrder = merge(lanes, { limit: most, descending: searches[0]?.sort.descending ?? false }).slice(offset);
    const found = await readFound(client, directoryId, searches, inOrder.slice(0, limit));
    return { total, found, hasMore: found.length < inOrder.length };
  });
}

type PlaceRow = Pick<PageRow, 'total' | 'id' | 'sort_keys'>;

async function findPlaces(client: PoolClient, { text, values }: Statement): Promise<PlaceRow[]> {
  return (await client.query<PlaceRow>({ text, values, types: textualJson })).rows;
}

function readCandidate({ id, sort_keys: keys }: PlaceRow, type: number): Candidate | undefined {
  return id === null ? undefined : { type, place: { id, keys: JSON.parse(keys ?? '[]') as PlaceKey[] } };
}

/** Takes from the lanes what comes first, never out of the order of one lane. */
function merge(
  lanes: readonly (readonly Candidate[])[],
  { limit, descending }: { limit: number; descending: boolean },
): Candidate[] {
  const taken: Candidate[] = [];
  const next = lanes.map(() => 0);
  while (taken.length < limit) {
    const heads = lanes.flatMap((lane, type) => lane[next[type] ?? 0] ?? []);
    const [head, ...others] = heads;
    if (head === undefined) break;
    const first = others.reduce((first, other) => (comesBefore(other, first, descending) ? other : first), head);
    taken.push(first);
    next[first.type] = (next[first.type] ?? 0) + 1;
  }
  return taken;
}

function comesBefore(other: Candidate, first: Candidate, descending: boolean): boolean {
  const order = compareSortKeys(sortKeyOf(other.place), sortKeyOf(first.place));
  return descending ? order > 0 : order < 0;
}

/** What a place is sorted by: of what no schema describes the number or else the text, behind their kind. */
function sortKeyOf({ keys }: SearchPlace): string | number | undefined {
  const key = (keys.length > 1 ? keys.slice(1) : keys).find((key) => key !== null);
  return typeof key === 'boolean' ? Number(key) : (key ?? undefined);
}

/** Reads what is on the page, in its order, as far as its bytes go. */
async function readFound(
  client: PoolClient,
  directoryId: string,
  searches: readonly TypeSearch[],
  wanted: readonly Candidate[],
): Promise<MergedPage['found']> {
  const read = new Map<string, StoredResource>();
  for (const [type, { table, withReferences }] of searches.entries()) {
    const ids = wanted.filter((candidate) => candidate.type === type).map(({ place }) => place.id);
    if (ids.length === 0) continue;
    const { rows } = await client.query<ResourceRow>({
      text: `SELECT r.* FROM ${table.reader}($1, $2::text[], $3::boolean, $4::integer) r`,
      values: [directoryId, ids, withReferences, PAGE_BYTES],
      types: textualJson,
    });
    for (const stored of rows.flatMap((row) => readResourceRow(row) ?? [])) read.set(`${type}/${stored.id}`, stored);
  }
  const found: MergedPage['found'] = [];
  for (const { type, place } of wanted) {
    const stored = read.get(`${type}/${place.id}`);
    // Only the bytes of its type's page can have left it out.
    if (stored === undefined) break;
    found.push({ type, stored: { ...stored, sortKeys: place.keys } });
  }
  return found;
}

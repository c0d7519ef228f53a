import { createHash } from 'node:crypto';
import { assertStorableText, expiredCursor, invalidCursor, printFilter } from '@rollcall/scim';
import type { ListQuery } from '@rollcall/scim';
import type { PlaceKey, SearchPlace, StoredResource } from '@rollcall/scim-store';
import { isPlainList } from './find-page';

/** What a cursor belongs to: a query of one endpoint. */
export interface CursorScope {
  /** The endpoint below the base URL; ROOT = all of them. */
  endpoint: string;
  query: ListQuery;
}

/** The base URL itself, as the endpoint of a search over all types. */
export const ROOT = '';

/** Where the next page begins (RFC 9865): for each endpoint behind a resource of it, or with its first where there is none. */
export type CursorPosition = Readonly<Record<string, SearchPlace>>;

/** The `cursor` parameter of a query or search message: undefined = pages go by index, '' = the first page by cursor. */
export function readCursor(parameters: Record<string, unknown>): string | undefined {
  const name = Object.keys(parameters).find((key) => key.toLowerCase() === 'cursor');
  const cursor = name === undefined ? undefined : parameters[name];
  if (cursor === undefined || cursor === null) return undefined;
  if (typeof cursor !== 'string') throw invalidCursor();
  return cursor;
}

/** Where a resource stands in the results of the query that found it. */
export function placeOf({ id, sortKeys: keys = [] }: StoredResource): SearchPlace {
  return { id, keys };
}

/**
 * The opaque, URL-safe text of a position in the results of a query. It names no tenant: who may read with it is decided by
 * the credential, as for any request.
 */
export function encodeCursor(position: CursorPosition, scope: CursorScope): string {
  const content = isPlain(scope)
    ? { after: position[scope.endpoint]?.id }
    : { behind: Object.entries(position).map(([endpoint, { id, keys }]) => [endpoint, id, ...keys]) };
  return Buffer.from(JSON.stringify({ ...content, query: fingerprint(scope) })).toString('base64url');
}

/**
 * The position in a cursor, '' being the first. Throws 400 `invalidCursor` unless it was given by the same endpoint for the same
 * filter and sort, and `expiredCursor` for one that tells only how many resources came before, of which some may be gone.
 */
export function decodeCursor(cursor: string, scope: CursorScope): CursorPosition {
  if (cursor === '') return {};
  const content = parse(cursor);
  if (content.query !== fingerprint(scope)) throw invalidCursor();
  if (Number.isInteger(content.offset)) throw expiredCursor();
  const places: unknown = isPlain(scope) ? [[scope.endpoint, content.after]] : content.behind;
  if (!Array.isArray(places)) throw invalidCursor();
  return Object.fromEntries((places as unknown[]).map((place) => readPlace(place)));
}

/**
 * A list of one endpoint without filter and sort has cursors of a form of its own, which processes of the version before, running
 * beside this one during an upgrade, read and give. They refuse the other.
 */
function isPlain({ endpoint, query }: CursorScope): boolean {
  return endpoint !== ROOT && isPlainList(query);
}

function readPlace(place: unknown): [string, SearchPlace] {
  if (!Array.isArray(place)) throw invalidCursor();
  const [endpoint, id, ...keys] = place as unknown[];
  if (typeof endpoint !== 'string' || typeof id !== 'string' || !keys.every(isPlaceKey)) throw invalidCursor();
  for (const text of [id, ...keys]) if (typeof text === 'string') assertStorableText(text, invalidCursor);
  return [endpoint, { id, keys }];
}

function isPlaceKey(key: unknown): key is PlaceKey {
  return key === null || ['string', 'number', 'boolean'].includes(typeof key);
}

function parse(cursor: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Not one of ours; the refusal below says so.
  }
  throw invalidCursor();
}

function fingerprint({ endpoint, query: { filter, sort } }: CursorScope): string {
  const text = JSON.stringify([endpoint, filter ? printFilter(filter) : null, sort ?? null]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

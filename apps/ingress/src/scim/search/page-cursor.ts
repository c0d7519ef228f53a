import { createHash } from 'node:crypto';
import { printFilter, ScimError } from '@rollcall/scim';
import type { ListQuery } from '@rollcall/scim';

/** What a cursor belongs to: a query of one endpoint. */
export interface CursorScope {
  /** The endpoint below the base URL; '' = the root. */
  endpoint: string;
  query: ListQuery;
}

/** Where the next page begins (RFC 9865): behind a resource, or after so many matches of a search. */
export type CursorPosition = { after: string } | { offset: number };

/** The `cursor` parameter of a query or search message: undefined = pages go by index, '' = the first page by cursor. */
export function readCursor(parameters: Record<string, unknown>): string | undefined {
  const name = Object.keys(parameters).find((key) => key.toLowerCase() === 'cursor');
  const cursor = name === undefined ? undefined : parameters[name];
  if (cursor === undefined || cursor === null) return undefined;
  if (typeof cursor !== 'string') throw invalidCursor();
  return cursor;
}

/**
 * The opaque, URL-safe text of a position in the results of a query. It names no tenant: who may read with it is decided by
 * the credential, as for any request.
 */
export function encodeCursor(position: CursorPosition, scope: CursorScope): string {
  return Buffer.from(JSON.stringify({ ...position, query: fingerprint(scope) })).toString('base64url');
}

/** The position in a cursor. Throws 400 `invalidCursor` unless it was given by the same endpoint for the same filter and sort. */
export function decodeCursor(cursor: string, scope: CursorScope): CursorPosition {
  const position = parse(cursor);
  if (position.query !== fingerprint(scope)) throw invalidCursor();
  if (typeof position.after === 'string') return { after: position.after };
  if (Number.isSafeInteger(position.offset) && Number(position.offset) >= 0) return { offset: Number(position.offset) };
  throw invalidCursor();
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

/** 400 for a cursor that was not given for this query (RFC 9865 §2.1). */
export function invalidCursor(): ScimError {
  return new ScimError(
    400,
    'invalidCursor',
    'The cursor was not given for this query. Start again with an empty cursor and keep filter and sort as they are.',
  );
}

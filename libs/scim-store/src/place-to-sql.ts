import { invalidCursor, parseDateTime } from '@rollcall/scim';
import type { SqlScope } from './path-to-sql';
import type { SortKey } from './sort-to-sql';

/** Where a resource stands in the order of a search: what it is sorted by, then its id. */
export interface SearchPlace {
  id: string;
  /** As `placeSql` gives them; none where the order is that of the ids. */
  keys: readonly PlaceKey[];
}

/** Null = the resource has no such value. */
export type PlaceKey = string | number | boolean | null;

/**
 * Characters of a text by which a search with places sorts: a place must have the whole of what decides, and be small. No name
 * or address is longer.
 */
const TEXT_MAX = 256;

/** The sort keys of a search with places: of a text its beginning. Those that begin alike are in the order of their ids. */
export function boundKeys(keys: readonly SortKey[]): SortKey[] {
  return keys.map((key) => (key.type === 'text' ? { ...key, sql: `left(${key.sql}, ${TEXT_MAX})` } : key));
}

/** jsonb of the keys of a row's place, which has them as `key_0` and so on. */
export function placeSql(keys: readonly SortKey[], row: string): string {
  const values = keys.map(({ type }, index) => {
    const column = `${row}.key_${index}`;
    return type === 'time' ? `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` : column;
  });
  return `jsonb_build_array(${values.join(', ')})`;
}

/**
 * The condition that a row stands behind a place, in the order of its columns `key_0` and so on, missing ones last ascending and
 * first descending, and then of its `id`. Whether the resource of the place is still there does not matter.
 * @throws ScimError 400 invalidCursor for a place that no row of this order can have.
 */
export function behindSql(
  place: SearchPlace,
  { keys, descending, row }: { keys: readonly SortKey[]; descending: boolean; row: string },
  { bind }: Pick<SqlScope, 'bind'>,
): string {
  if (place.keys.length !== keys.length) throw invalidCursor();
  return keys.reduceRight(
    (behindRest, { type }, index) => {
      const column = `${row}.key_${index}`;
      const value = place.keys[index] ?? null;
      if (value === null) {
        return descending ? `(${column} IS NOT NULL OR ${behindRest})` : `(${column} IS NULL AND ${behindRest})`;
      }
      if (!fits(value, type)) throw invalidCursor();
      const bound = `${bind(value)}::${SQL_TYPES[type]}`;
      const isBehind = descending ? `${column} < ${bound}` : `${column} > ${bound} OR ${column} IS NULL`;
      return `(${isBehind} OR (${column} = ${bound} AND ${behindRest}))`;
    },
    `${row}.id > ${bind(place.id)}::text`,
  );
}

const SQL_TYPES: Record<SortKey['type'], string> = {
  text: 'text',
  number: 'float8',
  boolean: 'boolean',
  time: 'timestamptz',
};

/** A key of another type, or one that PostgreSQL would not take for it, is that of a cursor that was made up. */
function fits(value: string | number | boolean, type: SortKey['type']): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string' && value.length <= 2 * TEXT_MAX;
    case 'number':
      return Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'time':
      return typeof value === 'string' && isTime(value);
  }
}

/** Whether a text is a time as `placeSql` writes it; PostgreSQL knows no year 0. */
function isTime(text: string): boolean {
  if (!/^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(text)) return false;
  const time = parseDateTime(text);
  return time !== undefined && new Date(time).toISOString().startsWith(text.slice(0, -4));
}

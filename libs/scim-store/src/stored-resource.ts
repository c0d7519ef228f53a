import type { PlaceKey } from './place-to-sql';

/** A user or group as a read returns it. JSON is text: `JSON.parse` it to work on it, splice it to send it on. */
export interface StoredResource {
  id: string;
  version: number;
  created: Date;
  lastModified: Date;
  /** Canonical form. */
  resource: string;
  /** A user's groups `[{value, display}]` or a group's members `[{value, type, display}]`; null = none, or not asked for. */
  references: string | null;
  /**
   * Of a user that was loaded or written by itself: the name of its manager, when that is a user of the directory. In pages the
   * resource has it already.
   */
  managerName?: string | null;
  /** Of a search by cursor: what its place has beside the id. */
  sortKeys?: readonly PlaceKey[];
}

/** Bytes of stored JSON at which a page ends, whatever was asked for; a single resource may have more. */
export const PAGE_BYTES = 3_000_000;

/** One page of resources and how many there are in all. */
export interface StoredPage {
  total: number;
  resources: StoredResource[];
  /** The page ended before the number that was asked for, because of its bytes. */
  isCut: boolean;
}

/** Row of the functions that return resources. */
export interface ResourceRow {
  id: string | null;
  version: number;
  created: Date;
  last_modified: Date;
  resource: string;
  groups?: string | null;
  members?: string | null;
  manager_name?: string | null;
}

/** Rows of functions that return pages: a single one without id when there is nothing to show, a last one when the page was cut. */
export interface PageRow extends ResourceRow {
  total: string | null;
  /** JSON text, of a search by cursor. */
  sort_keys?: string | null;
}

/** Reads the rows of a function that returns one page. */
export function readPage(rows: readonly [PageRow, ...PageRow[]]): StoredPage {
  const [first] = rows;
  return {
    total: Number(first.total ?? 0),
    resources: rows.flatMap((row) => readPageRow(row) ?? []),
    isCut: rows.length > 1 && rows.at(-1)?.id === null,
  };
}

function readPageRow(row: PageRow): StoredResource | undefined {
  const stored = readResourceRow(row);
  const { sort_keys: keys = null } = row;
  return stored && keys !== null ? { ...stored, sortKeys: JSON.parse(keys) as PlaceKey[] } : stored;
}

/** The resource of a row, or undefined for a row that only carries state and total. */
export function readResourceRow(row: ResourceRow): StoredResource | undefined {
  if (row.id === null) return undefined;
  return {
    id: row.id,
    version: row.version,
    created: row.created,
    lastModified: row.last_modified,
    resource: row.resource,
    references: row.groups ?? row.members ?? null,
    managerName: row.manager_name ?? null,
  };
}

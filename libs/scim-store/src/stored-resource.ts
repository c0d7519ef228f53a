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
}

/** One page of resources and how many there are in all. */
export interface StoredPage {
  total: number;
  resources: StoredResource[];
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
}

/** Rows of scim_find_… and scim_list_… (a single row without id when there is nothing to show). */
export interface PageRow extends ResourceRow {
  total: string | null;
}

/** Reads the rows of a function that returns one page. */
export function readPage(rows: readonly [PageRow, ...PageRow[]]): StoredPage {
  const [first] = rows;
  return {
    total: Number(first.total ?? 0),
    resources: rows.flatMap((row) => readResourceRow(row) ?? []),
  };
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
  };
}

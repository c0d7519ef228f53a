import type { AttributePath } from '../schema/schema';

/** The comparison operators of RFC 7644 §3.4.2.2 (`pr` is a filter of its own kind). */
export type FilterOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** A literal of a comparison. */
export type FilterValue = string | number | boolean | null;

/** A filter; `Path` is text as parsed, or the schema's attribute once resolved. */
export type FilterOf<Path> =
  | { kind: 'and' | 'or'; filters: FilterOf<Path>[] }
  | { kind: 'not'; filter: FilterOf<Path> }
  | { kind: 'present'; path: Path }
  | { kind: 'compare'; path: Path; operator: FilterOperator; value: FilterValue }
  /** True when one value of the attribute fulfils the whole inner filter, whose paths are relative to that value. */
  | { kind: 'valuePath'; path: Path; filter: FilterOf<Path> };

/** A filter as parsed. `and` and `or` have at least two filters and never hold their own kind directly. */
export type Filter = FilterOf<string>;

/** A filter bound to a resource type: paths resolved, literals of the attribute's type. */
export type ResolvedFilter = FilterOf<AttributePath>;

import type { AttributePath } from '@rollcall/scim';
import { foldSql } from './compare-to-sql';
import { columnKey, heldSql, partSql, targetOf } from './path-to-sql';
import type { SqlScope } from './path-to-sql';

/** An expression to order by, and what its values are. */
export interface SortKey {
  sql: string;
  type: 'text' | 'number' | 'boolean' | 'time';
}

/**
 * The expressions to order by for a sort, as `compareResources` orders in memory: by type, text without regard to case unless
 * caseExact, of several values the primary or the first. Missing values come last ascending and first descending, which is
 * where PostgreSQL puts null.
 */
export function sortToSql(path: AttributePath, scope: SqlScope): SortKey[] {
  const key = columnKey(path);
  const column = key === undefined ? undefined : scope.table?.columns.get(key);
  if (column?.kind === 'text') return [{ sql: `nullif(${column.sql}, '')`, type: 'text' }];
  if (column !== undefined) return [{ sql: column.sql, type: column.kind }];
  const target = targetOf(path);
  const value = sortedValue(path, scope);
  const text = `nullif(CASE WHEN jsonb_typeof(${value}) = 'string' THEN ${value} #>> '{}' END, '')`;
  switch (target?.type) {
    case 'dateTime':
      return [{ sql: `${text}::timestamptz`, type: 'time' }];
    case 'boolean':
    case 'integer':
    case 'decimal':
      return [{ sql: numberOf(value), type: 'number' }];
    case undefined:
      // What no schema describes can be anything: numbers before text.
      return [
        { sql: kindOf(value), type: 'number' },
        { sql: numberOf(value), type: 'number' },
        { sql: foldSql(text, scope), type: 'text' },
      ];
    default:
      return [{ sql: target?.caseExact ? `${text} COLLATE "C"` : foldSql(text, scope), type: 'text' }];
  }
}

function numberOf(value: string): string {
  return `(CASE jsonb_typeof(${value}) WHEN 'number' THEN (${value})::float8
    WHEN 'boolean' THEN (${value})::boolean::int::float8 END)`;
}

function kindOf(value: string): string {
  return `(CASE WHEN jsonb_typeof(${value}) IN ('number', 'boolean') THEN 0
    WHEN jsonb_typeof(${value}) = 'string' AND ${value} <> '""' THEN 1 END)`;
}

/** jsonb of the value that counts: the primary one of several, else the first; of an object the sub-attribute. */
function sortedValue(path: AttributePath, scope: SqlScope): string {
  const held = heldSql(path, scope);
  const chosen = `(SELECT CASE WHEN jsonb_typeof(h.held) = 'array' THEN (
      SELECT e.value FROM jsonb_array_elements(h.held) WITH ORDINALITY AS e (value, n)
      ORDER BY coalesce(jsonb_typeof(e.value) = 'object' AND e.value -> 'primary' = 'true', false) DESC, e.n LIMIT 1)
    ELSE h.held END FROM (SELECT ${held} AS held) h)`;
  const part = partSql('c.value', path, path.subAttribute ?? 'value', scope);
  return `(SELECT CASE WHEN jsonb_typeof(c.value) = 'object' THEN ${part} ELSE c.value END
    FROM (SELECT ${chosen} AS value) c)`;
}

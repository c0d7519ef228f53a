import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';

/**
 * Where a page begins: beside the row with these sort keys (as PostgreSQL writes them), in the given direction; without keys at the end
 * of the list that this direction leads away from.
 */
export interface PageCursor {
  direction: 'next' | 'prev';
  keys: string[];
}

export interface PageRequest {
  /** 1–100. */
  size: number;
  cursor?: PageCursor;
}

/** Rows in list order; a cursor is null at that end of the list. */
export interface Page<Row> {
  rows: Row[];
  next: PageCursor | null;
  prev: PageCursor | null;
}

/** A list as one statement: the conditions are SQL with `$1…` for `params`; the keys together name a row. */
export interface ListStatement {
  columns: string;
  from: string;
  where: string;
  params: readonly unknown[];
  keys: readonly { sql: string; type: 'text' | 'timestamptz' | 'integer' }[];
  /** Largest keys first. */
  descending?: boolean;
}

/** For lists that may have to look at every row of a directory: how long one of their statements may take. */
export const LONG_READ_MS = 4_000;

type KeyedRow<Row> = Row & { page_keys: string[] };

/** One page by keyset: reading it costs the same however deep it lies. A page after a change of the list shows no row twice. */
export async function readPage<Row>(
  manager: EntityManager,
  list: ListStatement,
  { size, cursor }: PageRequest,
): Promise<Page<Row>> {
  const backwards = cursor?.direction === 'prev';
  const from = cursor && cursor.keys.length > 0 ? cursor.keys : undefined;
  const found = await readRows<Row>(manager, list, { backwards, from, limit: size + 1 });
  const more = found.length > size;
  const kept = found.slice(0, size);
  const rows = backwards ? kept.toReversed() : kept;
  const first = rows[0]?.page_keys;
  const last = rows.at(-1)?.page_keys;
  if (!first || !last) return { rows, next: null, prev: null };
  const [hasPrev, hasNext] = backwards
    ? [more, from !== undefined && (await existsBeyond(manager, list, last, false))]
    : [from !== undefined && (await existsBeyond(manager, list, first, true)), more];
  return {
    rows,
    next: hasNext ? { direction: 'next', keys: last } : null,
    prev: hasPrev ? { direction: 'prev', keys: first } : null,
  };
}

/** How many rows the list has in all. */
export async function countRows(
  manager: EntityManager,
  { from, where, params }: Pick<ListStatement, 'from' | 'where' | 'params'>,
): Promise<number> {
  const { rows } = await runStatement<{ total: string }>(
    manager,
    `SELECT count(*) AS total FROM ${from} WHERE ${where}`,
    params,
  );
  return Number(rows[0]?.total ?? 0);
}

async function readRows<Row>(
  manager: EntityManager,
  list: ListStatement,
  { backwards, from, limit }: { backwards: boolean; from?: string[]; limit: number },
): Promise<KeyedRow<Row>[]> {
  const { comparison, direction } = orientation(list, backwards);
  const boundary = from ? ` AND ${compareKeys(list, comparison)}` : '';
  const { rows } = await runStatement<KeyedRow<Row>>(
    manager,
    `SELECT ${list.columns}, ARRAY[${list.keys.map(({ sql }) => `(${sql})::text`).join(', ')}] AS page_keys
     FROM ${list.from} WHERE ${list.where}${boundary}
     ORDER BY ${list.keys.map(({ sql }) => `${sql} ${direction}`).join(', ')} LIMIT ${limit}`,
    [...list.params, ...(from ?? [])],
  );
  return rows;
}

async function existsBeyond(
  manager: EntityManager,
  list: ListStatement,
  keys: string[],
  backwards: boolean,
): Promise<boolean> {
  const { comparison } = orientation(list, backwards);
  const { rows } = await runStatement<{ found: boolean }>(
    manager,
    `SELECT EXISTS (SELECT 1 FROM ${list.from} WHERE ${list.where} AND ${compareKeys(list, comparison)}) AS found`,
    [...list.params, ...keys],
  );
  return rows[0]?.found ?? false;
}

function orientation(
  { descending = false }: ListStatement,
  backwards: boolean,
): { comparison: string; direction: string } {
  return descending === backwards ? { comparison: '>', direction: 'ASC' } : { comparison: '<', direction: 'DESC' };
}

function compareKeys({ keys, params }: ListStatement, comparison: string): string {
  const values = keys.map(({ type }, index) => `$${params.length + index + 1}::${type}`);
  return `(${keys.map(({ sql }) => sql).join(', ')}) ${comparison} (${values.join(', ')})`;
}

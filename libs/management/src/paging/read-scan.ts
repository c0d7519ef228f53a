import type { EntityManager } from 'typeorm';
import { runStatement } from '@rollcall/database';
import type { Page, PageRequest } from './read-page';

/** A condition in SQL; one with a value gets that as its parameter, and is left out when the value is undefined. */
export type Condition = string | readonly [sql: (parameter: string) => string, value: unknown];

/** A log of which a page looks at a bounded part, newest first. Its rows are ordered by `id`. */
export interface Scan {
  table: string;
  /** What the conditions and columns call it. */
  alias: string;
  /** Which rows are looked at: what an index leads along. */
  bounds: readonly Condition[];
  /** Which of them are shown. */
  passes: readonly Condition[];
  /** `id` among them. */
  columns: string;
  /** What is read besides of those that are shown. */
  join?: string;
}

/** Rows that one page looks at: what is rare among millions is found page by page, and no page takes long. */
export const SCANNED = 20_000;

/**
 * A page of a log. It may have fewer rows than were asked for, or none, and a next one: then so many were looked at without finding more.
 */
export async function readScan<Row extends { id: string }>(
  manager: EntityManager,
  { table, alias, bounds, passes, columns, join = '' }: Scan,
  { size, cursor }: PageRequest,
): Promise<Pick<Page<Row>, 'rows' | 'next'>> {
  const params: unknown[] = [];
  const id = `${alias}.id`;
  const isBehind: Condition = [(parameter) => `${id} < ${parameter}`, cursor?.keys[0]];
  const scan = `FROM ${table} ${alias} WHERE ${joinConditions([...bounds, isBehind], params)} ORDER BY ${id} DESC`;
  const scanParams = [...params];
  const passed = `SELECT * FROM (SELECT * ${scan} LIMIT ${SCANNED}) ${alias}
    WHERE ${joinConditions(passes, params)} ORDER BY ${id} DESC LIMIT ${size + 1}`;
  const { rows } = await runStatement<Row>(
    manager,
    `SELECT ${columns} FROM (${passed}) ${alias} ${join} ORDER BY ${id} DESC`,
    params,
  );
  const shown = rows.slice(0, size);
  const last = rows.length > size ? shown.at(-1)?.id : await findEnd(manager, { scan, id, params: scanParams });
  return { rows: shown, next: last === undefined ? null : { direction: 'next', keys: [last] } };
}

/** Conditions of a time range, both ends inclusive, of ids that begin with their time. */
export function idsWithin(
  id: string,
  { fromTime, toTime }: { fromTime?: Date | undefined; toTime?: Date | undefined },
): Condition[] {
  return [
    [(parameter) => `${id} >= ulid_floor(greatest(${parameter}::timestamptz, 'epoch'))`, fromTime],
    [(parameter) => `${id} < ulid_floor(greatest(${parameter}::timestamptz + interval '1 ms', 'epoch'))`, toTime],
  ];
}

/** A condition that is not asked for is not there: each combination then has the plan of its own index. */
function joinConditions(conditions: readonly Condition[], params: unknown[]): string {
  const asked = conditions.flatMap((condition) => {
    if (typeof condition === 'string') return [condition];
    const [sql, value] = condition;
    return value === undefined ? [] : [sql(`$${params.push(value)}`)];
  });
  return asked.length === 0 ? 'true' : asked.join(' AND ');
}

/** The last row that was looked at, when there may be others behind it. */
async function findEnd(
  manager: EntityManager,
  { scan, id, params }: { scan: string; id: string; params: readonly unknown[] },
): Promise<string | undefined> {
  const { rows } = await runStatement<{ id: string }>(
    manager,
    `SELECT ${id} ${scan} LIMIT 1 OFFSET ${SCANNED - 1}`,
    params,
  );
  return rows[0]?.id;
}

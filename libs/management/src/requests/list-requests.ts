import type { DataSource, EntityManager } from 'typeorm';
import type { RequestOutcome } from '@rollcall/contract';
import { runStatement, tenantTransaction } from '@rollcall/database';
import { foldText } from '@rollcall/scim';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { LONG_READ_MS } from '../paging/read-page';
import type { Page, PageCursor, PageRequest } from '../paging/read-page';

/** Which requests; absent = all. */
export interface RequestFilter {
  outcome?: RequestOutcome;
  /** Bare id of the user or group. */
  resourceId?: string;
  /** The userName that a request is about, also one that was refused or only looked up. */
  userName?: string;
  method?: string;
  status?: number;
  /** Inclusive, as `toTime`. */
  fromTime?: Date;
  toTime?: Date;
}

/** A request as it is stored, without its bodies; ids are bare. */
export interface RequestRow {
  id: string;
  occurred_at: Date;
  method: string;
  path: string;
  status: number;
  outcome: RequestOutcome;
  scim_type: string | null;
  detail: string | null;
  duration_ms: number;
  secret_id: string | null;
  user_agent: string | null;
  correlation_id: string | null;
  ip_address: string | null;
  resource_id: string | null;
  not_recorded: number;
}

/** The columns of a RequestRow, of scim_requests r. */
export const REQUEST_COLUMNS = `r.id, ulid_time(r.id) AS occurred_at, r.method, r.path, r.status, r.outcome, r.scim_type, r.detail,
  r.duration_ms, r.secret_id, r.user_agent, r.correlation_id, r.ip_address, r.resource_id, r.not_recorded`;

/** Requests that are looked at for one page: what is rare among millions is found page by page, and no page takes long. */
const EXAMINED = 20_000;

/**
 * The requests of a directory, newest first. A page may have fewer rows than asked for, or none, and a next one: then so many were looked
 * at without finding more. Throws AppError `directory_not_found`.
 */
export async function listRequests(
  dataSource: DataSource,
  scope: DirectoryScope,
  filter: RequestFilter,
  { size, cursor }: PageRequest,
): Promise<Pick<Page<RequestRow>, 'rows' | 'next'>> {
  return tenantTransaction(dataSource, { ...scope, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    await requireDirectory(manager, scope);
    const examined = examine(scope.directoryId, filter, cursor);
    const conditions = compare(examined, filter);
    const { rows } = await runStatement<RequestRow>(
      manager,
      `SELECT ${REQUEST_COLUMNS} FROM (${examined.sql}) r WHERE ${conditions} ORDER BY r.id DESC LIMIT ${size + 1}`,
      examined.params,
    );
    if (rows.length > size) return { rows: rows.slice(0, size), next: behind(rows[size - 1]?.id) };
    return { rows, next: behind(await findEnd(manager, examined)) };
  });
}

interface Examined {
  sql: string;
  /** Those of the statement and, behind them, of its conditions. */
  params: unknown[];
  /** Those of the statement alone. */
  own: number;
}

/** The requests that are looked at: what an index leads to. */
function examine(
  directoryId: string,
  { outcome, resourceId, userName, fromTime, toTime }: RequestFilter,
  cursor: PageCursor | undefined,
): Examined {
  const params: unknown[] = [directoryId];
  const conditions = ['q.directory_id = $1'];
  const add = (value: unknown, sql: (parameter: string) => string) => {
    if (value !== undefined) conditions.push(sql(`$${params.push(value)}`));
  };
  add(resourceId, (parameter) => `q.resource_id = ${parameter}`);
  add(userName === undefined ? undefined : foldText(userName), (parameter) => `q.user_name_key = ${parameter}`);
  add(fromTime, (parameter) => `q.id >= ulid_floor(greatest(${parameter}::timestamptz, 'epoch'))`);
  add(toTime, (parameter) => `q.id < ulid_floor(greatest(${parameter}::timestamptz + interval '1 ms', 'epoch'))`);
  add(cursor?.keys[0], (parameter) => `q.id < ${parameter}`);
  // As text of the statement: the planner then sees that these are in the index of what went wrong.
  if (outcome === 'refused' || outcome === 'failed') {
    conditions.push(`q.outcome IN ('refused', 'failed') AND q.outcome = '${outcome}'`);
  }
  const sql = `SELECT * FROM scim_requests q WHERE ${conditions.join(' AND ')} ORDER BY q.id DESC LIMIT ${EXAMINED}`;
  return { sql, params, own: params.length };
}

/** The conditions that each of them is compared with. */
function compare({ params }: Examined, { outcome, method, status }: RequestFilter): string {
  const conditions: [column: string, value: unknown][] = [
    ['r.outcome', outcome],
    ['r.method', method],
    ['r.status', status],
  ];
  const asked = conditions.filter(([, value]) => value !== undefined);
  return ['true', ...asked.map(([column, value]) => `${column} = $${params.push(value)}`)].join(' AND ');
}

/** The last request that was looked at, when there may be others behind it. */
async function findEnd(manager: EntityManager, { sql, params, own }: Examined): Promise<string | undefined> {
  const { rows } = await runStatement<{ id: string }>(
    manager,
    `SELECT e.id FROM (${sql}) e ORDER BY e.id DESC OFFSET ${EXAMINED - 1}`,
    params.slice(0, own),
  );
  return rows[0]?.id;
}

function behind(id: string | undefined): PageCursor | null {
  return id === undefined ? null : { direction: 'next', keys: [id] };
}

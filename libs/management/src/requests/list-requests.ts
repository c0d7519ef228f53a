import type { DataSource } from 'typeorm';
import type { RequestOutcome } from '@rollcall/contract';
import { tenantTransaction } from '@rollcall/database';
import { foldText } from '@rollcall/scim';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { LONG_READ_MS } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';
import { idsWithin, readScan } from '../paging/read-scan';
import type { Scan } from '../paging/read-scan';

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

/**
 * The requests of a directory, newest first. A page may have fewer rows than asked for, or none, and a next one: then so many were looked
 * at without finding more. Throws AppError `directory_not_found`.
 */
export async function listRequests(
  dataSource: DataSource,
  scope: DirectoryScope,
  filter: RequestFilter,
  page: PageRequest,
): Promise<Pick<Page<RequestRow>, 'rows' | 'next'>> {
  return tenantTransaction(dataSource, { ...scope, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    await requireDirectory(manager, scope);
    return readScan<RequestRow>(manager, scanOf(scope.directoryId, filter), page);
  });
}

function scanOf(directoryId: string, { outcome, resourceId, userName, method, status, ...times }: RequestFilter): Scan {
  return {
    table: 'scim_requests',
    alias: 'r',
    bounds: [
      [(parameter) => `r.directory_id = ${parameter}`, directoryId],
      [(parameter) => `r.resource_id = ${parameter}`, resourceId],
      [(parameter) => `r.user_name_key = ${parameter}`, userName === undefined ? undefined : foldText(userName)],
      ...idsWithin('r.id', times),
      // As text of the statement: the planner then sees that these are in the index of what went wrong.
      ...(outcome === 'refused' || outcome === 'failed'
        ? [`r.outcome IN ('refused', 'failed') AND r.outcome = '${outcome}'`]
        : []),
    ],
    passes: [
      [(parameter) => `r.outcome = ${parameter}`, outcome],
      [(parameter) => `r.method = ${parameter}`, method],
      [(parameter) => `r.status = ${parameter}`, status],
    ],
    columns: REQUEST_COLUMNS,
  };
}

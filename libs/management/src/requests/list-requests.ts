import type { DataSource, EntityManager } from 'typeorm';
import type { RequestOutcome } from '@rollcall/contract';
import { tenantTransaction } from '@rollcall/database';
import { isFailure } from '@rollcall/directory';
import type { RequestEntry } from '@rollcall/directory';
import { idFloor } from '@rollcall/platform';
import { foldText } from '@rollcall/scim';
import { requireDirectory } from '../directories/find-directory';
import type { DirectoryScope } from '../directories/find-directory';
import { LONG_READ_MS } from '../paging/read-page';
import type { Page, PageRequest } from '../paging/read-page';
import { readRequests } from './read-requests';
import type { RequestBounds } from './read-requests';

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

/** Requests that one page looks at: what is rare among many is found page by page, and no page takes long. */
export const REQUESTS_EXAMINED = 10_000;
/** Of a page that leaves some out: how many one statement reads. */
const EXAMINED_AT_ONCE = 2_000;

/**
 * The requests of a directory, newest first. A page may have fewer rows than asked for, or none, and a next one: then so many were looked
 * at without finding more. Throws AppError `directory_not_found`.
 */
export async function listRequests(
  dataSource: DataSource,
  scope: DirectoryScope,
  filter: RequestFilter,
  page: PageRequest,
): Promise<Pick<Page<RequestEntry>, 'rows' | 'next'>> {
  return tenantTransaction(dataSource, { ...scope, statementTimeoutMs: LONG_READ_MS }, async (manager) => {
    await requireDirectory(manager, scope);
    return examine(manager, scope.directoryId, filter, page);
  });
}

async function examine(
  manager: EntityManager,
  directoryId: string,
  filter: RequestFilter,
  { size, cursor }: PageRequest,
): Promise<Pick<Page<RequestEntry>, 'rows' | 'next'>> {
  const passes = passesOf(filter);
  const wanted = passes.length === 0 ? size + 1 : EXAMINED_AT_ONCE;
  const rows: RequestEntry[] = [];
  let examined = 0;
  let last = '';
  for await (const entry of readRequests(manager, boundsOf(directoryId, filter, cursor?.keys[0]), wanted)) {
    if (rows.length === size || examined === REQUESTS_EXAMINED)
      return { rows, next: { direction: 'next', keys: [last] } };
    if (passes.every((pass) => pass(entry))) rows.push(entry);
    examined += 1;
    last = entry.id;
  }
  return { rows, next: null };
}

function boundsOf(directoryId: string, filter: RequestFilter, behind: string | undefined): RequestBounds {
  const { resourceId, outcome, fromTime, toTime } = filter;
  const end = toTime && idFloor(new Date(toTime.getTime() + 1));
  return {
    directoryId,
    key: resourceId ?? nameKeyOf(filter),
    withFailures: outcome !== undefined && isFailure({ outcome }),
    from: fromTime && idFloor(fromTime),
    before: [behind, end].filter((id) => id !== undefined).toSorted()[0],
  };
}

function nameKeyOf({ userName }: RequestFilter): string | undefined {
  return userName === undefined ? undefined : foldText(userName);
}

function passesOf(filter: RequestFilter): ((entry: RequestEntry) => boolean)[] {
  const { outcome, resourceId, method, status } = filter;
  const name = nameKeyOf(filter);
  const wanted: [keyof RequestEntry, string | number | undefined][] = [
    ['outcome', outcome],
    ['resource_id', resourceId],
    ['user_name_key', name],
    ['method', method],
    ['status', status],
  ];
  return wanted.flatMap(([field, value]) =>
    value === undefined ? [] : [(entry: RequestEntry) => entry[field] === value],
  );
}

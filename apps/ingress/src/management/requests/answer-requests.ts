import type { DataSource } from '@rollcall/database';
import { listRequests } from '@rollcall/management';
import type { DirectoryScope, RequestFilter } from '@rollcall/management';
import type { Pager } from '../paging/pager';
import { renderRequest } from './render-request';
import { readResourceId } from './request.dto';
import type { RequestList, RequestsQuery } from './request.dto';

/** The page of a directory's requests that a query asks for; the same for the app owner and the organization's admin. */
export async function answerRequests(
  { dataSource, pager }: { dataSource: DataSource; pager: Pager },
  scope: DirectoryScope,
  query: RequestsQuery,
): Promise<RequestList> {
  const filter = readFilter(query);
  const list = ['requests', ...Object.values(scope), filter];
  const { page, next_page_token } = await pager.log(query, list, (asked) =>
    listRequests(dataSource, scope, filter, asked),
  );
  return { requests: page.rows.map(renderRequest), next_page_token };
}

function readFilter(query: RequestsQuery): RequestFilter {
  const { outcome, resource_id, user_name, method, status, from_time, to_time } = query;
  return {
    outcome,
    resourceId: resource_id === undefined ? undefined : (readResourceId(resource_id) ?? undefined),
    userName: user_name,
    method,
    status,
    fromTime: from_time,
    toTime: to_time,
  };
}

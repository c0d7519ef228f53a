import type { ScimRequestTrace } from '@rollcall/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { pollPauseMs } from './poll-pause';
import { polledIfNewest } from './polled';
import type { RequestFilter, RequestLog } from './request-log';

/** How often the first page of the log is read anew, and a request whose events are still on their way. */
const POLL_LIST_MS = 3_000;
const POLL_TRACE_MS = 1_500;

/** A page of the log; only the first one grows, and is read again and again. */
export function requestsQuery(log: RequestLog, filter: RequestFilter, pageToken: string) {
  return queryOptions({
    queryKey: ['directory', log.directoryId, 'requests', filter, pageToken],
    queryFn: ({ signal }) => log.listRequests(filter, pageToken, signal),
    placeholderData: keepPreviousData,
    ...polledIfNewest(pageToken, POLL_LIST_MS),
  });
}

/** One request with what came of it, read until nothing of it is under way any more. */
export function requestQuery(log: RequestLog, requestId: string) {
  return queryOptions({
    queryKey: ['directory', log.directoryId, 'request', requestId],
    queryFn: ({ signal }) => log.getRequest(requestId, signal),
    retry: false,
    refetchInterval: (query) => isUnderWay(query.state.data) && pollPauseMs(POLL_TRACE_MS, query),
  });
}

export function explainQuery(log: RequestLog, userId: string) {
  return queryOptions({
    queryKey: ['directory', log.directoryId, 'user', userId, 'explanation'],
    queryFn: ({ signal }) => log.explainUser(userId, signal),
  });
}

export function personQuery(log: RequestLog, name: string) {
  return queryOptions({
    queryKey: ['directory', log.directoryId, 'person', name],
    queryFn: ({ signal }) => log.findPerson(name, signal),
  });
}

function isUnderWay(trace: ScimRequestTrace | undefined): boolean {
  if (!trace) return false;
  const isPending = trace.publication === 'pending';
  return isPending || trace.events.some(({ deliveries }) => deliveries.some(({ state }) => state === 'pending'));
}

import type { ScimRequestTrace } from '@rollcall/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { pollPauseMs } from './poll-pause';
import { polledIfNewest } from './polled';
import { explainUser, findPerson, getRequest, listRequests, type RequestFilter } from './request-log';

/** How often the first page of the log is read anew, and a request whose events are still on their way. */
const POLL_LIST_MS = 3_000;
const POLL_TRACE_MS = 1_500;

/** A page of the log; only the first one grows, and is read again and again. */
export function requestsQuery(directoryId: string, filter: RequestFilter, pageToken: string) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'requests', filter, pageToken],
    queryFn: ({ signal }) => listRequests(directoryId, filter, pageToken, signal),
    placeholderData: keepPreviousData,
    ...polledIfNewest(pageToken, POLL_LIST_MS),
  });
}

/** One request with what came of it, read until nothing of it is under way any more. */
export function requestQuery(directoryId: string, requestId: string) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'request', requestId],
    queryFn: ({ signal }) => getRequest(directoryId, requestId, signal),
    retry: false,
    refetchInterval: (query) => isUnderWay(query.state.data) && pollPauseMs(POLL_TRACE_MS, query),
  });
}

export function explainQuery(directoryId: string, userId: string) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'user', userId, 'explanation'],
    queryFn: ({ signal }) => explainUser(directoryId, userId, signal),
  });
}

export function personQuery(directoryId: string, name: string) {
  return queryOptions({
    queryKey: ['directory', directoryId, 'person', name],
    queryFn: ({ signal }) => findPerson(directoryId, name, signal),
  });
}

function isUnderWay(trace: ScimRequestTrace | undefined): boolean {
  if (!trace) return false;
  const isPending = trace.publication === 'pending';
  return isPending || trace.events.some(({ deliveries }) => deliveries.some(({ state }) => state === 'pending'));
}

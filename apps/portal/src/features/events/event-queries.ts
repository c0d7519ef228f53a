import type { ApiPaths } from '@rollcall/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { pollPauseMs } from '../../shared/api/poll-pause';
import { polledIfNewest } from '../../shared/api/polled';
import { answerOf, api } from '../../shared/management-api/management-api';

const PAGE_SIZE = 50;
const DELIVERIES_MAX = 100;
const POLL_MS = 10_000;
const POLL_SOON_MS = 3_000;

export const EVENT_FILTERS = ['types', 'organization_id', 'directory_id', 'from_time', 'to_time'] as const;
type EventFilters = Record<(typeof EVENT_FILTERS)[number], string>;

type LatestEvents = ApiPaths['/api/v1/events:latest']['get']['responses'][200]['content']['application/json'];
export type EventSummary = LatestEvents['events'][number];

export function latestEventsQuery(filters: EventFilters, pageToken: string) {
  return queryOptions({
    queryKey: ['events', 'latest', filters, pageToken],
    queryFn: ({ signal }) => {
      const asked = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''));
      const query = { ...asked, page_size: PAGE_SIZE, page_token: pageToken };
      return answerOf(api.GET('/api/v1/events:latest', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    ...polledIfNewest(pageToken, POLL_MS),
  });
}

export function eventQuery(eventId: string) {
  return queryOptions({
    queryKey: ['events', 'one', eventId],
    queryFn: async ({ signal }) => {
      const params = { path: { event_id: eventId } };
      const { event } = await answerOf(api.GET('/api/v1/events/{event_id}', { params, signal }));
      return event;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function eventDeliveriesQuery(eventId: string) {
  return queryOptions({
    queryKey: ['events', 'deliveries', eventId],
    queryFn: ({ signal }) => {
      const params = { path: { event_id: eventId }, query: { page_size: DELIVERIES_MAX } };
      return answerOf(api.GET('/api/v1/events/{event_id}/deliveries', { params, signal }));
    },
    retry: false,
    refetchInterval: (query) => {
      const isWaiting = query.state.data?.deliveries.some(({ state }) => state === 'pending') ?? false;
      return pollPauseMs(isWaiting ? POLL_SOON_MS : POLL_MS, query);
    },
  });
}

/** Where the endpoints of the environment are, by id. */
export const endpointUrlsQuery = queryOptions({
  queryKey: ['events', 'endpoint-urls'],
  queryFn: async ({ signal }) => {
    const params = { query: { page_size: DELIVERIES_MAX } };
    const { webhook_endpoints: endpoints } = await answerOf(api.GET('/api/v1/webhook_endpoints', { params, signal }));
    return new Map(endpoints.map(({ id, url }) => [id, url]));
  },
  staleTime: 60_000,
});

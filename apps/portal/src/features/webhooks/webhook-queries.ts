import type { WebhookDelivery, WebhookEndpoint } from '@rollcall/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { pollPauseMs } from '../../shared/api/poll-pause';
import { polled } from '../../shared/api/polled';
import { answerOf, api } from '../../shared/management-api/management-api';

export const PAGE_SIZE = 20;

const POLL_MS = 10_000;
/** While something that was just asked for is on its way. */
const POLL_SOON_MS = 1_500;

/** Everything that is known of an endpoint, to be read anew together. */
export function endpointKey(endpointId: string) {
  return ['webhooks', endpointId] as const;
}

export function endpointsQuery(pageToken: string) {
  return queryOptions({
    queryKey: ['webhooks', 'list', pageToken],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/api/v1/webhook_endpoints', {
          params: { query: { page_size: PAGE_SIZE, page_token: pageToken } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    ...polled(POLL_MS),
  });
}

export function endpointQuery(endpointId: string) {
  return queryOptions({
    queryKey: [...endpointKey(endpointId), 'endpoint'],
    queryFn: async ({ signal }): Promise<WebhookEndpoint> => {
      const params = { path: { endpoint_id: endpointId } };
      const answer = await answerOf(api.GET('/api/v1/webhook_endpoints/{endpoint_id}', { params, signal }));
      return answer.webhook_endpoint;
    },
    ...polled(POLL_MS),
  });
}

interface DeliveryFilters {
  state: string;
  event_type: string;
  organization_id: string;
  event_id: string;
  replay_id: string;
}

export const DELIVERY_FILTERS = ['state', 'event_type', 'organization_id', 'event_id', 'replay_id'] as const;

export function deliveriesQuery(endpointId: string, filters: DeliveryFilters, pageToken: string) {
  return queryOptions({
    queryKey: [...endpointKey(endpointId), 'deliveries', filters, pageToken],
    queryFn: ({ signal }) => {
      const asked = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''));
      const query = { ...asked, page_size: PAGE_SIZE, page_token: pageToken };
      const params = { path: { endpoint_id: endpointId }, query };
      return answerOf(api.GET('/api/v1/webhook_endpoints/{endpoint_id}/deliveries', { params, signal }));
    },
    placeholderData: keepPreviousData,
    retry: false,
    refetchInterval: (query) => {
      const isWaiting = query.state.data?.deliveries.some(isUnderWay) ?? false;
      return pollPauseMs(isWaiting ? POLL_SOON_MS : POLL_MS, query);
    },
  });
}

/** Due, and not held back until a later try: its answer may come any moment. */
function isUnderWay({ state, attempt }: WebhookDelivery): boolean {
  return state === 'pending' && attempt === 0;
}

export function deliveryQuery(endpointId: string, deliveryId: string) {
  return queryOptions({
    queryKey: [...endpointKey(endpointId), 'delivery', deliveryId],
    queryFn: ({ signal }) => {
      const params = { path: { endpoint_id: endpointId, delivery_id: deliveryId } };
      return answerOf(api.GET('/api/v1/webhook_endpoints/{endpoint_id}/deliveries/{delivery_id}', { params, signal }));
    },
    ...polled(2 * POLL_SOON_MS),
  });
}

export function replaysQuery(endpointId: string, pageToken: string) {
  return queryOptions({
    queryKey: [...endpointKey(endpointId), 'replays', pageToken],
    queryFn: ({ signal }) => {
      const params = { path: { endpoint_id: endpointId }, query: { page_size: PAGE_SIZE, page_token: pageToken } };
      return answerOf(api.GET('/api/v1/webhook_endpoints/{endpoint_id}/replays', { params, signal }));
    },
    placeholderData: keepPreviousData,
    retry: false,
    refetchInterval: (query) => {
      const isRunning = query.state.data?.replays.some(({ state }) => state === 'running') ?? false;
      return pollPauseMs(isRunning ? POLL_SOON_MS : POLL_MS, query);
    },
  });
}

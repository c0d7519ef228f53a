import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { polled } from '../../shared/api/polled';
import { answerOf, api } from '../../shared/management-api/management-api';

export const PAGE_SIZE = 20;
const POLL_MS = 15_000;

export const CLIENTS_KEY = ['api-clients'] as const;

export function clientsQuery(pageToken: string) {
  return queryOptions({
    queryKey: [...CLIENTS_KEY, pageToken],
    queryFn: ({ signal }) => {
      const params = { query: { page_size: PAGE_SIZE, page_token: pageToken } };
      return answerOf(api.GET('/api/v1/api_clients', { params, signal }));
    },
    placeholderData: keepPreviousData,
    ...polled(POLL_MS),
  });
}

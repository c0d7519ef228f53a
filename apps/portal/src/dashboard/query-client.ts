import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isOutcomeUnknown, isSessionError } from '../shared/api/portal-error';
import { shouldRetry } from '../shared/api/should-retry';
import { trackReachability } from '../shared/api/track-reachability';
import { dashboardSessionQuery } from '../shared/dashboard-api/dashboard-session';

/**
 * The cache of everything the server said to this page, which is of one environment. A call that finds the session gone asks for it
 * anew, and the layout then leads to the sign-in page. A change whose outcome is not known has everything on the page read anew.
 * Nothing that was pressed waits to run later: calls are made, and fail, also while the browser believes to be offline.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (isSessionError(error)) void client.invalidateQueries({ queryKey: dashboardSessionQuery.queryKey });
    if (isOutcomeUnknown(error)) void client.invalidateQueries();
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== dashboardSessionQuery.queryKey[0]) onError(error);
      },
    }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { networkMode: 'always', refetchOnReconnect: true, retry: shouldRetry, staleTime: 1_000 },
      // What changes something is never repeated by itself: its first try may have succeeded unseen.
      mutations: { networkMode: 'always', retry: false },
    },
  });
  trackReachability(client);
  return client;
}

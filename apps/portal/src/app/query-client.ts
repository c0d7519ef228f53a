import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isFeatureOff, isOtherOrganization, isOutcomeUnknown, isSessionError } from '../shared/api/portal-error';
import { sessionQuery } from '../shared/api/queries';
import { shouldRetry } from '../shared/api/should-retry';
import { trackReachability } from '../shared/api/track-reachability';

/**
 * The cache of everything the server said. A call that finds the session gone, of another organization, or without the feature asks
 * for the session anew, whose answer the layout turns into the page that says so. A change whose outcome is not known has everything
 * on the page read anew. Calls are made also while the browser believes to be offline: they fail at once then, and nothing that was
 * pressed waits to run later.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (isSessionError(error) || isOtherOrganization(error) || isFeatureOff(error)) {
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    }
    if (isOutcomeUnknown(error)) void client.invalidateQueries();
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== sessionQuery.queryKey[0]) onError(error);
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

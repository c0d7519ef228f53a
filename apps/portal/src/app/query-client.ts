import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isFeatureOff, isOtherOrganization, isSessionError, isTransient } from '../shared/api/portal-error';
import { sessionQuery } from '../shared/api/queries';

const RETRIES_MAX = 2;

/**
 * The cache of everything the server said. A call that finds the session gone, of another organization, or without the feature asks
 * for the session anew, whose answer the layout turns into the page that says so.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (isSessionError(error) || isOtherOrganization(error) || isFeatureOff(error)) {
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    }
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== sessionQuery.queryKey[0]) onError(error);
      },
    }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { retry: (failures, error) => failures < RETRIES_MAX && isTransient(error), staleTime: 1_000 },
      // What changes something is never repeated by itself: its first try may have succeeded unseen.
      mutations: { retry: false },
    },
  });
  return client;
}

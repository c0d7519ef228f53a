import { MutationCache, QueryCache, QueryClient, type QueryKey } from '@tanstack/react-query';
import { isOutcomeUnknown } from './portal-error';
import { shouldRetry } from './should-retry';
import { trackReachability } from './track-reachability';

interface ClientOptions {
  /** Of the question whether there is a session. */
  sessionKey: QueryKey;
  /** Whether an error says that the session is no longer what the page takes it for: then it is asked for anew. */
  isAboutSession: (error: unknown) => boolean;
}

/**
 * The cache of everything the server said. A change whose outcome is not known has everything on the page read anew. Calls are made also
 * while the browser believes to be offline: they fail at once then, and nothing that was pressed waits to run later.
 */
export function createClient({ sessionKey, isAboutSession }: ClientOptions): QueryClient {
  const onError = (error: unknown) => {
    if (isAboutSession(error)) void client.invalidateQueries({ queryKey: sessionKey });
    if (isOutcomeUnknown(error)) void client.invalidateQueries();
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== sessionKey[0]) onError(error);
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

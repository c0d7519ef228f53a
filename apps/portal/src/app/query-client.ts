import type { QueryClient } from '@tanstack/react-query';
import { createClient } from '../shared/api/create-client';
import { isFeatureOff, isOtherOrganization, isSessionError } from '../shared/api/portal-error';
import { sessionQuery } from '../shared/api/queries';

/**
 * The cache of the portal. A call that finds the session gone, of another organization, or without the feature asks for the session anew,
 * whose answer the layout turns into the page that says so.
 */
export function createQueryClient(): QueryClient {
  return createClient({
    sessionKey: sessionQuery.queryKey,
    isAboutSession: (error) => isSessionError(error) || isOtherOrganization(error) || isFeatureOff(error),
  });
}

import type { QueryClient } from '@tanstack/react-query';
import { createClient } from '../shared/api/create-client';
import { isSessionError } from '../shared/api/portal-error';
import { dashboardSessionQuery } from '../shared/dashboard-api/dashboard-session';

/**
 * The cache of this page, which is of one environment. A call that finds the session gone asks for it anew, and the layout then leads to
 * the sign-in page.
 */
export function createQueryClient(): QueryClient {
  return createClient({ sessionKey: dashboardSessionQuery.queryKey, isAboutSession: isSessionError });
}

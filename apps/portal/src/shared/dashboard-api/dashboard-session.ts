import { queryOptions, useQuery } from '@tanstack/react-query';
import { pollPauseMs } from '../api/poll-pause';
import { isSessionError } from '../api/portal-error';
import { getDashboardSession, type DashboardSession } from './dashboard-api';

/** A role that was changed and a session that was ended elsewhere are seen within this time. */
const POLL_SESSION_MS = 30_000;

export const dashboardSessionQuery = queryOptions({
  queryKey: ['dashboard-session'],
  queryFn: ({ signal }) => getDashboardSession(signal),
  retry: false,
  refetchInterval: (query) => !isSessionError(query.state.error) && pollPauseMs(POLL_SESSION_MS, query),
});

/** The session of the page; the layout around it shows a page only when there is one. */
export function useDashboardSession(): DashboardSession {
  const { data } = useQuery(dashboardSessionQuery);
  if (!data) throw new Error('useDashboardSession needs a layout above it that has read the session');
  return data;
}

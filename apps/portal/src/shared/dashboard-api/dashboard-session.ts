import { createContext, useContext } from 'react';
import { queryOptions } from '@tanstack/react-query';
import { pollPauseMs } from '../api/poll-pause';
import { isSessionError } from '../api/portal-error';
import { environmentOfAddress } from '../management-api/environment-address';
import { getDashboardSession, getMemberSession, type DashboardSession, type MemberRole } from './dashboard-api';

/** A role that was changed and a session that was ended elsewhere are seen within this time. */
const POLL_SESSION_MS = 30_000;

export const dashboardSessionQuery = queryOptions({
  queryKey: ['dashboard-session'],
  queryFn: ({ signal }) => getDashboardSession(signal),
  retry: false,
  refetchInterval: (query) => !isSessionError(query.state.error) && pollPauseMs(POLL_SESSION_MS, query),
});

/** Who is signed in and where they may go, asked for on a page that they may not see. */
export const memberSessionQuery = queryOptions({
  queryKey: ['member-session'],
  queryFn: ({ signal }) => getMemberSession(signal),
});

/** A session with a role in the environment that the page shows. */
interface EnvironmentSession extends DashboardSession {
  role: MemberRole;
  environment: { id: string; name: string };
}

/** Whether the member has a role in the environment of the page's address. */
export function isOfEnvironment(session: DashboardSession): session is EnvironmentSession {
  const { role, environment } = session;
  return role !== null && environment !== null && environment.id === environmentOfAddress(location.pathname);
}

const SessionContext = createContext<EnvironmentSession | null>(null);

/** Gives the session to the page below: it is read in one place. */
export const DashboardSessionProvider = SessionContext.Provider;

/** The session of the page; the layout around it shows a page only when there is one. */
export function useDashboardSession(): EnvironmentSession {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useDashboardSession needs a layout above it that has read the session');
  return session;
}

import { useEffect } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'react-router';
import { isSessionError } from '../../shared/api/portal-error';
import { dashboardSessionQuery } from '../../shared/dashboard-api/dashboard-session';
import { addressOfEnvironment } from '../../shared/management-api/environment-address';
import { LoadFailedPage } from '../../shared/ui/load-failed-page';
import { StatusPage } from '../../shared/ui/status-page';
import { NoAccessPage } from '../no-access-page';
import { signInAddress } from '../sign-in-address';

/** At an address that names no environment: the same page of the member's first one, or the page to sign in. */
export function EnterPage() {
  const session = useQuery(dashboardSessionQuery);
  const { pathname, search, hash } = useLocation();
  const rest = `${pathname === '/' ? '' : pathname}${search}${hash}`;
  const environment = session.data?.environment;
  const next = environment
    ? addressOfEnvironment(environment.id) + rest
    : isSessionError(session.error)
      ? signInAddress(location)
      : null;
  useEffect(() => {
    if (next !== null) location.replace(next);
  }, [next]);

  if (environment === null) return <NoAccessPage />;
  if (next === null && session.error !== null) {
    return (
      <LoadFailedPage
        title="The dashboard could not be loaded"
        error={session.error}
        isTrying={session.isFetching}
        onRetry={() => void session.refetch()}
      />
    );
  }
  return <StatusPage title="Opening the dashboard" isBusy />;
}

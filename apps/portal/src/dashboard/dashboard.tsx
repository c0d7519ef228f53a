import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { BrowserRouter, Routes } from 'react-router';
import { dashboardSessionQuery } from '../shared/dashboard-api/dashboard-session';
import { addressOfEnvironment, environmentOfAddress } from '../shared/management-api/environment-address';
import { Announcer } from '../shared/ui/announcer';
import { ConnectionBanner } from '../shared/ui/connection-banner';
import { ErrorBoundary } from '../shared/ui/error-boundary';
import { beginPages } from '../shared/ui/later-page';
import { organizationQuery } from '../features/organizations/organization-queries';
import { ENVIRONMENT_ROUTES } from './environment-routes';
import { FrontRoutes } from './front-routes';
import { createQueryClient } from './query-client';

interface DashboardProps {
  /** The one of the page's address; null: it is of none. */
  environmentId: string | null;
  client: QueryClient;
}

/**
 * The owner's dashboard. Every page of an environment is below its address, and links between them do not name it: going to another
 * environment, signing in and signing out load the page anew, so that nothing of the one before is left in memory.
 */
export function Dashboard({ environmentId, client }: DashboardProps) {
  return (
    <QueryClientProvider client={client}>
      <BrowserRouter basename={environmentId === null ? '/dashboard' : addressOfEnvironment(environmentId)}>
        <Announcer>
          <ConnectionBanner />
          <ErrorBoundary advice={() => 'If it happens again, look at the server’s log.'}>
            {environmentId === null ? <FrontRoutes /> : <Routes>{ENVIRONMENT_ROUTES}</Routes>}
          </ErrorBoundary>
        </Announcer>
      </BrowserRouter>
    </QueryClientProvider>
  );
}

/** Begins to ask for what the page of an address shows, beside the code and the texts that draw it; what is answered is in the cache. */
export function beginDashboard(path: string): DashboardProps {
  const client = createQueryClient();
  const environmentId = environmentOfAddress(path);
  if (environmentId === null) return { environmentId, client };
  const { organizationId } = beginPages(ENVIRONMENT_ROUTES, path, addressOfEnvironment(environmentId));
  void client.prefetchQuery(dashboardSessionQuery);
  if (organizationId !== undefined) void client.prefetchQuery(organizationQuery(organizationId));
  return { environmentId, client };
}

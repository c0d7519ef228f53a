import { useState } from 'react';
import { QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter } from 'react-router';
import { addressOfEnvironment, environmentOfAddress } from '../shared/management-api/environment-address';
import { Announcer } from '../shared/ui/announcer';
import { ConnectionBanner } from '../shared/ui/connection-banner';
import { ErrorBoundary } from '../shared/ui/error-boundary';
import { EnvironmentRoutes } from './environment-routes';
import { FrontRoutes } from './front-routes';
import { createQueryClient } from './query-client';

/**
 * The owner's dashboard. Every page of an environment is below its address, and links between them do not name it: going to another
 * environment, signing in and signing out load the page anew, so that nothing of the one before is left in memory.
 */
export function Dashboard() {
  const [client] = useState(createQueryClient);
  const [environmentId] = useState(() => environmentOfAddress(location.pathname));
  return (
    <QueryClientProvider client={client}>
      <BrowserRouter basename={environmentId === null ? '/dashboard' : addressOfEnvironment(environmentId)}>
        <Announcer>
          <ConnectionBanner />
          <ErrorBoundary advice={() => 'If it happens again, look at the server’s log.'}>
            {environmentId === null ? <FrontRoutes /> : <EnvironmentRoutes />}
          </ErrorBoundary>
        </Announcer>
      </BrowserRouter>
    </QueryClientProvider>
  );
}

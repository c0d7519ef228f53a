import { t } from '@lingui/core/macro';
import { Suspense } from 'react';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { directoryQuery, sessionQuery } from '../shared/api/queries';
import { Announcer } from '../shared/ui/announcer';
import { OpenLinkPage } from '../features/session/open-link-page';
import { ConnectionBanner } from '../shared/ui/connection-banner';
import { ErrorBoundary } from '../shared/ui/error-boundary';
import { beginPages } from '../shared/ui/later-page';
import { StatusPage } from '../shared/ui/status-page';
import { theVendor } from '../shared/branding/app-name';
import {
  ConfigurationPage,
  ContactsPage,
  DirectoryLayout,
  ExplainPage,
  GroupPage,
  GroupsPage,
  HandedOverPage,
  HandOverPage,
  HeldPage,
  MappingPage,
  RequestPage,
  RequestsPage,
  UnsubscribePage,
  UsersPage,
} from './later-pages';
import { DirectoriesPage } from './pages/directories-page';
import { NewDirectoryPage } from './pages/new-directory-page';
import { NotFoundPage } from './pages/not-found-page';
import { PortalLayout } from './portal-layout';
import { createQueryClient } from './query-client';

/** Every address of the portal. */
const ROUTES = (
  <>
    <Route path="/portal/open" element={<OpenLinkPage />} />
    <Route path="/portal/hand-over" element={<HandedOverPage />} />
    <Route path="/portal/unsubscribe" element={<UnsubscribePage />} />
    <Route path="/portal" element={<PortalLayout />}>
      <Route index element={<DirectoriesPage />} />
      <Route path="contacts" element={<ContactsPage />} />
      <Route path="directories">
        <Route index element={<Navigate to="/portal" replace />} />
        <Route path="new" element={<NewDirectoryPage />} />
        <Route path=":directoryId" element={<DirectoryLayout />}>
          <Route index element={<ConfigurationPage />} />
          <Route path="hand-over" element={<HandOverPage />} />
          <Route path="users" element={<UsersPage />} />
          <Route path="users/:userId/explanation" element={<ExplainPage />} />
          <Route path="groups" element={<GroupsPage />} />
          <Route path="groups/:groupId" element={<GroupPage />} />
          <Route path="activity" element={<RequestsPage />} />
          <Route path="activity/:requestId" element={<RequestPage />} />
          <Route path="mapping" element={<MappingPage />} />
          <Route path="held" element={<HeldPage />} />
        </Route>
      </Route>
      <Route path="*" element={<NotFoundPage />} />
    </Route>
    <Route path="*" element={<Navigate to="/portal" replace />} />
  </>
);

/** The pages that somebody sees who has no session. */
const WITHOUT_SESSION = /^\/portal\/(?:open|hand-over|unsubscribe)\/?$/;

/** Begins to ask for what the page of an address shows, beside the code and the texts that draw it; what is answered is in the cache. */
export function beginPortal(path: string): QueryClient {
  const client = createQueryClient();
  const { directoryId } = beginPages(ROUTES, path);
  if (!WITHOUT_SESSION.test(path)) void client.prefetchQuery(sessionQuery);
  if (directoryId !== undefined) void client.prefetchQuery(directoryQuery(directoryId));
  return client;
}

export function App({ client }: { client: QueryClient }) {
  return (
    <QueryClientProvider client={client}>
      <BrowserRouter>
        <Announcer>
          <ConnectionBanner />
          <ErrorBoundary advice={() => t`If it happens again, tell ${{ vendor: theVendor() }}.`}>
            <Suspense fallback={<StatusPage title={t`Opening the page`} isBusy />}>
              <Routes>{ROUTES}</Routes>
            </Suspense>
          </ErrorBoundary>
        </Announcer>
      </BrowserRouter>
    </QueryClientProvider>
  );
}

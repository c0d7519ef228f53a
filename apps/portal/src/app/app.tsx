import { t } from '@lingui/core/macro';
import { Suspense, useState } from 'react';
import { QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { Announcer } from '../shared/ui/announcer';
import { OpenLinkPage } from '../features/session/open-link-page';
import { ConnectionBanner } from '../shared/ui/connection-banner';
import { ErrorBoundary } from '../shared/ui/error-boundary';
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
export function App() {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <BrowserRouter>
        <Announcer>
          <ConnectionBanner />
          <ErrorBoundary advice={() => t`If it happens again, tell ${{ vendor: theVendor() }}.`}>
            <Suspense fallback={<StatusPage title={t`Opening the page`} isBusy />}>
              <Routes>
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
              </Routes>
            </Suspense>
          </ErrorBoundary>
        </Announcer>
      </BrowserRouter>
    </QueryClientProvider>
  );
}

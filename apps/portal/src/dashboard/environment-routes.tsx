import { lazy } from 'react';
import { Route, Routes } from 'react-router';
import { DashboardLayout } from './dashboard-layout';
import { DELIVERY_ROUTES } from './delivery-routes';
import { NotFoundPage } from './pages/not-found-page';
import { WatchOrganization } from './watch-organization';

// Each page is loaded when somebody goes there.
const OrganizationsPage = lazy(async () => ({
  default: (await import('./pages/organizations-page')).OrganizationsPage,
}));
const OrganizationPage = lazy(async () => ({ default: (await import('./pages/organization-page')).OrganizationPage }));
const DirectoryRoutes = lazy(async () => ({
  default: (await import('./pages/directory/directory-routes')).DirectoryRoutes,
}));
const MembersPage = lazy(async () => ({ default: (await import('./pages/members-page')).MembersPage }));
const SettingsPage = lazy(async () => ({ default: (await import('./pages/settings-page')).SettingsPage }));
const AccountPage = lazy(async () => ({ default: (await import('./pages/account-page')).AccountPage }));

/** Every page of an environment, below its address. */
export function EnvironmentRoutes() {
  return (
    <Routes>
      <Route element={<DashboardLayout />}>
        {DELIVERY_ROUTES}
        <Route path="organizations">
          <Route index element={<OrganizationsPage />} />
          <Route path=":organizationId" element={<WatchOrganization />}>
            <Route index element={<OrganizationPage />} />
            <Route path="directories/*" element={<DirectoryRoutes />} />
          </Route>
        </Route>
        <Route path="members" element={<MembersPage />} />
        <Route path="settings" element={<SettingsPage />} />
        <Route path="account" element={<AccountPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  );
}

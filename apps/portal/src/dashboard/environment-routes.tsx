import { Route } from 'react-router';
import { laterPage } from '../shared/ui/later-page';
import { DashboardLayout } from './dashboard-layout';
import { DELIVERY_ROUTES } from './delivery-routes';
import { NotFoundPage } from './pages/not-found-page';
import { WatchOrganization } from './watch-organization';

// Each page is loaded when somebody goes there.
const OrganizationsPage = laterPage(async () => (await import('./pages/organizations-page')).OrganizationsPage);
const OrganizationPage = laterPage(async () => (await import('./pages/organization-page')).OrganizationPage);
const DirectoryRoutes = laterPage(async () => (await import('./pages/directory/directory-routes')).DirectoryRoutes);
const MembersPage = laterPage(async () => (await import('./pages/members-page')).MembersPage);
const SettingsPage = laterPage(async () => (await import('./pages/settings-page')).SettingsPage);
const AccountPage = laterPage(async () => (await import('./pages/account-page')).AccountPage);

/** Every page of an environment, below its address. */
export const ENVIRONMENT_ROUTES = (
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
);

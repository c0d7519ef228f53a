import { Route, Routes } from 'react-router';
import { NotFoundPage } from '../not-found-page';
import { DirectoryExplainPage, DirectoryRequestPage, DirectoryRequestsPage } from './directory-activity-pages';
import { DirectoryConfigurationPage } from './directory-configuration-page';
import { DirectoryHeldPage } from './directory-held-page';
import { DirectoryLayout } from './directory-layout';
import { DirectoryGroupPage, DirectoryGroupsPage, DirectoryUsersPage } from './directory-people-pages';
import { DirectoryRulesPage } from './directory-rules-page';
import { NewDirectoryPage } from './new-directory-page';

/** The pages of an organization's directories. */
export function DirectoryRoutes() {
  return (
    <Routes>
      <Route path="new" element={<NewDirectoryPage />} />
      <Route path=":directoryId" element={<DirectoryLayout />}>
        <Route index element={<DirectoryConfigurationPage />} />
        <Route path="users" element={<DirectoryUsersPage />} />
        <Route path="groups" element={<DirectoryGroupsPage />} />
        <Route path="groups/:groupId" element={<DirectoryGroupPage />} />
        <Route path="users/:userId/explanation" element={<DirectoryExplainPage />} />
        <Route path="activity" element={<DirectoryRequestsPage />} />
        <Route path="activity/:requestId" element={<DirectoryRequestPage />} />
        <Route path="rules" element={<DirectoryRulesPage />} />
        <Route path="held" element={<DirectoryHeldPage />} />
      </Route>
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}

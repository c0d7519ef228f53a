import { Route, Routes } from 'react-router';
import { DashboardLayout } from './dashboard-layout';
import { NotFoundPage } from './pages/not-found-page';

/** Every page of an environment, below its address. */
export function EnvironmentRoutes() {
  return (
    <Routes>
      <Route element={<DashboardLayout />}>
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  );
}

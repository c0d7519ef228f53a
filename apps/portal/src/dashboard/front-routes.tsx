import { Route, Routes } from 'react-router';
import { EnterPage } from './pages/enter-page';
import { InvitationPage } from '../features/sign-in/invitation-page';
import { SetupPage } from '../features/sign-in/setup-page';
import { SignInPage } from '../features/sign-in/sign-in-page';

/** The pages that belong to no environment, below `/dashboard`; every other address there leads into one. */
export function FrontRoutes() {
  return (
    <Routes>
      <Route path="setup" element={<SetupPage />} />
      <Route path="sign-in" element={<SignInPage />} />
      <Route path="invitation" element={<InvitationPage />} />
      <Route path="*" element={<EnterPage />} />
    </Routes>
  );
}

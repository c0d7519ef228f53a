import type { PortalError } from '../../shared/api/portal-error';
import { StatusPage } from '../../shared/ui/status-page';

interface SessionEndedPageProps {
  error: PortalError;
  /** This page had a session. The browser forgets its cookie when it runs out, so the server alone cannot always tell. */
  wasOpen: boolean;
}

/** Shown instead of the portal when there is no session: it ran out, was ended, or never was. */
export function SessionEndedPage({ error, wasOpen }: SessionEndedPageProps) {
  if (wasOpen || error.code === 'session_expired') {
    return (
      <StatusPage title="Your session has ended">
        <p>For security, a session in this portal lasts six hours. Everything you set up is saved and keeps working.</p>
        <p>To go on, open the portal again from the app, or ask its vendor for a new link.</p>
      </StatusPage>
    );
  }
  return (
    <StatusPage title="Open the portal with a link">
      <p>This page needs a personal link. Nothing is open in this browser right now.</p>
      <p>Open the portal from the app you are setting up, or ask its vendor to send you a link.</p>
    </StatusPage>
  );
}

/** Shown after the reader ended the session. */
export function SignedOutPage() {
  return (
    <StatusPage title="You have left the portal">
      <p>The session is closed. Everything you set up is saved and keeps working.</p>
      <p>To come back, open the portal from the app, or ask its vendor for a new link.</p>
    </StatusPage>
  );
}

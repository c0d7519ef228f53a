import { useEffect } from 'react';
import { StatusPage } from '../shared/ui/status-page';
import { signInAddress } from './sign-in-address';
import styles from './pages/pages.module.css';

/** Without a session: the page to sign in, and back. Whoever was at work is told why, and goes by themselves. */
export function SessionGonePage({ wasSignedIn }: { wasSignedIn: boolean }) {
  useEffect(() => {
    if (!wasSignedIn) location.replace(signInAddress(location));
  }, [wasSignedIn]);

  if (!wasSignedIn) return <StatusPage title="Opening the dashboard" isBusy />;
  return (
    <StatusPage
      title="Your session has ended"
      actions={
        <a href={signInAddress(location)} className={styles.go}>
          Sign in
        </a>
      }
    >
      <p>It ran out, or it was ended from another browser. Sign in to go on where you were.</p>
    </StatusPage>
  );
}

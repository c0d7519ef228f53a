import { StatusPage } from '../shared/ui/status-page';
import styles from './pages/pages.module.css';

/** At the address of an environment that does not exist, or not for this member. */
export function NoAccessPage() {
  return (
    <StatusPage
      title="You have no access to this environment"
      actions={
        <a href="/dashboard" className={styles.go}>
          Go to your environments
        </a>
      }
    >
      <p>It does not exist, or you are not a member of it. Its owner can invite you.</p>
    </StatusPage>
  );
}

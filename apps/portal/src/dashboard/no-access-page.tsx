import { useQueryClient } from '@tanstack/react-query';
import { dashboardSessionQuery } from '../shared/dashboard-api/dashboard-session';
import { addressOfEnvironment } from '../shared/management-api/environment-address';
import { ForeignText } from '../shared/ui/foreign-text';
import { StatusPage } from '../shared/ui/status-page';
import styles from './pages/pages.module.css';

/** At the address of an environment that does not exist, or not for this member; also for who is a member of none. */
export function NoAccessPage() {
  const client = useQueryClient();
  const environments = client.getQueryData(dashboardSessionQuery.queryKey)?.environments ?? [];
  return (
    <StatusPage
      title="You have no access here"
      actions={environments.map(({ id, name }) => (
        <a key={id} href={addressOfEnvironment(id)} className={styles.go}>
          Go to&nbsp;
          <ForeignText text={name} />
        </a>
      ))}
    >
      <p>
        {environments.length > 0
          ? 'This environment does not exist, or you are not a member of it. Its owner can invite you.'
          : 'You are not a member of any environment. An owner can invite you again.'}
      </p>
    </StatusPage>
  );
}

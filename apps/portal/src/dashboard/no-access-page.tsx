import { useQuery } from '@tanstack/react-query';
import { describeError } from '../shared/api/describe-error';
import { memberSessionQuery } from '../shared/dashboard-api/dashboard-session';
import { addressOfEnvironment, environmentOfAddress } from '../shared/management-api/environment-address';
import { Button } from '../shared/ui/button';
import { ForeignText } from '../shared/ui/foreign-text';
import { LoadFailedPage } from '../shared/ui/load-failed-page';
import { StatusPage } from '../shared/ui/status-page';
import { useSignOut } from './use-sign-out';
import styles from './pages/pages.module.css';

/** At the address of an environment that does not exist, or not for this member; also for who is a member of none. */
export function NoAccessPage() {
  const session = useQuery(memberSessionQuery);
  const signingOut = useSignOut();
  if (!session.data) {
    if (session.error === null) return <StatusPage title="Opening the dashboard" isBusy />;
    return (
      <LoadFailedPage
        title="The dashboard could not be loaded"
        error={session.error}
        isTrying={session.isFetching}
        onRetry={() => void session.refetch()}
      />
    );
  }
  const { environments, member } = session.data;
  return (
    <StatusPage
      title="You have no access here"
      actions={
        <>
          {environments.map(({ id, name }) => (
            <a key={id} href={addressOfEnvironment(id)} className={styles.go}>
              Go to&nbsp;
              <ForeignText text={name} />
            </a>
          ))}
          <Button busy={signingOut.isPending} onClick={() => signingOut.mutate()}>
            Sign out
          </Button>
        </>
      }
    >
      <p>
        {environmentOfAddress(location.pathname) === null || environments.length === 0
          ? 'You are not a member of any environment. An owner of one can invite you.'
          : 'This environment does not exist, or you are not a member of it. Its owner can invite you.'}
      </p>
      <p>
        You are signed in as <ForeignText text={member.email} />.
      </p>
      {signingOut.failure !== null && <p>You are still signed in. {describeError(signingOut.failure).title}.</p>}
    </StatusPage>
  );
}

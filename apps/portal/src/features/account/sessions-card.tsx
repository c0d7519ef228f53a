import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useAnnounce } from '../../shared/ui/announcer';
import { Badge } from '../../shared/ui/badge';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice, StaleNotice } from '../../shared/ui/notice';
import { Skeleton } from '../../shared/ui/skeleton';
import { RelativeTime } from '../../shared/ui/time';
import { endOtherSessions, endSession, sessionsQuery, type MemberSession } from './account-api';
import { describeBrowser } from './describe-browser';
import styles from './account.module.css';

/** Where the member is signed in; each of the others can be ended. */
export function SessionsCard() {
  const sessions = useQuery(sessionsQuery);
  const client = useQueryClient();
  const announce = useAnnounce();
  const endOthers = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: () => announce('Your other sessions have ended'),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  const hasOthers = sessions.data?.some(({ current }) => !current) ?? false;
  return (
    <Card
      title="Sessions"
      lead="Where you are signed in."
      actions={
        hasOthers && (
          <Button busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
            End all others
          </Button>
        )
      }
    >
      {sessions.isPending && (
        <div role="status" aria-label="Loading the sessions">
          <Skeleton width={2} />
        </div>
      )}
      {sessions.isError && !sessions.data && (
        <ErrorNotice error={sessions.error} onRetry={() => void sessions.refetch()} />
      )}
      {sessions.isError && sessions.data && (
        <StaleNotice title="This list could not be refreshed" onRetry={() => void sessions.refetch()} />
      )}
      {endOthers.isError && <ErrorNotice error={endOthers.error} />}
      {sessions.data && (
        <ul className={styles.rows} aria-label="Sessions">
          {sessions.data.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function SessionRow({ session }: { session: MemberSession }) {
  const { id, current: isCurrent, user_agent: agent, ip_address: address } = session;
  const client = useQueryClient();
  const announce = useAnnounce();
  const end = useMutation({
    mutationFn: () => endSession(id),
    onSuccess: () => announce('Session ended'),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  const browser = describeBrowser(agent);
  return (
    <li className={styles.row}>
      <span className={styles.lines}>
        <span className={styles.name}>
          {browser}
          {isCurrent && <Badge tone="good">This one</Badge>}
        </span>
        <span className={styles.detail}>
          {address !== null && (
            <>
              From <ForeignText text={address} /> ·{' '}
            </>
          )}
          {isCurrent ? 'signed in ' : 'last seen '}
          <RelativeTime time={isCurrent ? session.create_time : session.last_seen_time} />
        </span>
      </span>
      {!isCurrent && (
        <Button
          tone="quiet"
          aria-label={`End the session in ${browser}`}
          busy={end.isPending}
          onClick={() => end.mutate()}
        >
          End
        </Button>
      )}
      {end.isError && <ErrorNotice error={end.error} />}
    </li>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useAnnounce } from '../../shared/ui/announcer';
import { Button } from '../../shared/ui/button';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice } from '../../shared/ui/notice';
import { RelativeTime } from '../../shared/ui/time';
import { membersQuery, ROLES, withdrawInvitation, type Invitation } from './members-api';
import styles from './members.module.css';

/** Who has been invited and has not joined yet; nothing while there is nobody. */
export function InvitationsList({ canManage }: { canManage: boolean }) {
  // The list of members, on the same page, has them read again and again.
  const { data } = useQuery({ ...membersQuery, refetchInterval: false });
  if (!data || data.invitations.length === 0) return null;
  return (
    <section aria-labelledby="invitations">
      <h2 id="invitations" className={styles.heading}>
        Invited
      </h2>
      <ul className={styles.rows}>
        {data.invitations.map((invitation) => (
          <InvitationRow key={invitation.id} invitation={invitation} canManage={canManage} />
        ))}
      </ul>
    </section>
  );
}

function InvitationRow({ invitation, canManage }: { invitation: Invitation; canManage: boolean }) {
  const client = useQueryClient();
  const announce = useAnnounce();
  const withdraw = useMutation({
    mutationFn: () => withdrawInvitation(invitation.id),
    onSuccess: () => announce('Invitation withdrawn'),
    onSettled: () => client.invalidateQueries({ queryKey: membersQuery.queryKey }),
  });
  return (
    <li className={styles.row}>
      <span className={styles.person}>
        <span className={styles.name}>
          <ForeignText text={invitation.email} />
        </span>
        <span className={styles.email}>
          {ROLES.find(({ value }) => value === invitation.role)?.label} · expires{' '}
          <RelativeTime time={invitation.expire_time} />
        </span>
      </span>
      {canManage && (
        <Button
          tone="quiet"
          aria-label={`Withdraw the invitation of ${invitation.email}`}
          busy={withdraw.isPending}
          onClick={() => withdraw.mutate()}
        >
          Withdraw
        </Button>
      )}
      {withdraw.isError && <ErrorNotice error={withdraw.error} />}
    </li>
  );
}

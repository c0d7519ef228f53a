import { useNavigate } from 'react-router';
import { describeError } from '../shared/api/describe-error';
import { useDashboardSession } from '../shared/dashboard-api/dashboard-session';
import { personInitials } from '../shared/format/person-name';
import { useAnnounce } from '../shared/ui/announcer';
import { ForeignText } from '../shared/ui/foreign-text';
import { PopupMenu } from '../shared/ui/popup-menu';
import { useSignOut } from './use-sign-out';
import styles from './switchers.module.css';

/** Who is signed in: the way to the account, and out. */
export function MemberMenu() {
  const { member } = useDashboardSession();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const signingOut = useSignOut((error) => announce(describeError(error).title));
  return (
    <>
      <PopupMenu
        label="Your account"
        placement="top start"
        items={[
          {
            id: 'account',
            label: 'Account',
            detail: 'Password, second factor, sessions',
            onSelect: () => void navigate('/account'),
          },
          { id: 'sign-out', label: 'Sign out', onSelect: () => signingOut.mutate() },
        ]}
        trigger={
          <>
            <span className={styles.avatar} aria-hidden="true">
              {personInitials(member.name)}
            </span>
            <span className={styles.memberLines}>
              <span className={styles.name}>
                <ForeignText text={member.name} />
              </span>{' '}
              <span className={styles.detail}>
                <ForeignText text={member.email} />
              </span>
            </span>
          </>
        }
      />
      {signingOut.failure !== null && (
        <p className={styles.failure}>You are still signed in. {describeError(signingOut.failure).title}.</p>
      )}
    </>
  );
}

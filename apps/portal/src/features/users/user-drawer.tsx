import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Directory, DirectoryUser } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { linksOf } from '../../shared/api/directory-links';
import { userQuery } from '../../shared/api/people-queries';
import { formatDateTime } from '../../shared/format/format-time';
import { personTitle } from '../../shared/format/person-name';
import { shownName } from '../../shared/format/shown-name';
import { useSearchParam } from '../../shared/hooks/use-search-param';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { Dialog } from '../../shared/ui/dialog';
import { Facts, RawAttributes } from '../../shared/ui/facts';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Icon } from '../../shared/ui/icon';
import { ErrorNotice } from '../../shared/ui/notice';
import { ActiveBadge, Chips } from '../../shared/ui/person';
import { Skeleton } from '../../shared/ui/skeleton';
import { describeUser } from './describe-user';
import styles from './users.module.css';

/** Groups that are shown as links; a user may be in thousands. */
const GROUPS_SHOWN = 100;

interface UserDrawerProps {
  directory: Pick<Directory, 'id' | 'directory_provider'>;
  userId: string;
  onClose: () => void;
  /** What else is known of the user, shown behind the account. */
  children?: ReactNode;
}

/** Everything known of one user: normalized, and beside it as the identity provider sent it. */
export function UserDrawer({ directory, userId, onClose, children }: UserDrawerProps) {
  const user = useQuery(userQuery(directory.id, userId));
  return (
    <Dialog
      variant="drawer"
      title={user.data ? <ForeignText text={personTitle(user.data)} /> : t`User`}
      onClose={onClose}
    >
      {user.isPending && <Loading />}
      {user.isError && <ErrorNotice error={user.error} onRetry={() => void user.refetch()} />}
      {user.data && (
        <UserDetails user={user.data} directory={directory}>
          {children}
        </UserDetails>
      )}
    </Dialog>
  );
}

function UserDetails({
  user,
  directory,
  children,
}: Pick<UserDrawerProps, 'directory' | 'children'> & { user: DirectoryUser }) {
  const [raw, setRaw] = useSearchParam('raw');
  const provider = findProvider(directory.directory_provider).shortName;
  const { account, sections } = describeUser(user);
  const groups = user.groups.map(({ id, name }) => ({
    id,
    name: shownName(name, id),
    to: linksOf(directory.id).group(id),
  }));
  return (
    <>
      <p className={styles.readOnly}>
        <Icon name="lock" size={16} />
        <Trans>Read only: change it in {provider}, which sends it here.</Trans>
      </p>
      <div className={styles.views}>
        <div className={styles.normalized}>
          <Facts
            title={t`Account`}
            facts={[
              { label: t`Status`, value: <ActiveBadge active={user.active} /> },
              ...account,
              { label: t`Groups`, value: <GroupLinks groups={groups} /> },
            ]}
          />
          {children}
          {sections.map((section) => (
            <Facts key={section.title} title={section.title} facts={section.facts} />
          ))}
          <Facts
            title={t`Record`}
            facts={[
              { label: t`Created`, value: formatDateTime(user.create_time) },
              { label: t`Updated`, value: formatDateTime(user.update_time) },
              { label: t`ID`, value: <code>{user.id}</code> },
            ]}
          />
        </div>
        <RawAttributes
          value={user.raw_attributes}
          isOpen={raw !== null}
          onToggle={(isOpen) => {
            if (isOpen !== (raw !== null)) setRaw(isOpen ? '1' : null);
          }}
        />
      </div>
    </>
  );
}

function GroupLinks({ groups }: { groups: { id: string; name: string; to: string }[] }) {
  if (groups.length <= GROUPS_SHOWN) return <Chips chips={groups} />;
  return (
    <>
      <Chips chips={groups.slice(0, GROUPS_SHOWN)} />
      <p>{plural({ count: groups.length - GROUPS_SHOWN }, { one: 'and # more', other: 'and # more' })}</p>
    </>
  );
}

function Loading() {
  return (
    <div role="status" aria-label={t`Loading the user`}>
      <Skeleton width={2} />
      <br />
      <Skeleton width={3} />
      <br />
      <Skeleton width={4} />
    </div>
  );
}

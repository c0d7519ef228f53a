import type { DirectoryUser } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { userQuery } from '../../shared/api/queries';
import { formatDateTime } from '../../shared/format/format-time';
import { personTitle } from '../../shared/format/person-name';
import { shownName } from '../../shared/format/shown-name';
import { useSearchParam } from '../../shared/hooks/use-search-param';
import { Dialog } from '../../shared/ui/dialog';
import { Facts, RawAttributes } from '../../shared/ui/facts';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice } from '../../shared/ui/notice';
import { ActiveBadge, Chips } from '../../shared/ui/person';
import { Skeleton } from '../../shared/ui/skeleton';
import { describeUser } from './describe-user';

/** Which user is open, held by the URL: `?user=…`. */
export function useOpenUser(): [string | null, (userId: string | null) => void] {
  return useSearchParam('user');
}

interface UserDrawerProps {
  directoryId: string;
  userId: string;
  onClose: () => void;
}

/** Everything known of one user: normalized, and as the identity provider sent it. */
export function UserDrawer({ directoryId, userId, onClose }: UserDrawerProps) {
  const user = useQuery(userQuery(directoryId, userId));
  return (
    <Dialog
      variant="drawer"
      title={user.data ? <ForeignText text={personTitle(user.data)} /> : 'User'}
      onClose={onClose}
    >
      {user.isPending && <Loading />}
      {user.isError && <ErrorNotice error={user.error} onRetry={() => void user.refetch()} />}
      {user.data && <UserDetails user={user.data} />}
    </Dialog>
  );
}

function UserDetails({ user }: { user: DirectoryUser }) {
  return (
    <>
      <Facts
        title="Account"
        facts={[
          { label: 'Status', value: <ActiveBadge active={user.active} /> },
          ...describeUser(user).account,
          {
            label: 'Groups',
            value: <Chips chips={user.groups.map(({ id, name }) => ({ id, name: shownName(name, id) }))} />,
          },
        ]}
      />
      {describeUser(user).sections.map((section) => (
        <Facts key={section.title} title={section.title} facts={section.facts} />
      ))}
      <Facts
        title="Record"
        facts={[
          { label: 'Created', value: formatDateTime(user.create_time) },
          { label: 'Updated', value: formatDateTime(user.update_time) },
          { label: 'ID', value: <code>{user.id}</code> },
        ]}
      />
      <RawAttributes value={user.raw_attributes} />
    </>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the user">
      <Skeleton width={2} />
      <br />
      <Skeleton width={3} />
      <br />
      <Skeleton width={4} />
    </div>
  );
}

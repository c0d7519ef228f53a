import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { linksOf } from '../../../shared/api/directory-links';
import { ExplainLink } from '../../../features/explain/explain-link';
import { GroupDetails } from '../../../features/groups/group-details';
import { GroupsList } from '../../../features/groups/groups-list';
import { rolesQuery } from '../../../features/roles/role-queries';
import { useOpenUser, useUserLink } from '../../../features/users/use-open-user';
import { UserDrawer } from '../../../features/users/user-drawer';
import { UsersList } from '../../../features/users/users-list';
import { useDirectoryDetail } from './directory-layout';

export function DirectoryUsersPage() {
  const directory = useDirectoryDetail();
  const [openUser, setOpenUser] = useOpenUser();
  const roles = useQuery(rolesQuery).data ?? [];
  return (
    <>
      <UsersList directory={directory} roleNames={roles.map(({ role_name }) => role_name)} />
      {openUser && <OwnersUserDrawer userId={openUser} onClose={() => setOpenUser(null)} />}
    </>
  );
}

export function DirectoryGroupsPage() {
  return <GroupsList directory={useDirectoryDetail()} />;
}

/** A group with its members; a member opens beside it. */
export function DirectoryGroupPage() {
  const directory = useDirectoryDetail();
  const { groupId = '' } = useParams();
  const [openUser, setOpenUser] = useOpenUser();
  const userLink = useUserLink();
  return (
    <>
      <GroupDetails directory={directory} groupId={groupId} userLink={userLink} />
      {openUser && <OwnersUserDrawer userId={openUser} onClose={() => setOpenUser(null)} />}
    </>
  );
}

function OwnersUserDrawer({ userId, onClose }: { userId: string; onClose: () => void }) {
  const directory = useDirectoryDetail();
  return (
    <UserDrawer directory={directory} userId={userId} onClose={onClose}>
      <ExplainLink to={linksOf(directory.id).explanation(userId)} />
    </UserDrawer>
  );
}

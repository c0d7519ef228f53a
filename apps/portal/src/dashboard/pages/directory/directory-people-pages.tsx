import { useParams } from 'react-router';
import { GroupDetails } from '../../../features/groups/group-details';
import { GroupsList } from '../../../features/groups/groups-list';
import { UserDrawer, useOpenUser } from '../../../features/users/user-drawer';
import { UsersList } from '../../../features/users/users-list';
import { useDirectoryDetail } from './directory-layout';

export function DirectoryUsersPage() {
  const directory = useDirectoryDetail();
  const [openUser, setOpenUser] = useOpenUser();
  return (
    <>
      <UsersList directory={directory} onOpen={setOpenUser} />
      {openUser && <UserDrawer directoryId={directory.id} userId={openUser} onClose={() => setOpenUser(null)} />}
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
  return (
    <>
      <GroupDetails directory={directory} groupId={groupId} onOpenUser={setOpenUser} />
      {openUser && <UserDrawer directoryId={directory.id} userId={openUser} onClose={() => setOpenUser(null)} />}
    </>
  );
}

import { useParams } from 'react-router';
import { GroupDetails } from '../../features/groups/group-details';
import { UserDrawer, useOpenUser } from '../../features/users/user-drawer';
import { useDirectory } from './directory-layout';

/** A group with its members; a member opens beside it. */
export function GroupPage() {
  const directory = useDirectory();
  const { groupId = '' } = useParams();
  const [openUser, setOpenUser] = useOpenUser();
  return (
    <>
      <GroupDetails directory={directory} groupId={groupId} onOpenUser={setOpenUser} />
      {openUser && <UserDrawer directoryId={directory.id} userId={openUser} onClose={() => setOpenUser(null)} />}
    </>
  );
}

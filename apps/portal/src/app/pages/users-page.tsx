import { UserDrawer, useOpenUser } from '../../features/users/user-drawer';
import { UsersList } from '../../features/users/users-list';
import { useDirectory } from './directory-layout';

export function UsersPage() {
  const directory = useDirectory();
  const [openUser, setOpenUser] = useOpenUser();
  return (
    <>
      <UsersList directory={directory} onOpen={setOpenUser} />
      {openUser && <UserDrawer directoryId={directory.id} userId={openUser} onClose={() => setOpenUser(null)} />}
    </>
  );
}

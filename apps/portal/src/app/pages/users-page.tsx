import { useQuery } from '@tanstack/react-query';
import { mappingQuery } from '../../shared/api/mapping-api';
import { ExplainLink } from '../../features/explain/explain-link';
import { useOpenUser } from '../../features/users/use-open-user';
import { UserDrawer } from '../../features/users/user-drawer';
import { UsersList } from '../../features/users/users-list';
import { useDirectory } from './directory-layout';

/** The users of a directory; one opens beside the list. */
export function UsersPage() {
  const directory = useDirectory();
  const [openUser, setOpenUser] = useOpenUser();
  const roles = useQuery(mappingQuery(directory.id)).data?.roles ?? [];
  return (
    <>
      <UsersList directory={directory} roleNames={roles.map(({ role_name }) => role_name)} />
      {openUser && (
        <UserDrawer directory={directory} userId={openUser} onClose={() => setOpenUser(null)}>
          <ExplainLink to={`${openUser}/explanation`} />
        </UserDrawer>
      )}
    </>
  );
}

import { useParams } from 'react-router';
import { linksOf } from '../../shared/api/directory-links';
import { GroupDetails } from '../../features/groups/group-details';
import { ExplainLink } from '../../features/explain/explain-link';
import { useOpenUser, useUserLink } from '../../features/users/use-open-user';
import { UserDrawer } from '../../features/users/user-drawer';
import { useDirectory } from './directory-layout';

/** A group with its members; a member opens beside it. */
export function GroupPage() {
  const directory = useDirectory();
  const { groupId = '' } = useParams();
  const [openUser, setOpenUser] = useOpenUser();
  const userLink = useUserLink();
  return (
    <>
      <GroupDetails directory={directory} groupId={groupId} userLink={userLink} />
      {openUser && (
        <UserDrawer directory={directory} userId={openUser} onClose={() => setOpenUser(null)}>
          <ExplainLink to={linksOf(directory.id).explanation(openUser)} />
        </UserDrawer>
      )}
    </>
  );
}

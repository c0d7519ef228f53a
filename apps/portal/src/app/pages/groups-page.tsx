import { GroupsList } from '../../features/groups/groups-list';
import { useDirectory } from './directory-layout';

export function GroupsPage() {
  return <GroupsList directory={useDirectory()} />;
}

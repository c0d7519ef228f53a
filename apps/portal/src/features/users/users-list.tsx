import type { Directory, DirectoryUser } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { usersQuery } from '../../shared/api/queries';
import { formatCount } from '../../shared/format/format-count';
import { shownName } from '../../shared/format/shown-name';
import { useListPosition } from '../../shared/hooks/use-list-position';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { NothingFor } from '../../shared/ui/nothing-for';
import { ListBar } from '../../shared/ui/list-bar';
import { PagedTable } from '../../shared/ui/paged-table';
import { ActiveBadge, Chips, PersonCell } from '../../shared/ui/person';
import { SearchField } from '../../shared/ui/search-field';
import type { Column } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';

const PAGE_SIZE = 20;

/** The users of a directory: searched and paged by the URL. `onOpen` shows one of them. */
export function UsersList({ directory, onOpen }: { directory: Directory; onOpen: (userId: string) => void }) {
  const [position, setPosition] = useListPosition();
  const { query, pageToken } = position;
  const users = useQuery(usersQuery(directory.id, { pageSize: PAGE_SIZE, pageToken, query }));
  const provider = findProvider(directory.directory_provider).shortName;
  return (
    <>
      <ListBar
        summary={
          users.data ? formatCount(users.data.total_size, query ? 'match' : 'user', query ? 'matches' : 'users') : ''
        }
      >
        <SearchField
          label="Search users"
          placeholder="Name, email or user name"
          value={query}
          onSearch={(next) => setPosition({ query: next, page: 1, pageToken: '' }, { replace: true })}
        />
      </ListBar>
      <PagedTable
        caption="Users"
        columns={userColumns(onOpen)}
        query={users}
        rowsOf={(page) => page.users}
        rowKey={(user) => user.id}
        empty={
          query
            ? { title: 'No users match', text: <NothingFor query={query} /> }
            : {
                title: 'No users yet',
                text: `They appear here as soon as ${provider} sends them. Assign people there to begin.`,
              }
        }
        pageSize={PAGE_SIZE}
        position={position}
        onMove={setPosition}
      />
    </>
  );
}

function userColumns(onOpen: (userId: string) => void): Column<DirectoryUser>[] {
  return [
    { header: 'Name', isRowHeader: true, cell: (user) => <PersonCell user={user} onOpen={onOpen} /> },
    { header: 'Status', cell: (user) => <ActiveBadge active={user.active} /> },
    {
      header: 'Groups',
      isWideOnly: true,
      cell: (user) => <Chips chips={user.groups.map(({ id, name }) => ({ id, name: shownName(name, id) }))} max={2} />,
    },
    { header: 'Updated', isWideOnly: true, cell: (user) => <RelativeTime time={user.update_time} /> },
  ];
}

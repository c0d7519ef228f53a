import { t } from '@lingui/core/macro';
import type { Directory, DirectoryUser } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { To } from 'react-router';
import { usersQuery } from '../../shared/api/people-queries';
import { shownName } from '../../shared/format/shown-name';
import { useFilters } from '../../shared/hooks/use-filters';
import { useListPosition } from '../../shared/hooks/use-list-position';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { NothingFor } from '../../shared/ui/nothing-for';
import { PagedTable } from '../../shared/ui/paged-table';
import { ActiveBadge, Chips, PersonCell } from '../../shared/ui/person';
import { ExternalId } from '../../shared/ui/external-id';
import type { Column, EmptyText } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';
import { useUserLink } from './use-open-user';
import { isNarrowed, USER_FILTERS, userParameters } from './user-filters';
import { UsersBar } from './users-bar';

const PAGE_SIZE = 20;

interface UsersListProps {
  directory: Pick<Directory, 'id' | 'directory_provider' | 'total_users'>;
  /** Roles of the app to choose from. */
  roleNames: readonly string[];
}

/** The users of a directory: searched, filtered, ordered and paged by the URL. Each leads to its details beside the list. */
export function UsersList({ directory, roleNames }: UsersListProps) {
  const [position, setPosition] = useListPosition();
  const { values: filters, change: changeFilters } = useFilters(USER_FILTERS);
  const { query, pageToken } = position;
  const parameters = userParameters(filters);
  const users = useQuery(usersQuery(directory.id, { pageSize: PAGE_SIZE, pageToken, query, parameters }));
  const linkTo = useUserLink();
  const columns = useMemo(() => userColumns(linkTo), [linkTo]);
  return (
    <>
      <UsersBar
        directory={directory}
        roleNames={roleNames}
        position={position}
        onSearch={(next) => setPosition({ query: next, page: 1, pageToken: '' }, { replace: true })}
        filters={filters}
        onFilter={changeFilters}
        total={users.data?.total_size}
      />
      <PagedTable
        caption={t`Users`}
        columns={columns}
        query={users}
        rowsOf={(page) => page.users}
        rowKey={(user) => user.id}
        empty={emptyText(query, isNarrowed(filters), findProvider(directory.directory_provider).shortName)}
        pageSize={PAGE_SIZE}
        position={position}
        onMove={setPosition}
        order={{ sort: parameters.sort ?? '', onSort: (sort) => changeFilters({ sort }) }}
        isPressed
      />
    </>
  );
}

function emptyText(query: string, isFiltered: boolean, provider: string): EmptyText {
  if (query !== '') return { title: t`No users match`, text: <NothingFor query={query} /> };
  if (isFiltered) return { title: t`No users match`, text: t`Nobody is what the filters ask for.` };
  return {
    title: t`No users yet`,
    text: t`They appear here as soon as ${provider} sends them. Assign people there to begin.`,
  };
}

function userColumns(linkTo: (userId: string) => To): Column<DirectoryUser>[] {
  return [
    {
      header: t`Name`,
      isRowHeader: true,
      sort: { key: 'name' },
      cell: (user) => <PersonCell user={user} to={linkTo(user.id)} />,
    },
    { header: t`Status`, cell: (user) => <ActiveBadge active={user.active} /> },
    { header: t`External ID`, isWideOnly: 'widest', cell: (user) => <ExternalId value={user.dp_id} /> },
    {
      header: t`Groups`,
      isWideOnly: true,
      cell: (user) => <Chips chips={user.groups.map(({ id, name }) => ({ id, name: shownName(name, id) }))} max={2} />,
    },
    {
      header: t`Updated`,
      isWideOnly: true,
      sort: { key: 'updated', isDescendingFirst: true },
      cell: (user) => <RelativeTime time={user.update_time} />,
    },
  ];
}

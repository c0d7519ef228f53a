import type { Directory, DirectoryGroup } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { groupsQuery } from '../../shared/api/queries';
import { formatCount, formatNumber } from '../../shared/format/format-count';
import { shownName } from '../../shared/format/shown-name';
import { useListPosition } from '../../shared/hooks/use-list-position';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ListBar } from '../../shared/ui/list-bar';
import { NothingFor } from '../../shared/ui/nothing-for';
import { PagedTable } from '../../shared/ui/paged-table';
import { SearchField } from '../../shared/ui/search-field';
import type { Column } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';
import styles from './groups.module.css';

const PAGE_SIZE = 20;

const COLUMNS: Column<DirectoryGroup>[] = [
  {
    header: 'Name',
    isRowHeader: true,
    cell: (group) => (
      <Link to={group.id} className={styles.name}>
        <ForeignText text={shownName(group.display_name, group.id)} />
      </Link>
    ),
  },
  { header: 'Members', align: 'end', cell: (group) => formatNumber(group.total_users) },
  { header: 'Updated', isWideOnly: true, cell: (group) => <RelativeTime time={group.update_time} /> },
];

/** The groups of a directory: searched and paged by the URL. */
export function GroupsList({ directory }: { directory: Directory }) {
  const [position, setPosition] = useListPosition();
  const { query, pageToken } = position;
  const groups = useQuery(groupsQuery(directory.id, { pageSize: PAGE_SIZE, pageToken, query }));
  const provider = findProvider(directory.directory_provider).shortName;
  return (
    <>
      <ListBar
        summary={
          groups.data
            ? formatCount(groups.data.total_size, query ? 'match' : 'group', query ? 'matches' : 'groups')
            : ''
        }
      >
        <SearchField
          label="Search groups"
          placeholder="Group name"
          value={query}
          onSearch={(next) => setPosition({ query: next, page: 1, pageToken: '' }, { replace: true })}
        />
      </ListBar>
      <PagedTable
        caption="Groups"
        columns={COLUMNS}
        query={groups}
        rowsOf={(page) => page.groups}
        rowKey={(group) => group.id}
        empty={
          query
            ? { title: 'No groups match', text: <NothingFor query={query} /> }
            : {
                title: 'No groups yet',
                text: `They appear here once ${provider} sends them. Groups are often sent by a setting of their own.`,
              }
        }
        pageSize={PAGE_SIZE}
        position={position}
        onMove={setPosition}
      />
    </>
  );
}

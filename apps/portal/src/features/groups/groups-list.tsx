import { plural, t } from '@lingui/core/macro';
import { FOUND_MAX } from '@rollcall/contract';
import type { Directory, DirectoryGroup } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { groupsQuery } from '../../shared/api/people-queries';
import { formatNumber } from '../../shared/format/format-count';
import { shownName } from '../../shared/format/shown-name';
import { useFilters } from '../../shared/hooks/use-filters';
import { useListPosition } from '../../shared/hooks/use-list-position';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { ExternalId } from '../../shared/ui/external-id';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ListBar } from '../../shared/ui/list-bar';
import { NothingFor } from '../../shared/ui/nothing-for';
import { PagedTable } from '../../shared/ui/paged-table';
import { SearchField } from '../../shared/ui/search-field';
import type { Column } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';
import styles from './groups.module.css';

const PAGE_SIZE = 20;

const FILTERS = ['sort'] as const;
const SORTS = ['name', '-name', 'updated', '-updated'];

/** The groups of a directory: searched, ordered and paged by the URL. */
export function GroupsList({ directory }: { directory: Pick<Directory, 'id' | 'directory_provider'> }) {
  const [position, setPosition] = useListPosition();
  const { query, pageToken } = position;
  const { values: filters, change: changeFilters } = useFilters(FILTERS);
  const sort = SORTS.includes(filters.sort) ? filters.sort : '';
  const list = { pageSize: PAGE_SIZE, pageToken, query, parameters: { sort } };
  const groups = useQuery(groupsQuery(directory.id, list));
  const provider = findProvider(directory.directory_provider).shortName;
  return (
    <>
      <ListBar summary={groups.data ? summaryOf(groups.data.total_size, query) : ''}>
        <SearchField
          label={t`Search groups`}
          placeholder={t`Name or External ID`}
          value={query}
          onSearch={(next) => setPosition({ query: next, page: 1, pageToken: '' }, { replace: true })}
        />
      </ListBar>
      <PagedTable
        caption={t`Groups`}
        columns={groupColumns()}
        query={groups}
        rowsOf={(page) => page.groups}
        rowKey={(group) => group.id}
        empty={
          query
            ? { title: t`No groups match`, text: <NothingFor query={query} /> }
            : {
                title: t`No groups yet`,
                text: t`They appear here once ${provider} sends them. Groups are often sent by a setting of their own.`,
              }
        }
        pageSize={PAGE_SIZE}
        position={position}
        onMove={setPosition}
        order={{ sort, onSort: (next) => changeFilters({ sort: next }) }}
        isPressed
      />
    </>
  );
}

function summaryOf(total: number, query: string): string {
  if (query === '') return plural({ count: total }, { one: '# group', other: '# groups' });
  if (total >= FOUND_MAX) return t`${{ count: formatNumber(total) }} matches or more: write more of the name`;
  return plural({ count: total }, { one: '# match', other: '# matches' });
}

function groupColumns(): Column<DirectoryGroup>[] {
  return [
    {
      header: t`Name`,
      isRowHeader: true,
      sort: { key: 'name' },
      cell: (group) => (
        <Link to={group.id} className={styles.name}>
          <ForeignText text={shownName(group.display_name, group.id)} />
        </Link>
      ),
    },
    { header: t`External ID`, isWideOnly: true, cell: (group) => <ExternalId value={group.external_id} /> },
    { header: t`Members`, align: 'end', cell: (group) => formatNumber(group.total_users) },
    {
      header: t`Updated`,
      isWideOnly: true,
      sort: { key: 'updated', isDescendingFirst: true },
      cell: (group) => <RelativeTime time={group.update_time} />,
    },
  ];
}

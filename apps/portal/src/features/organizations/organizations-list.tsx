import type { ReactNode } from 'react';
import type { Organization } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { formatCount } from '../../shared/format/format-count';
import { shownName } from '../../shared/format/shown-name';
import { useListPosition } from '../../shared/hooks/use-list-position';
import { Badge } from '../../shared/ui/badge';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ListBar } from '../../shared/ui/list-bar';
import { NothingFor } from '../../shared/ui/nothing-for';
import { PagedTable } from '../../shared/ui/paged-table';
import { SearchField } from '../../shared/ui/search-field';
import type { Column } from '../../shared/ui/table';
import { RelativeTime } from '../../shared/ui/time';
import { hasDirectorySync, organizationsQuery } from './organization-queries';
import styles from './organizations.module.css';

const PAGE_SIZE = 20;

interface OrganizationsListProps {
  /** How the directories of one are told. */
  directoriesOf: (organizationId: string) => ReactNode;
  /** What can be done while there are none. */
  firstStep: ReactNode;
}

/** The organizations of the environment: searched and paged by the URL. */
export function OrganizationsList({ directoriesOf, firstStep }: OrganizationsListProps) {
  const [position, setPosition] = useListPosition();
  const { query, pageToken } = position;
  const organizations = useQuery(organizationsQuery({ query, pageToken, pageSize: PAGE_SIZE }));
  return (
    <>
      <ListBar
        summary={
          organizations.data
            ? formatCount(
                organizations.data.total_size,
                query ? 'match' : 'organization',
                query ? 'matches' : 'organizations',
              )
            : ''
        }
      >
        <SearchField
          label="Search organizations"
          placeholder="Name, external ID or ID"
          value={query}
          onSearch={(next) => setPosition({ query: next, page: 1, pageToken: '' }, { replace: true })}
        />
      </ListBar>
      <PagedTable
        caption="Organizations"
        columns={listColumns(directoriesOf)}
        query={organizations}
        rowsOf={(page) => page.organizations}
        rowKey={(organization) => organization.id}
        empty={
          query
            ? { title: 'No organizations match', text: <NothingFor query={query} /> }
            : { title: 'No organizations yet', text: firstStep }
        }
        pageSize={PAGE_SIZE}
        position={position}
        onMove={setPosition}
      />
    </>
  );
}

function listColumns(directoriesOf: OrganizationsListProps['directoriesOf']): Column<Organization>[] {
  return [
    {
      header: 'Name',
      isRowHeader: true,
      cell: ({ id, display_name }) => (
        <Link to={`/organizations/${id}`} className={styles.name}>
          <ForeignText text={shownName(display_name, id)} />
        </Link>
      ),
    },
    {
      header: 'Directory Sync',
      cell: (organization) => (
        <Badge tone={hasDirectorySync(organization) ? 'good' : 'neutral'}>
          {hasDirectorySync(organization) ? 'On' : 'Off'}
        </Badge>
      ),
    },
    { header: 'Directories', isWideOnly: true, cell: ({ id }) => directoriesOf(id) },
    {
      header: 'External ID',
      isText: true,
      isWideOnly: true,
      cell: ({ external_id }) => (external_id === null ? '–' : <ForeignText text={external_id} />),
    },
    { header: 'Created', isWideOnly: true, cell: ({ create_time }) => <RelativeTime time={create_time} /> },
  ];
}

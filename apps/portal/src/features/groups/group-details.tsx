import type { Directory, DirectoryGroup, DirectoryUser } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { groupQuery, membersQuery } from '../../shared/api/queries';
import { formatCount } from '../../shared/format/format-count';
import { formatDateTime } from '../../shared/format/format-time';
import { shownName } from '../../shared/format/shown-name';
import { useListPosition } from '../../shared/hooks/use-list-position';
import { Card } from '../../shared/ui/card';
import { Facts, RawAttributes } from '../../shared/ui/facts';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Icon } from '../../shared/ui/icon';
import { ErrorNotice } from '../../shared/ui/notice';
import { PagedTable } from '../../shared/ui/paged-table';
import { ActiveBadge, PersonCell } from '../../shared/ui/person';
import { Skeleton } from '../../shared/ui/skeleton';
import type { Column } from '../../shared/ui/table';
import styles from './groups.module.css';

const PAGE_SIZE = 20;

interface GroupDetailsProps {
  directory: Directory;
  groupId: string;
  /** Shows a member. */
  onOpenUser: (userId: string) => void;
}

/** One group: what the provider sent of it, and who is in it. */
export function GroupDetails({ directory, groupId, onOpenUser }: GroupDetailsProps) {
  const group = useQuery(groupQuery(directory.id, groupId));
  return (
    <>
      <nav aria-label="Groups">
        <Link to=".." relative="path" className={styles.back}>
          <Icon name="arrowLeft" size={16} />
          All groups
        </Link>
      </nav>
      {group.isPending && (
        <div role="status" aria-label="Loading the group">
          <Skeleton width={2} />
        </div>
      )}
      {group.isError && !group.data && <ErrorNotice error={group.error} onRetry={() => void group.refetch()} />}
      {group.data && (
        <div className={styles.columns}>
          <Members directoryId={directory.id} group={group.data} onOpenUser={onOpenUser} />
          <GroupFacts group={group.data} />
        </div>
      )}
    </>
  );
}

function Members({
  directoryId,
  group,
  onOpenUser,
}: {
  directoryId: string;
  group: DirectoryGroup;
  onOpenUser: (userId: string) => void;
}) {
  const [position, setPosition] = useListPosition();
  const { pageToken } = position;
  const members = useQuery(membersQuery(directoryId, group.id, { pageSize: PAGE_SIZE, pageToken, query: '' }));
  const name = shownName(group.display_name, group.id);
  return (
    <section aria-labelledby="group-name">
      <header className={styles.header}>
        <h2 id="group-name" className={styles.title}>
          <ForeignText text={name} />
        </h2>
        <p className={styles.total} data-testid="list-total">
          {formatCount(group.total_users, 'member')}
        </p>
      </header>
      <PagedTable
        caption={`Members of ${name}`}
        columns={memberColumns(onOpenUser)}
        query={members}
        rowsOf={(page) => page.members}
        rowKey={(user) => user.id}
        empty={{ title: 'No members', text: 'The group has arrived, but nobody is in it yet.' }}
        pageSize={PAGE_SIZE}
        position={position}
        onMove={setPosition}
      />
    </section>
  );
}

function GroupFacts({ group }: { group: DirectoryGroup }) {
  return (
    <Card title="About this group">
      <div className={styles.about}>
        <Facts
          title="Record"
          facts={[
            { label: 'External ID', value: group.external_id ?? '–' },
            { label: 'Created', value: formatDateTime(group.create_time) },
            { label: 'Updated', value: formatDateTime(group.update_time) },
            { label: 'ID', value: <code>{group.id}</code> },
          ]}
        />
        <RawAttributes value={group.raw_attributes} />
      </div>
    </Card>
  );
}

function memberColumns(onOpen: (userId: string) => void): Column<DirectoryUser>[] {
  return [
    { header: 'Name', isRowHeader: true, cell: (user) => <PersonCell user={user} onOpen={onOpen} /> },
    { header: 'Status', cell: (user) => <ActiveBadge active={user.active} /> },
    {
      header: 'Title',
      isText: true,
      isWideOnly: true,
      cell: (user) => <ForeignText text={user.title ?? '–'} />,
    },
  ];
}

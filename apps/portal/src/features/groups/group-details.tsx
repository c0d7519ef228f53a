import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMemo } from 'react';
import type { Directory, DirectoryGroup, DirectoryUser } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link, type To } from 'react-router';
import { groupQuery, membersQuery } from '../../shared/api/people-queries';
import { activeParameter, activityChoices } from '../../shared/format/activity-filter';
import { formatDateTime } from '../../shared/format/format-time';
import { shownName } from '../../shared/format/shown-name';
import { useFilters } from '../../shared/hooks/use-filters';
import { useListPosition } from '../../shared/hooks/use-list-position';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { Card } from '../../shared/ui/card';
import { Facts, RawAttributes } from '../../shared/ui/facts';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Icon } from '../../shared/ui/icon';
import { ListBar } from '../../shared/ui/list-bar';
import { NothingFor } from '../../shared/ui/nothing-for';
import { ErrorNotice } from '../../shared/ui/notice';
import { PagedTable } from '../../shared/ui/paged-table';
import { ActiveBadge, PersonCell } from '../../shared/ui/person';
import { SearchField } from '../../shared/ui/search-field';
import { SelectField } from '../../shared/ui/select-field';
import { Skeleton } from '../../shared/ui/skeleton';
import type { Column } from '../../shared/ui/table';
import styles from './groups.module.css';

const PAGE_SIZE = 20;

const FILTERS = ['status', 'sort'] as const;
const SORTS = ['name', '-name', 'updated', '-updated'];

interface GroupDetailsProps {
  directory: Pick<Directory, 'id' | 'directory_provider'>;
  groupId: string;
  /** Where a member is shown. */
  userLink: (userId: string) => To;
}

/** One group: what the provider sent of it, and who is in it. */
export function GroupDetails({ directory, groupId, userLink }: GroupDetailsProps) {
  const group = useQuery(groupQuery(directory.id, groupId));
  return (
    <>
      <nav aria-label={t`Groups`}>
        <Link to=".." relative="path" className={styles.back}>
          <Icon name="arrowLeft" size={16} />
          <Trans>All groups</Trans>
        </Link>
      </nav>
      {group.isPending && (
        <div role="status" aria-label={t`Loading the group`}>
          <Skeleton width={2} />
        </div>
      )}
      {group.isError && !group.data && <ErrorNotice error={group.error} onRetry={() => void group.refetch()} />}
      {group.data && (
        <div className={styles.columns}>
          <Members directoryId={directory.id} group={group.data} userLink={userLink} />
          <GroupFacts group={group.data} provider={findProvider(directory.directory_provider).shortName} />
        </div>
      )}
    </>
  );
}

interface MembersProps extends Pick<GroupDetailsProps, 'userLink'> {
  directoryId: string;
  group: DirectoryGroup;
}

function Members({ directoryId, group, userLink }: MembersProps) {
  const [position, setPosition] = useListPosition();
  const { values: filters, change: changeFilters } = useFilters(FILTERS);
  const { query, pageToken } = position;
  const sort = SORTS.includes(filters.sort) ? filters.sort : '';
  const active = activeParameter(filters.status);
  const list = { pageSize: PAGE_SIZE, pageToken, query, parameters: { active, sort } };
  const members = useQuery(membersQuery(directoryId, group.id, list));
  const columns = useMemo(() => memberColumns(userLink), [userLink]);
  const isWhole = query === '' && active === '';
  const name = shownName(group.display_name, group.id);
  return (
    <section aria-labelledby="group-name">
      <header className={styles.header}>
        <h2 id="group-name" className={styles.title}>
          <ForeignText text={name} />
        </h2>
        <p className={styles.total} data-testid="group-total">
          {plural({ count: group.total_users }, { one: '# member', other: '# members' })}
        </p>
      </header>
      <ListBar summary={isWhole || !members.data ? '' : summaryOf(members.data.total_size)}>
        <div className={styles.search}>
          <SearchField
            label={t`Search members`}
            placeholder={t`Name, email or External ID`}
            value={query}
            onSearch={(next) => setPosition({ query: next, page: 1, pageToken: '' }, { replace: true })}
          />
          <SelectField
            label={t`Status`}
            isLabelHidden
            choices={activityChoices()}
            value={filters.status}
            onChange={(status) => changeFilters({ status })}
          />
        </div>
      </ListBar>
      <PagedTable
        caption={t`Members of ${name}`}
        columns={columns}
        query={members}
        rowsOf={(page) => page.members}
        rowKey={(user) => user.id}
        empty={
          isWhole
            ? { title: t`No members`, text: t`The group has arrived, but nobody is in it yet.` }
            : {
                title: t`No members match`,
                text: query === '' ? t`Nobody is what the filter asks for.` : <NothingFor query={query} />,
              }
        }
        pageSize={PAGE_SIZE}
        position={position}
        onMove={setPosition}
        order={{ sort, onSort: (next) => changeFilters({ sort: next }) }}
        isPressed
      />
    </section>
  );
}

function summaryOf(matches: number): string {
  return plural({ count: matches }, { one: '# match', other: '# matches' });
}

function GroupFacts({ group, provider }: { group: DirectoryGroup; provider: string }) {
  return (
    <Card title={t`About this group`} lead={t`Read only: change it in ${provider}, which sends it here.`}>
      <div className={styles.about}>
        <Facts
          title={t`Record`}
          facts={[
            { label: t`External ID`, value: group.external_id ?? '–' },
            { label: t`Created`, value: formatDateTime(group.create_time) },
            { label: t`Updated`, value: formatDateTime(group.update_time) },
            { label: t`ID`, value: <code>{group.id}</code> },
          ]}
        />
        <RawAttributes value={group.raw_attributes} />
      </div>
    </Card>
  );
}

function memberColumns(linkTo: (userId: string) => To): Column<DirectoryUser>[] {
  return [
    {
      header: t`Name`,
      isRowHeader: true,
      sort: { key: 'name' },
      cell: (user) => <PersonCell user={user} to={linkTo(user.id)} />,
    },
    { header: t`Status`, cell: (user) => <ActiveBadge active={user.active} /> },
    {
      header: t({ message: 'Title', context: 'job' }),
      isText: true,
      isWideOnly: true,
      cell: (user) => <ForeignText text={user.title ?? '–'} />,
    },
  ];
}

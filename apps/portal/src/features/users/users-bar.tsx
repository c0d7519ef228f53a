import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { FOUND_MAX } from '@rollcall/contract';
import type { Directory } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { groupQuery, usersQuery } from '../../shared/api/people-queries';
import { activityChoices } from '../../shared/format/activity-filter';
import { formatNumber } from '../../shared/format/format-count';
import { formatDateTime } from '../../shared/format/format-time';
import type { ListPosition } from '../../shared/format/list-position';
import { shownName } from '../../shared/format/shown-name';
import { MINUTE_MS } from '../../shared/format/time-units';
import { useNow } from '../../shared/hooks/use-now';
import { Button } from '../../shared/ui/button';
import { GroupPicker } from '../../shared/ui/group-picker';
import { ListBar } from '../../shared/ui/list-bar';
import { SearchField } from '../../shared/ui/search-field';
import { SelectField } from '../../shared/ui/select-field';
import { ExportUsers } from './export-users';
import { isNarrowed, sinceChoices, userParameters, type UserFilters } from './user-filters';
import styles from './users.module.css';

interface UsersBarProps {
  directory: Pick<Directory, 'id' | 'total_users'>;
  roleNames: readonly string[];
  position: ListPosition;
  onSearch: (query: string) => void;
  filters: UserFilters;
  onFilter: (change: Partial<UserFilters>) => void;
  /** Of the list as it is narrowed; undefined while that is not known. */
  total: number | undefined;
}

/** Above the users: what they are searched for, narrowed by, and how many there are. */
export function UsersBar(props: UsersBarProps) {
  const { directory, position, filters, onFilter, total } = props;
  const { query } = position;
  const isWhole = query === '' && !isNarrowed(filters);
  return (
    <>
      <ListBar summary={total === undefined ? '' : summaryOf(total, query, isWhole)}>
        <SearchField
          label={t`Search users`}
          placeholder={t`Name, email or External ID`}
          value={query}
          onSearch={props.onSearch}
        />
      </ListBar>
      <div className={styles.filters} role="group" aria-label={t`Filters`}>
        <FilterFields {...props} />
        {isNarrowed(filters) && (
          <Button tone="quiet" onClick={() => onFilter({ status: '', group: '', role: '', since: '' })}>
            <Trans>Clear filters</Trans>
          </Button>
        )}
        <span className={styles.space} />
        {query === '' && !isNarrowed({ ...filters, status: '' }) && (
          <StatusCounts directory={directory} onFilter={onFilter} />
        )}
        <ExportUsers directoryId={directory.id} list={{ query, parameters: userParameters(filters) }} total={total} />
      </div>
    </>
  );
}

function FilterFields({ directory, roleNames, filters, onFilter }: UsersBarProps) {
  const now = useNow(MINUTE_MS);
  const group = useQuery({ ...groupQuery(directory.id, filters.group), enabled: filters.group !== '' });
  const roles = [...new Set([...roleNames, ...(filters.role === '' ? [] : [filters.role])])];
  return (
    <>
      <SelectField
        label={t`Status`}
        choices={activityChoices()}
        value={filters.status}
        onChange={(status) => onFilter({ status })}
      />
      <GroupPicker
        directoryId={directory.id}
        label={t`Group`}
        chosen={filters.group === '' ? null : shownName(group.data?.display_name, filters.group)}
        onChoose={(chosen) => onFilter({ group: chosen?.id ?? '' })}
      />
      {roles.length > 0 && (
        <SelectField
          label={t`Role`}
          choices={[
            { value: '', label: t({ message: 'Any', context: 'role' }) },
            ...roles.map((role) => ({ value: role, label: role })),
          ]}
          value={filters.role}
          onChange={(role) => onFilter({ role })}
        />
      )}
      <SelectField
        label={t({ message: 'Changed', context: 'when' })}
        choices={sinceChoices(filters.since, now, formatDateTime)}
        value={filters.since}
        onChange={(since) => onFilter({ since })}
      />
    </>
  );
}

function summaryOf(total: number, query: string, isWhole: boolean): string {
  if (isWhole) return plural({ count: total }, { one: '# user', other: '# users' });
  if (query !== '' && total >= FOUND_MAX)
    return t`${{ count: formatNumber(total) }} matches or more: write more of the name`;
  return plural({ count: total }, { one: '# match', other: '# matches' });
}

/**
 * How many of the directory are active and how many are not, to be compared with what the identity provider says. Each leads to as many:
 * it stands beside no list that is narrowed otherwise.
 */
function StatusCounts({ directory, onFilter }: Pick<UsersBarProps, 'directory' | 'onFilter'>) {
  const list = { pageSize: 1, pageToken: '', query: '', parameters: { active: 'false' } };
  const inactive = useQuery(usersQuery(directory.id, list)).data?.total_size;
  if (inactive === undefined) return null;
  const active = Math.max(0, directory.total_users - inactive);
  return (
    <p className={styles.counts} data-testid="status-counts">
      <button type="button" onClick={() => onFilter({ status: 'active' })}>
        {plural({ count: active }, { one: '# active', other: '# active' })}
      </button>
      <button type="button" onClick={() => onFilter({ status: 'inactive' })}>
        {plural({ count: inactive }, { one: '# inactive', other: '# inactive' })}
      </button>
    </p>
  );
}

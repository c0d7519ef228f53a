import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { DirectoryGroup } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { groupsQuery } from '../api/people-queries';
import { shownName } from '../format/shown-name';
import { Button } from './button';
import { Dialog } from './dialog';
import { ForeignText } from './foreign-text';
import { Icon } from './icon';
import { ErrorNotice } from './notice';
import { SearchField } from './search-field';
import { Skeleton } from './skeleton';
import styles from './group-picker.module.css';

/** Groups that are offered at a time: more are found by searching. */
const OFFERED = 30;

interface GroupPickerProps {
  directoryId: string;
  label: string;
  /** The name of the group that is chosen; null for none. */
  chosen: string | null;
  /** What stands for none. */
  placeholder?: string;
  /** Null takes the choice back. */
  onChoose: (group: DirectoryGroup | null) => void;
}

/** Chooses one group of a directory, which may have thousands: they are searched. */
export function GroupPicker({
  directoryId,
  label,
  chosen,
  placeholder = t({ message: 'Any', context: 'group' }),
  onChoose,
}: GroupPickerProps) {
  const [isOpen, setIsOpen] = useState(false);
  const choose = (group: DirectoryGroup | null) => {
    setIsOpen(false);
    onChoose(group);
  };
  return (
    <div className={styles.picker}>
      <span className={styles.label} aria-hidden="true">
        {label}
      </span>
      <Button className={styles.button} aria-haspopup="dialog" onClick={() => setIsOpen(true)}>
        <span className="visually-hidden">{label}: </span>
        <span className={styles.chosen}>{chosen === null ? placeholder : <ForeignText text={chosen} />}</span>
        <Icon name="chevronDown" size={16} />
      </Button>
      {isOpen && (
        <Dialog title={t`Choose a group`} onClose={() => setIsOpen(false)}>
          <GroupChoice directoryId={directoryId} onChoose={choose} />
          {chosen !== null && (
            <Button tone="quiet" onClick={() => choose(null)}>
              <Trans>Any group</Trans>
            </Button>
          )}
        </Dialog>
      )}
    </div>
  );
}

function GroupChoice({ directoryId, onChoose }: Pick<GroupPickerProps, 'directoryId' | 'onChoose'>) {
  const [query, setQuery] = useState('');
  const list = { pageSize: OFFERED, pageToken: '', query, parameters: { sort: 'name' } };
  const groups = useQuery(groupsQuery(directoryId, list));
  return (
    <>
      <SearchField label={t`Search groups`} placeholder={t`Name or External ID`} value={query} onSearch={setQuery} />
      {groups.isPending && (
        <div role="status" aria-label={t`Loading the groups`}>
          <Skeleton width={3} />
        </div>
      )}
      {groups.isError && !groups.data && <ErrorNotice error={groups.error} onRetry={() => void groups.refetch()} />}
      {groups.data?.groups.length === 0 && (
        <p className={styles.none}>{query === '' ? t`There are no groups yet.` : t`No group matches.`}</p>
      )}
      <ul className={styles.groups} aria-label={t`Groups`}>
        {groups.data?.groups.map((group) => (
          <li key={group.id}>
            <button type="button" className={styles.group} onClick={() => onChoose(group)}>
              <span className={styles.name}>
                <ForeignText text={shownName(group.display_name, group.id)} />
              </span>
              <span className={styles.members}>
                {plural({ count: group.total_users }, { one: '# member', other: '# members' })}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {groups.data && groups.data.next_page_token !== '' && (
        <p className={styles.none}>
          <Trans>There are more: search for the one you mean.</Trans>
        </p>
      )}
    </>
  );
}

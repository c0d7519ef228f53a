import type { Directory } from '@rollcall/sdk';
import { Link } from 'react-router';
import { directoryTitle } from '../../shared/format/directory-status';
import { formatCount } from '../../shared/format/format-count';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { ProviderMark } from '../../shared/providers/provider-mark';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Icon } from '../../shared/ui/icon';
import { RelativeTime } from '../../shared/ui/time';
import { DirectoryBadge } from './directory-badge';
import styles from './directory-list.module.css';

interface DirectoryListProps {
  directories: readonly Directory[];
  /** Where the page of one is. */
  addressOf: (directoryId: string) => string;
}

export function DirectoryList({ directories, addressOf }: DirectoryListProps) {
  return (
    <ul className={styles.list} aria-label="Directories">
      {directories.map((directory) => (
        <DirectoryItem
          key={directory.id}
          directory={directory}
          address={addressOf(directory.id)}
          isTwin={hasTwin(directory, directories)}
        />
      ))}
    </ul>
  );
}

/** Whether another directory is called the same: what then differs to the eye is its endpoint. */
function hasTwin(directory: Directory, directories: readonly Directory[]): boolean {
  const title = directoryTitle(directory);
  return directories.some((other) => other.id !== directory.id && directoryTitle(other) === title);
}

interface DirectoryItemProps {
  directory: Directory;
  address: string;
  isTwin: boolean;
}

function DirectoryItem({ directory, address, isTwin }: DirectoryItemProps) {
  return (
    <li className={styles.item}>
      <ProviderMark provider={directory.directory_provider} />
      <div>
        <h3>
          <Link to={address} className={styles.link}>
            <ForeignText text={directoryTitle(directory)} />
          </Link>
        </h3>
        <p className={styles.facts}>
          {findProvider(directory.directory_provider).name} · {formatCount(directory.total_users, 'user')} ·{' '}
          {formatCount(directory.total_groups, 'group')}
          {isTwin && ` · endpoint …${directory.id.slice(-6)}/v2`}
          {directory.last_synced_at && (
            <>
              {' · synced '}
              <RelativeTime time={directory.last_synced_at} />
            </>
          )}
        </p>
      </div>
      <span className={styles.status}>
        <DirectoryBadge directory={directory} />
      </span>
      <Icon name="chevronRight" className={styles.chevron} />
    </li>
  );
}

import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Directory } from '@rollcall/sdk';
import { Link } from 'react-router';
import { directoryTitle } from '../../shared/format/directory-status';
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
    <ul className={styles.list} aria-label={t`Directories`}>
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
          {findProvider(directory.directory_provider).name}
          {' · '}
          {plural({ users: directory.total_users }, { one: '# user', other: '# users' })}
          {' · '}
          {plural({ groups: directory.total_groups }, { one: '# group', other: '# groups' })}
          {isTwin && (
            <>
              {' · '}
              {t`endpoint …${{ ending: `${directory.id.slice(-6)}/v2` }}`}
            </>
          )}
          {directory.last_synced_at && (
            <>
              {' · '}
              <Trans>
                synced <RelativeTime time={directory.last_synced_at} />
              </Trans>
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

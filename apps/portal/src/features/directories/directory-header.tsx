import type { Directory } from '@rollcall/sdk';
import { directoryTitle } from '../../shared/format/directory-status';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { ProviderMark } from '../../shared/providers/provider-mark';
import { PageHeading } from '../../shared/ui/page-heading';
import { Trail } from '../../shared/ui/trail';
import { DirectoryActions } from './directory-actions';
import styles from './directory-header.module.css';

const PROTOCOL = 'SCIM 2.0';

interface DirectoryHeaderProps {
  directory: Directory;
  /** The page above it. */
  up: { to: string; label: string };
  /** Called when the directory is gone. */
  onDeleted: () => void;
}

export function DirectoryHeader({ directory, up, onDeleted }: DirectoryHeaderProps) {
  const title = directoryTitle(directory);
  const mayChange = useMayChange();
  return (
    <header>
      <div className={styles.trail}>
        <Trail {...up} />
      </div>
      <div className={styles.header}>
        <ProviderMark provider={directory.directory_provider} size={48} />
        <div className={styles.titles}>
          <div className={styles.line}>
            <PageHeading title={title} className={styles.title} />
          </div>
          <p className={styles.provider}>
            {findProvider(directory.directory_provider).name} · {PROTOCOL}
          </p>
        </div>
        {mayChange && <DirectoryActions directory={directory} onDeleted={onDeleted} />}
      </div>
    </header>
  );
}

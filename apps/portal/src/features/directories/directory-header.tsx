import type { Directory } from '@rollcall/sdk';
import { Link } from 'react-router';
import { directoryTitle } from '../../shared/format/directory-status';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { ProviderMark } from '../../shared/providers/provider-mark';
import { Icon } from '../../shared/ui/icon';
import { PageHeading } from '../../shared/ui/page-heading';
import { DirectoryActions } from './directory-actions';
import styles from './directory-header.module.css';

interface DirectoryHeaderProps {
  directory: Directory;
  /** Called when the directory is gone. */
  onDeleted: () => void;
}

export function DirectoryHeader({ directory, onDeleted }: DirectoryHeaderProps) {
  const title = directoryTitle(directory);
  return (
    <header>
      <nav aria-label="Breadcrumb" className={styles.trail}>
        <Link to="/portal" className={styles.back}>
          <Icon name="arrowLeft" size={16} />
          All directories
        </Link>
      </nav>
      <div className={styles.header}>
        <ProviderMark provider={directory.directory_provider} size={48} />
        <div className={styles.titles}>
          <div className={styles.line}>
            <PageHeading title={title} className={styles.title} />
          </div>
          <p className={styles.provider}>{findProvider(directory.directory_provider).name} · SCIM 2.0</p>
        </div>
        <DirectoryActions directory={directory} onDeleted={onDeleted} />
      </div>
    </header>
  );
}

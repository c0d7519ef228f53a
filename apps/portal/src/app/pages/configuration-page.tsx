import { ConnectionCard } from '../../features/connection/connection-card';
import { DirectoryDetailsCard } from '../../features/secrets/directory-details-card';
import { useFreshSecrets } from '../../features/secrets/fresh-secrets';
import { SetupGuide } from '../../features/setup-guide/setup-guide';
import { useDirectory } from './directory-layout';
import styles from './pages.module.css';

/** Card 1 and 2 with the provider's own steps beside them. */
export function ConfigurationPage() {
  const directory = useDirectory();
  const { find, markCopied } = useFreshSecrets();
  const base = `/portal/directories/${directory.id}`;
  return (
    <div className={`${styles.configuration} ${directory.status === 'COMPLETED' ? styles.connected : ''}`}>
      <div className={styles.aside}>
        <DirectoryDetailsCard directory={directory} />
        <div className={styles.connection}>
          <ConnectionCard directory={directory} usersPath={`${base}/users`} groupsPath={`${base}/groups`} />
        </div>
      </div>
      <div className={styles.guide}>
        <SetupGuide
          directory={directory}
          token={find(directory.id)?.plain_secret ?? null}
          onTokenCopied={() => markCopied(directory.id)}
        />
      </div>
    </div>
  );
}

import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { HandOverCard } from '../../features/hand-over/hand-over-card';
import { HandOverLinksCard } from '../../features/hand-over/hand-over-links-card';
import { useFreshSecrets } from '../../features/secrets/fresh-secrets';
import { sessionQuery } from '../../shared/api/queries';
import { Icon } from '../../shared/ui/icon';
import { useDirectory } from './directory-layout';
import styles from './pages.module.css';

/** Where an admin gets what a colleague needs, with the state of the directory above it. */
export function HandOverPage() {
  const directory = useDirectory();
  const session = useQuery(sessionQuery);
  const { find, markCopied } = useFreshSecrets();
  return (
    <div className={styles.stack}>
      <p>
        <Link to={`/portal/directories/${directory.id}`} className={styles.handOver}>
          <Icon name="arrowLeft" size={16} />
          <Trans>Configuration</Trans>
        </Link>
      </p>
      <HandOverLinksCard directory={directory} />
      <HandOverCard
        directory={directory}
        organization={session.data?.organization.display_name ?? ''}
        token={find(directory.id)?.plain_secret ?? null}
        onTokenCopied={() => markCopied(directory.id)}
      />
    </div>
  );
}

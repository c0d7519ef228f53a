import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { ActivityCard } from '../../features/health/activity-card';
import { DirectoryDetailsCard } from '../../features/secrets/directory-details-card';
import { useFreshSecrets } from '../../features/secrets/fresh-secrets';
import { SetupGuide } from '../../features/setup-guide/setup-guide';
import { sessionQuery } from '../../shared/api/queries';
import { Icon } from '../../shared/ui/icon';
import { useDirectory } from './directory-layout';
import styles from './pages.module.css';

/** What to paste with the provider's own steps beside it; once it is connected, what it does comes first. */
export function ConfigurationPage() {
  const directory = useDirectory();
  const session = useQuery(sessionQuery);
  const { find, markCopied } = useFreshSecrets();
  const fresh = find(directory.id);
  const isReached = directory.setup.first_request_time !== null;
  // Decided once: what folded itself while somebody reads it would take the values away.
  const [startsFolded] = useState(directory.health.state === 'connected' && fresh === undefined);
  const base = `/portal/directories/${directory.id}`;
  const details = <DirectoryDetailsCard directory={directory} />;
  return (
    <div className={styles.configuration}>
      <div className={styles.aside}>
        {isReached && <ActivityCard directory={directory} usersPath={`${base}/users`} groupsPath={`${base}/groups`} />}
        {startsFolded ? (
          <details className={styles.fold}>
            <summary>
              <Icon name="chevronRight" size={16} className={styles.chevron} />
              <Trans>Endpoint URL and tokens</Trans>
            </summary>
            {details}
          </details>
        ) : (
          details
        )}
        <p>
          <Link to={`${base}/hand-over`} className={styles.handOver}>
            <Trans>Hand over to somebody else</Trans>
            <Icon name="arrowRight" size={16} />
          </Link>
        </p>
      </div>
      <div>
        <SetupGuide
          directory={directory}
          token={fresh?.plain_secret ?? null}
          onTokenCopied={() => markCopied(directory.id)}
          mayMapRoles={session.data?.portal.admin_may_map_roles ?? false}
        />
      </div>
    </div>
  );
}

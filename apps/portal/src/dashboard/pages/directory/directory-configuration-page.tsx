import { useQuery } from '@tanstack/react-query';
import { HandOverLinksCard } from '../../../features/hand-over/hand-over-links-card';
import { ActivityCard } from '../../../features/health/activity-card';
import { portalSettingsQuery } from '../../../features/portal-settings/settings-queries';
import { DirectoryDetailsCard } from '../../../features/secrets/directory-details-card';
import { useFreshSecrets } from '../../../features/secrets/fresh-secrets';
import { SetupGuide } from '../../../features/setup-guide/setup-guide';
import styles from '../pages.module.css';
import { useDirectoryDetail } from './directory-layout';

/** What the administrator has before them: what has arrived, the values to paste, and the provider's own steps. */
export function DirectoryConfigurationPage() {
  const directory = useDirectoryDetail();
  const settings = useQuery(portalSettingsQuery);
  const { find, markCopied } = useFreshSecrets();
  const base = `/organizations/${directory.organization_id}/directories/${directory.id}`;
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>
        <DirectoryDetailsCard directory={directory} />
        <HandOverLinksCard directory={directory} />
        <SetupGuide
          directory={directory}
          token={find(directory.id)?.plain_secret ?? null}
          onTokenCopied={() => markCopied(directory.id)}
          mayMapRoles={settings.data?.admin_may_map_roles ?? false}
        />
      </div>
      <ActivityCard directory={directory} usersPath={`${base}/users`} groupsPath={`${base}/groups`} />
    </div>
  );
}

import type { DirectoryDetail } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate, useOutletContext, useParams } from 'react-router';
import { PortalError } from '../../../shared/api/portal-error';
import { directoryQuery } from '../../../shared/api/queries';
import { shownName } from '../../../shared/format/shown-name';
import { StaleNotice } from '../../../shared/ui/notice';
import { Skeleton } from '../../../shared/ui/skeleton';
import { TabLinks } from '../../../shared/ui/tab-links';
import { UnreadPage } from '../../../shared/ui/unread-page';
import { DirectoryHeader } from '../../../features/directories/directory-header';
import { HealthBanner } from '../../../features/health/health-banner';
import { HoldNotice } from '../../../features/held/hold-notice';
import { organizationQuery } from '../../../features/organizations/organization-queries';
import { useFreshSecrets } from '../../../features/secrets/fresh-secrets';
import { NotFoundPage } from '../not-found-page';
import styles from '../pages.module.css';

/** The frame of one directory's pages: what its administrator sees, and what only the owner decides. */
export function DirectoryLayout() {
  const { organizationId = '', directoryId = '' } = useParams();
  const { pathname } = useLocation();
  const directory = useQuery(directoryQuery(directoryId));
  const organization = useQuery(organizationQuery(organizationId));
  const navigate = useNavigate();
  const { forget } = useFreshSecrets();
  const above = `/organizations/${organizationId}`;
  const up = { to: above, label: shownName(organization.data?.display_name, 'Organization') };
  if (directory.error instanceof PortalError && directory.error.status === 404) return <NotFoundPage />;
  if (!directory.data) {
    return directory.isError ? (
      <UnreadPage title="Directory" up={up} error={directory.error} onRetry={() => void directory.refetch()} />
    ) : (
      <div role="status" aria-label="Loading the directory">
        <Skeleton width={2} />
      </div>
    );
  }
  // The management API answers the whole directory; the type of the query is that of the portal, which gets a part of it.
  const detail = directory.data as DirectoryDetail;
  const base = `${above}/directories/${directoryId}`;
  const isAtHeld = pathname === `${base}/held`;
  const onDeleted = () => {
    forget(directoryId);
    void navigate(above, { replace: true });
  };
  return (
    <>
      <DirectoryHeader directory={detail} up={up} onDeleted={onDeleted} />
      <div className={styles.notices}>
        {directory.isError && (
          <StaleNotice title="This directory could not be refreshed" onRetry={() => void directory.refetch()} />
        )}
        <HealthBanner directory={detail} />
        {!isAtHeld && <HoldNotice directory={detail} to={`${base}/held`} />}
      </div>
      <TabLinks
        label="Directory"
        links={[
          { to: base, label: 'Configuration', end: true },
          { to: `${base}/users`, label: 'Users', count: detail.total_users },
          { to: `${base}/groups`, label: 'Groups', count: detail.total_groups },
          { to: `${base}/activity`, label: 'Activity' },
          { to: `${base}/rules`, label: 'Roles and attributes' },
          { to: `${base}/held`, label: 'Held changes', count: detail.deprovisioning.held_users },
          { to: `/audit-log?target_id=${directoryId}`, label: 'History' },
        ]}
      />
      <div className={styles.content} key={directoryId}>
        <Outlet context={detail} />
      </div>
    </>
  );
}

/** The directory of the page with all its settings, always the newest that was read. */
export function useDirectoryDetail(): DirectoryDetail {
  return useOutletContext<DirectoryDetail>();
}

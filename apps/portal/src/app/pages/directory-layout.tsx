import { t } from '@lingui/core/macro';
import type { Directory } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Outlet, useLocation, useNavigate, useOutletContext, useParams } from 'react-router';
import { PortalError } from '../../shared/api/portal-error';
import { directoryQuery } from '../../shared/api/queries';
import { StaleNotice } from '../../shared/ui/notice';
import { Skeleton } from '../../shared/ui/skeleton';
import { TabLinks } from '../../shared/ui/tab-links';
import { UnreadPage } from '../../shared/ui/unread-page';
import { useFreshSecrets } from '../../features/secrets/fresh-secrets';
import { HealthBanner } from '../../features/health/health-banner';
import { DirectoryHeader } from '../../features/directories/directory-header';
import { HoldNotice } from '../../features/held/hold-notice';
import { NotFoundPage } from './not-found-page';
import styles from './pages.module.css';

/** The frame of one directory's pages: its header, its tabs, and its state read again and again. */
export function DirectoryLayout() {
  const { directoryId = '' } = useParams();
  const directory = useQuery(directoryQuery(directoryId));
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { forget } = useFreshSecrets();
  const up = { to: '/portal', label: t`All directories` };
  if (directory.error instanceof PortalError && directory.error.status === 404) return <NotFoundPage />;
  if (!directory.data) {
    return directory.isError ? (
      <UnreadPage title={t`Directory`} up={up} error={directory.error} onRetry={() => void directory.refetch()} />
    ) : (
      <div role="status" aria-label={t`Loading the directory`}>
        <Skeleton width={2} />
      </div>
    );
  }
  const base = `/portal/directories/${directory.data.id}`;
  const onDeleted = () => {
    forget(directoryId);
    void navigate('/portal', { replace: true });
  };
  return (
    <>
      {directory.isError && (
        <div className={styles.section}>
          <StaleNotice title={t`This directory could not be refreshed`} onRetry={() => void directory.refetch()} />
        </div>
      )}
      <DirectoryHeader directory={directory.data} up={up} onDeleted={onDeleted} />
      <HealthBanner directory={directory.data} />
      {pathname !== `${base}/held` && directory.data.deprovisioning.state === 'HELD' && (
        <div className={styles.notice}>
          <HoldNotice directory={directory.data} to={`${base}/held`} />
        </div>
      )}
      <TabLinks
        label={t`Directory`}
        links={[
          { to: base, label: t`Configuration`, end: true },
          { to: `${base}/users`, label: t`Users`, count: directory.data.total_users },
          { to: `${base}/groups`, label: t`Groups`, count: directory.data.total_groups },
          { to: `${base}/activity`, label: t`Activity` },
          { to: `${base}/mapping`, label: t`Mapping` },
          ...(guardsAnything(directory.data)
            ? [{ to: `${base}/held`, label: t`Held`, count: directory.data.deprovisioning.held_users }]
            : []),
        ]}
      />
      <div className={styles.content} key={directory.data.id}>
        <Suspense fallback={<Skeleton width={3} />}>
          <Outlet context={directory.data} />
        </Suspense>
      </div>
    </>
  );
}

/** Whether there is something to see of the deprovision guard. */
function guardsAnything({ deprovision_guard: guard, deprovisioning }: Directory): boolean {
  return guard !== null || deprovisioning.state === 'HELD' || deprovisioning.discarded_users > 0;
}

/** The directory of the page, always the newest that was read. */
export function useDirectory(): Directory {
  return useOutletContext<Directory>();
}

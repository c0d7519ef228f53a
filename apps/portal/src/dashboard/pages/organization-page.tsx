import { useState } from 'react';
import type { Organization } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { PortalError } from '../../shared/api/portal-error';
import { formatCount } from '../../shared/format/format-count';
import { shownName } from '../../shared/format/shown-name';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { Button, ButtonLink } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ErrorNotice, StaleNotice } from '../../shared/ui/notice';
import { PageIntro } from '../../shared/ui/page-intro';
import { Skeleton } from '../../shared/ui/skeleton';
import { Trail } from '../../shared/ui/trail';
import { UnreadPage } from '../../shared/ui/unread-page';
import { DirectoryList } from '../../features/directories/directory-list';
import { DeleteOrganizationDialog } from '../../features/organizations/delete-organization-dialog';
import { DirectorySyncSwitch } from '../../features/organizations/directory-sync-switch';
import { OrganizationDetailsCard } from '../../features/organizations/organization-details-card';
import {
  directoriesOfQuery,
  hasDirectorySync,
  organizationQuery,
} from '../../features/organizations/organization-queries';
import { PortalAccessCard } from '../../features/organizations/portal-access-card';
import { NotFoundPage } from './not-found-page';
import { OrganizationContactsCard } from './organization-contacts-card';
import styles from './pages.module.css';

const UP = { to: '/organizations', label: 'Organizations' };

/** One customer: the gate of Directory Sync, who may come in, what is connected, and what is kept with it. */
export function OrganizationPage() {
  const { organizationId = '' } = useParams();
  const organization = useQuery(organizationQuery(organizationId));
  if (organization.error instanceof PortalError && organization.error.status === 404) return <NotFoundPage />;
  if (organization.data) {
    return (
      <div className={styles.stack}>
        {organization.isError && (
          <StaleNotice title="This organization could not be refreshed" onRetry={() => void organization.refetch()} />
        )}
        <LoadedOrganization organization={organization.data} />
      </div>
    );
  }
  if (organization.isError) {
    return (
      <UnreadPage title="Organization" up={UP} error={organization.error} onRetry={() => void organization.refetch()} />
    );
  }
  return (
    <div role="status" aria-label="Loading the organization">
      <Skeleton width={2} />
    </div>
  );
}

function LoadedOrganization({ organization }: { organization: Organization }) {
  const canWrite = useMayChange();
  const navigate = useNavigate();
  const [isDeleting, setIsDeleting] = useState(false);
  return (
    <div>
      <PageIntro
        trail={<Trail {...UP} />}
        title={shownName(organization.display_name, organization.id)}
        actions={
          <>
            <ButtonLink to={`/audit-log?organization_id=${organization.id}`} icon="list">
              History
            </ButtonLink>
            {canWrite && <Button onClick={() => setIsDeleting(true)}>Delete…</Button>}
          </>
        }
      />
      <div className={styles.columns}>
        <div className={styles.stack}>
          <DirectorySyncSwitch organization={organization} canWrite={canWrite} />
          <Directories organization={organization} canWrite={canWrite} />
          <PortalAccessCard organization={organization} canWrite={canWrite} />
          <OrganizationContactsCard key={organization.id} organizationId={organization.id} canWrite={canWrite} />
        </div>
        <OrganizationDetailsCard organization={organization} canWrite={canWrite} />
      </div>
      {isDeleting && (
        <DeleteOrganizationDialog
          organization={organization}
          onDeleted={() => void navigate('/organizations', { replace: true })}
          onClose={() => setIsDeleting(false)}
        />
      )}
    </div>
  );
}

function Directories({ organization, canWrite }: { organization: Organization; canWrite: boolean }) {
  const directories = useQuery(directoriesOfQuery(organization.id));
  const base = `/organizations/${organization.id}/directories`;
  return (
    <Card
      title="Directories"
      lead="What the organization’s identity providers send."
      actions={
        canWrite &&
        hasDirectorySync(organization) && (
          <ButtonLink to={`${base}/new`} icon="plus">
            Add directory
          </ButtonLink>
        )
      }
    >
      {directories.isError && !directories.data && (
        <ErrorNotice error={directories.error} onRetry={() => void directories.refetch()} />
      )}
      {directories.isError && directories.data && (
        <StaleNotice title="This list could not be refreshed" onRetry={() => void directories.refetch()} />
      )}
      {directories.isPending && (
        <div role="status" aria-label="Loading the directories">
          <Skeleton width={3} />
        </div>
      )}
      {directories.data?.directories.length === 0 && (
        <p className={styles.none}>
          None yet. The administrator connects one in the Admin Portal, or you do it here for them.
        </p>
      )}
      {directories.data && directories.data.directories.length > 0 && (
        <DirectoryList directories={directories.data.directories} addressOf={(id) => `${base}/${id}`} />
      )}
      {directories.data && directories.data.total_size > directories.data.directories.length && (
        <p className={styles.none}>
          And{' '}
          {formatCount(
            directories.data.total_size - directories.data.directories.length,
            'more directory',
            'more directories',
          )}
          .
        </p>
      )}
    </Card>
  );
}

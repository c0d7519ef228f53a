import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { Button } from '../../shared/ui/button';
import { PageIntro } from '../../shared/ui/page-intro';
import { CreateOrganizationDialog } from '../../features/organizations/create-organization-dialog';
import { OrganizationsList } from '../../features/organizations/organizations-list';
import { DirectoriesCell } from './directories-cell';

const cellOf = (organizationId: string) => <DirectoriesCell organizationId={organizationId} />;

/** The customers of the app's owner. */
export function OrganizationsPage() {
  const canWrite = useMayChange();
  const navigate = useNavigate();
  const [isCreating, setIsCreating] = useState(false);
  return (
    <>
      <PageIntro
        title="Organizations"
        lead="Your customers. Each connects its own identity provider in the Admin Portal."
        actions={
          canWrite && (
            <Button tone="primary" icon="plus" onClick={() => setIsCreating(true)}>
              Create organization
            </Button>
          )
        }
      />
      <OrganizationsList
        directoriesOf={cellOf}
        firstStep={
          canWrite
            ? 'Create one for your first customer, switch Directory Sync on, and send its administrator a portal link.'
            : 'An admin of this environment can create the first one.'
        }
      />
      {isCreating && (
        <CreateOrganizationDialog
          onCreated={(organizationId) => void navigate(`/organizations/${organizationId}`)}
          onClose={() => setIsCreating(false)}
        />
      )}
    </>
  );
}

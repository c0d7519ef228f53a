import { useState } from 'react';
import type { ApiClientWithSecrets } from '@rollcall/sdk';
import { CreateClientDialog } from '../../features/api-clients/client-dialogs';
import { ClientsList } from '../../features/api-clients/clients-list';
import { FreshClientDialog } from '../../features/api-clients/fresh-client-dialog';
import { useIsOwner } from '../../shared/dashboard-api/use-is-owner';
import { Button } from '../../shared/ui/button';
import { PageIntro } from '../../shared/ui/page-intro';

export function ApiClientsPage() {
  const isOwner = useIsOwner();
  const [isCreating, setIsCreating] = useState(false);
  const [created, setCreated] = useState<ApiClientWithSecrets | null>(null);
  return (
    <>
      <PageIntro
        title="API clients"
        lead={
          <>
            Programs that call the management API. Its description is at <a href="/api/docs">/api/docs</a>.
          </>
        }
        actions={
          isOwner && (
            <Button tone="primary" icon="plus" onClick={() => setIsCreating(true)}>
              Create API client
            </Button>
          )
        }
      />
      <ClientsList />
      {isCreating && (
        <CreateClientDialog
          onClose={() => setIsCreating(false)}
          onCreated={(client) => {
            setIsCreating(false);
            setCreated(client);
          }}
        />
      )}
      {created && <FreshClientDialog created={created} onClose={() => setCreated(null)} />}
    </>
  );
}

import { useState } from 'react';
import type { WebhookEndpointWithSecret } from '@rollcall/sdk';
import { useNavigate } from 'react-router';
import { CreateEndpointDialog } from '../../features/webhooks/endpoint-dialogs';
import { EndpointsList } from '../../features/webhooks/endpoints-list';
import { FreshSecretDialog } from '../../features/webhooks/fresh-secret-dialog';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { Button } from '../../shared/ui/button';
import { PageIntro } from '../../shared/ui/page-intro';

export function WebhooksPage() {
  const canWrite = useMayChange();
  const navigate = useNavigate();
  const [isCreating, setIsCreating] = useState(false);
  const [created, setCreated] = useState<WebhookEndpointWithSecret | null>(null);
  const create = canWrite && (
    <Button tone="primary" icon="plus" onClick={() => setIsCreating(true)}>
      Create endpoint
    </Button>
  );
  return (
    <>
      <PageIntro title="Webhooks" lead="Addresses of your app to which events are sent." actions={create} />
      <EndpointsList create={canWrite ? 'Create one with the button above.' : null} />
      {isCreating && (
        <CreateEndpointDialog
          onClose={() => setIsCreating(false)}
          onCreated={(endpoint) => {
            setIsCreating(false);
            setCreated(endpoint);
          }}
        />
      )}
      {created && (
        <FreshSecretDialog
          created={created}
          onClose={() => void navigate(`/webhooks/${created.webhook_endpoint.id}`)}
        />
      )}
    </>
  );
}

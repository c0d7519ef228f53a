import { useState } from 'react';
import type { WebhookEndpoint, WebhookEndpointWithSecret } from '@rollcall/sdk';
import { useNavigate } from 'react-router';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { useNow } from '../../shared/hooks/use-now';
import { Badge } from '../../shared/ui/badge';
import { Button } from '../../shared/ui/button';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Menu } from '../../shared/ui/menu';
import { Notice } from '../../shared/ui/notice';
import { PageHeading } from '../../shared/ui/page-heading';
import { describeHealth, explainHealth, formatPending } from './describe-endpoint';
import {
  DeleteEndpointDialog,
  DiscardPendingDialog,
  EditEndpointDialog,
  EnableEndpointDialog,
  RotateSecretDialog,
} from './endpoint-dialogs';
import { FreshSecretDialog } from './fresh-secret-dialog';
import { ReplayDialog } from './replay-dialog';
import { TestEventDialog } from './test-event-dialog';
import styles from './webhooks.module.css';

type OpenDialog = 'edit' | 'rotate' | 'enable' | 'discard' | 'delete' | 'test' | 'replay' | 'retry';

/** What an endpoint is called, how it fares, and what can be done with it. */
export function EndpointHeader({ endpoint }: { endpoint: WebhookEndpoint }) {
  const canWrite = useMayChange();
  const now = useNow(5_000);
  const [open, setOpen] = useState<OpenDialog | null>(null);
  const { tone, label } = describeHealth(endpoint, now);
  const why = explainHealth(endpoint, now);
  return (
    <>
      <header className={styles.header}>
        <div className={styles.titles}>
          <PageHeading title={endpoint.url} />
          <div className={styles.states}>
            <Badge tone={tone} dot>
              {label}
            </Badge>
            <span>{formatPending(endpoint.health.pending_deliveries)} pending</span>
            {endpoint.description !== '' && <ForeignText text={endpoint.description} />}
          </div>
        </div>
        {canWrite && (
          <div className={styles.steps}>
            <Button tone="primary" unavailable={!endpoint.enabled} onClick={() => setOpen('test')}>
              Send test event
            </Button>
            <Menu label="Actions" trigger="button" items={actionsOf(endpoint, setOpen)} />
          </div>
        )}
      </header>
      {why !== null && (
        <Notice tone={tone === 'bad' ? 'bad' : 'waiting'} title={label}>
          {why}
        </Notice>
      )}
      {open !== null && <EndpointActionDialog endpoint={endpoint} open={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function actionsOf(endpoint: WebhookEndpoint, open: (dialog: OpenDialog) => void) {
  return [
    { label: 'Edit', onSelect: () => open('edit') },
    { label: 'Rotate secret', onSelect: () => open('rotate') },
    { label: 'Retry all failed', onSelect: () => open('retry') },
    { label: 'Replay events', onSelect: () => open('replay') },
    { label: 'Discard pending', onSelect: () => open('discard') },
    { label: endpoint.enabled ? 'Disable' : 'Enable', onSelect: () => open('enable') },
    { label: 'Delete', tone: 'bad' as const, onSelect: () => open('delete') },
  ];
}

interface EndpointActionDialogProps {
  endpoint: WebhookEndpoint;
  open: OpenDialog;
  onClose: () => void;
}

function EndpointActionDialog({ endpoint, open, onClose }: EndpointActionDialogProps) {
  const navigate = useNavigate();
  const [rotated, setRotated] = useState<WebhookEndpointWithSecret | null>(null);
  const goTo = (place: string) => {
    onClose();
    void navigate(place);
  };
  if (rotated) return <FreshSecretDialog created={rotated} onClose={onClose} />;
  const dialog = { endpoint, onClose };
  switch (open) {
    case 'edit':
      return <EditEndpointDialog {...dialog} />;
    case 'rotate':
      return <RotateSecretDialog {...dialog} onRotated={setRotated} />;
    case 'enable':
      return <EnableEndpointDialog {...dialog} />;
    case 'discard':
      return <DiscardPendingDialog {...dialog} />;
    case 'delete':
      return <DeleteEndpointDialog {...dialog} onDeleted={() => goTo('/webhooks')} />;
    case 'test':
      return (
        <TestEventDialog
          endpointId={endpoint.id}
          onClose={onClose}
          onSent={(deliveryId) => goTo(`/webhooks/${endpoint.id}?delivery=${deliveryId}`)}
        />
      );
    case 'replay':
    case 'retry':
      return (
        <ReplayDialog
          endpointId={endpoint.id}
          failedOnly={open === 'retry'}
          onClose={onClose}
          onStarted={() => goTo(`/webhooks/${endpoint.id}/replays`)}
        />
      );
  }
}

import type { WebhookEndpoint } from '@rollcall/sdk';
import { useParams } from 'react-router';
import { DeliveriesList } from '../../features/webhooks/deliveries-list';
import { DeliveryDrawer } from '../../features/webhooks/delivery-drawer';
import { EndpointPageFrame } from '../../features/webhooks/endpoint-page-frame';
import { EndpointSettings } from '../../features/webhooks/endpoint-settings';
import { ReplaysList } from '../../features/webhooks/replays-list';
import { VerifyPanel, VerifyWorkosPanel } from '../../features/webhooks/verify-panel';
import { useSearchParam } from '../../shared/hooks/use-search-param';

type WebhookPart = 'deliveries' | 'replays' | 'settings' | 'verify';

export function WebhookPage({ part }: { part: WebhookPart }) {
  const { endpointId = '' } = useParams();
  return (
    <EndpointPageFrame endpointId={endpointId}>
      {(endpoint) => {
        switch (part) {
          case 'deliveries':
            return <Deliveries endpoint={endpoint} />;
          case 'replays':
            return <ReplaysList endpointId={endpointId} />;
          case 'settings':
            return <EndpointSettings endpoint={endpoint} />;
          case 'verify':
            return endpoint.dialect === 'workos' ? <VerifyWorkosPanel /> : <VerifyPanel />;
        }
      }}
    </EndpointPageFrame>
  );
}

function Deliveries({ endpoint }: { endpoint: WebhookEndpoint }) {
  const [open, setOpen] = useSearchParam('delivery');
  return (
    <>
      <DeliveriesList endpointId={endpoint.id} onOpen={setOpen} />
      {open !== null && <DeliveryDrawer endpoint={endpoint} deliveryId={open} onClose={() => setOpen(null)} />}
    </>
  );
}

import type { WebhookDelivery } from '@rollcall/sdk';
import { describeDelivery } from '../format/delivery-state';
import { Badge } from './badge';

/** How a delivery stands, in one word. */
export function DeliveryBadge({ delivery }: { delivery: Pick<WebhookDelivery, 'state' | 'attempt'> }) {
  const { tone, label } = describeDelivery(delivery);
  return (
    <Badge tone={tone} dot>
      {label}
    </Badge>
  );
}

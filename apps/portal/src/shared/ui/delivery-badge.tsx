import type { WebhookDelivery } from '@rollcall/sdk';
import { describeDelivery } from '../format/delivery-state';
import { Badge } from './badge';

interface DeliveryBadgeProps {
  delivery: Pick<WebhookDelivery, 'state' | 'attempt' | 'last_status' | 'last_error'>;
}

/** How a delivery stands, in one word or two. */
export function DeliveryBadge({ delivery }: DeliveryBadgeProps) {
  const { tone, label } = describeDelivery(delivery);
  return (
    <Badge tone={tone} dot>
      {label}
    </Badge>
  );
}

import { useId, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { answerOf, api } from '../../shared/management-api/management-api';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { EVENT_TYPE_GROUPS, type AnyEventType } from './event-type-groups';
import { endpointKey } from './webhook-queries';
import styles from './webhooks.module.css';

interface TestEventDialogProps {
  endpointId: string;
  onClose: () => void;
  /** The delivery that is on its way. */
  onSent: (deliveryId: string) => void;
}

/** Sends an example of any type to the endpoint, whatever its filters. */
export function TestEventDialog({ endpointId, onClose, onSent }: TestEventDialogProps) {
  const id = useId();
  const client = useQueryClient();
  const [type, setType] = useState<AnyEventType>('organization.directory.user_created');
  const send = useOneShot({
    mutationFn: () => {
      const params = { path: { endpoint_id: endpointId } };
      return answerOf(api.POST('/api/v1/webhook_endpoints/{endpoint_id}:test', { params, body: { type } }));
    },
    onSuccess: ({ delivery }) => {
      void client.invalidateQueries({ queryKey: endpointKey(endpointId) });
      onSent(delivery.id);
    },
  });
  return (
    <ConfirmDialog
      title="Send a test event"
      confirmLabel="Send"
      busy={send.isPending}
      error={send.error}
      onConfirm={() => send.mutate()}
      onClose={onClose}
    >
      <p>
        An example, signed like any other, with the header <code>rollcall-test: true</code>. It is attempted once and
        does not touch the endpoint’s health.
      </p>
      <div className={styles.field}>
        <label htmlFor={id} className={styles.label}>
          Event type
        </label>
        <select
          id={id}
          className={styles.select}
          value={type}
          onChange={(event) => setType(event.target.value as AnyEventType)}
        >
          {EVENT_TYPE_GROUPS.map(({ label, types }) => (
            <optgroup key={label} label={label}>
              {types.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </div>
    </ConfirmDialog>
  );
}

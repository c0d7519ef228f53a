import type { WebhookDelivery, WebhookDeliveryAttempt, WebhookEndpoint } from '@rollcall/sdk';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { describeAttempt, isUnsent } from '../../shared/format/delivery-state';
import { formatDateTime } from '../../shared/format/format-time';
import { prettyJson } from '../../shared/format/pretty-json';
import { toCurl } from '../../shared/format/to-curl';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { answerOf, api } from '../../shared/management-api/management-api';
import { useAnnounce } from '../../shared/ui/announcer';
import { Badge } from '../../shared/ui/badge';
import { Button } from '../../shared/ui/button';
import { CopyButton } from '../../shared/ui/copy-button';
import { CodeBlock } from '../../shared/ui/code-block';
import { DeliveryBadge } from '../../shared/ui/delivery-badge';
import { Dialog } from '../../shared/ui/dialog';
import { Facts } from '../../shared/ui/facts';
import { ErrorNotice } from '../../shared/ui/notice';
import { Skeleton } from '../../shared/ui/skeleton';
import { RelativeTime } from '../../shared/ui/time';
import { isSuccess, writeHeaders } from './describe-endpoint';
import { deliveryQuery, endpointKey } from './webhook-queries';
import styles from './webhooks.module.css';

interface DeliveryDrawerProps {
  endpoint: Pick<WebhookEndpoint, 'id' | 'url'>;
  deliveryId: string;
  onClose: () => void;
}

/** One delivery: what was sent, each attempt with its request and its answer, and once more. */
export function DeliveryDrawer({ endpoint, deliveryId, onClose }: DeliveryDrawerProps) {
  const delivery = useQuery(deliveryQuery(endpoint.id, deliveryId));
  return (
    <Dialog title="Delivery" variant="drawer" onClose={onClose}>
      {delivery.data && (
        <DeliveryContent delivery={delivery.data.delivery} url={endpoint.url} body={delivery.data.request_body} />
      )}
      {!delivery.data && delivery.error !== null && (
        <ErrorNotice error={delivery.error} onRetry={() => void delivery.refetch()} />
      )}
      {!delivery.data && delivery.error === null && (
        <div role="status" aria-label="Loading the delivery">
          <Skeleton width={3} />
          <Skeleton width={2} />
        </div>
      )}
    </Dialog>
  );
}

interface DeliveryContentProps {
  delivery: WebhookDelivery;
  /** Where the endpoint is now. */
  url: string;
  body: string | null;
}

function DeliveryContent({ delivery, url, body }: DeliveryContentProps) {
  const attempts = delivery.attempts.toReversed();
  return (
    <>
      <div className={styles.drawerHead}>
        <DeliveryBadge delivery={delivery} />
        <RetryButton delivery={delivery} />
      </div>
      <Facts title="What it is" facts={factsOf(delivery)} />
      {attempts.map((attempt) => (
        <AttemptSection key={attempt.attempt} attempt={attempt} url={url} body={body} />
      ))}
      {attempts.length === 0 && <p className={styles.soft}>Nothing was sent yet.</p>}
      {body === null ? (
        <p className={styles.soft}>The event itself is not kept any more.</p>
      ) : (
        body !== '' && <CodeBlock label="Event" code={prettyJson(body)} wraps />
      )}
    </>
  );
}

function factsOf(delivery: WebhookDelivery) {
  const isOfLog = delivery.sequence !== null;
  return [
    { label: 'Event type', value: delivery.event_type },
    {
      label: 'Event',
      value: isOfLog ? <Link to={`/events/${delivery.event_id}`}>{delivery.event_id}</Link> : delivery.event_id,
    },
    { label: 'Delivery', value: <code>{delivery.id}</code> },
    ...(delivery.sequence === null ? [] : [{ label: 'Sequence', value: String(delivery.sequence) }]),
    ...(delivery.replay_id === null ? [] : [{ label: 'Replay', value: <code>{delivery.replay_id}</code> }]),
    ...(delivery.test ? [{ label: 'Test', value: 'An example event: nothing has happened.' }] : []),
    ...(delivery.next_attempt_time === null
      ? []
      : [{ label: 'Next attempt', value: <RelativeTime time={delivery.next_attempt_time} /> }]),
  ];
}

function RetryButton({ delivery }: { delivery: WebhookDelivery }) {
  const canWrite = useMayChange();
  const client = useQueryClient();
  const announce = useAnnounce();
  const { webhook_endpoint_id: endpointId, id: deliveryId } = delivery;
  const retry = useMutation({
    mutationFn: () => {
      const params = { path: { endpoint_id: endpointId, delivery_id: deliveryId } };
      return answerOf(api.POST('/api/v1/webhook_endpoints/{endpoint_id}/deliveries/{delivery_id}:retry', { params }));
    },
    onSuccess: () => {
      announce('Another attempt is on its way');
      void client.invalidateQueries({ queryKey: endpointKey(endpointId) });
    },
  });
  if (!canWrite) return null;
  return (
    <>
      <Button icon="refresh" busy={retry.isPending} onClick={() => retry.mutate()}>
        {delivery.state === 'pending' ? 'Attempt now' : 'Send again'}
      </Button>
      {retry.error && <ErrorNotice error={retry.error} />}
    </>
  );
}

function toneOf(attempt: WebhookDeliveryAttempt): 'good' | 'bad' | 'neutral' {
  if (isUnsent(attempt)) return 'neutral';
  return isSuccess(attempt) ? 'good' : 'bad';
}

function whyNoAnswer(attempt: WebhookDeliveryAttempt): string {
  if (isUnsent(attempt)) return 'There was no request.';
  return attempt.status === null ? 'There was no answer.' : 'The answer had no body, or it is not kept any more.';
}

interface AttemptSectionProps extends Pick<DeliveryContentProps, 'url' | 'body'> {
  attempt: WebhookDeliveryAttempt;
}

function AttemptSection({ attempt, url, body }: AttemptSectionProps) {
  const { attempt: number, start_time: time, phases, request_headers: sent, response_headers: answered } = attempt;
  const took = phases['total'];
  return (
    <details className={styles.attempt}>
      <summary>
        <Badge tone={toneOf(attempt)} dot>
          Attempt {number}
        </Badge>
        <span>{describeAttempt(attempt)}</span>
        <span className={styles.soft}>
          {formatDateTime(time)}
          {typeof took === 'number' && ` · ${Math.round(took)} ms`}
        </span>
      </summary>
      <div className={styles.exchange}>
        {Object.keys(sent).length > 0 && <CodeBlock label="Request headers" code={writeHeaders(sent)} wraps />}
        {body !== null && body !== '' && <CodeBlock label="Request body" code={body} wraps />}
        {body !== null && Object.keys(sent).length > 0 && (
          <CopyButton value={toCurl({ url, headers: sent, body })} label="request" text="Copy as curl" />
        )}
        {Object.keys(answered).length > 0 && <CodeBlock label="Answer headers" code={writeHeaders(answered)} wraps />}
        {attempt.response_body === '' ? (
          <p className={styles.soft}>{whyNoAnswer(attempt)}</p>
        ) : (
          <CodeBlock label="Answer body" code={attempt.response_body} wraps />
        )}
      </div>
    </details>
  );
}

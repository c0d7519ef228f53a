import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { ScimRequestTrace } from '@rollcall/sdk';
import { Link } from 'react-router';
import { linksOf } from '../../shared/api/directory-links';
import { Badge } from '../../shared/ui/badge';
import { RelativeTime } from '../../shared/ui/time';
import { describeAttempt, describeDelivery, describeEvent } from './describe-request';
import styles from './requests.module.css';

type TracedEvent = ScimRequestTrace['events'][number];
type TracedDelivery = TracedEvent['deliveries'][number];

/** The events that a request led to, in their order. */
export function TracedEvents({ trace, directoryId }: { trace: ScimRequestTrace; directoryId: string }) {
  const { events, has_more_events, publication } = trace;
  if (events.length === 0) {
    return <p className={styles.said}>{publication === 'pending' ? t`Nothing yet.` : t`Nothing.`}</p>;
  }
  return (
    <>
      <ol className={styles.events}>
        {events.map((event) => (
          <li key={event.id} className={styles.event}>
            <span className={styles.eventName}>{describeEvent(event.type)}</span>
            <ResourceLink event={event} directoryId={directoryId} />
            <span className={styles.detail}>{t`no. ${{ sequence: event.sequence }}`}</span>
            <code className={styles.detail}>{event.id}</code>
          </li>
        ))}
      </ol>
      {has_more_events && (
        <p className={styles.said}>
          {plural(
            { count: events.length },
            { one: 'This is the first; more follow.', other: 'These are the first #; more follow.' },
          )}
        </p>
      )}
    </>
  );
}

function ResourceLink({ event: { resource_id: id, type }, directoryId }: { event: TracedEvent; directoryId: string }) {
  if (type.endsWith('_deleted')) return null;
  const isUser = id.startsWith('diruser_');
  return (
    <Link to={isUser ? linksOf(directoryId).user(id) : linksOf(directoryId).group(id)}>
      {isUser ? t`the user` : t`the group`}
    </Link>
  );
}

/** Each delivery of these events, with its attempts. */
export function TracedDeliveries({ events }: { events: readonly TracedEvent[] }) {
  const deliveries = events.flatMap((event) => event.deliveries.map((delivery) => ({ event, delivery })));
  if (deliveries.length === 0) {
    return (
      <p className={styles.said}>
        {events.length === 0
          ? t`Nothing.`
          : t`No webhook endpoint of the app wants these events. It can read them from the event feed.`}
      </p>
    );
  }
  return (
    <>
      <ul className={styles.deliveries}>
        {deliveries.map(({ event, delivery }) => (
          <Delivery key={delivery.id} event={event} delivery={delivery} />
        ))}
      </ul>
      {events
        .filter(({ has_more_deliveries: hasMore }) => hasMore)
        .map((event) => (
          <p key={event.id} className={styles.said}>
            {describeMore(event)}
          </p>
        ))}
    </>
  );
}

function describeMore({ sequence, deliveries }: TracedEvent): string {
  return plural(
    { count: deliveries.length },
    {
      one: `Of event no. ${sequence} this is the first delivery; there are more.`,
      other: `Of event no. ${sequence} these are the first # deliveries; there are more.`,
    },
  );
}

function Delivery({ event, delivery }: { event: TracedEvent; delivery: TracedDelivery }) {
  const { tone, label } = describeDelivery(delivery.state);
  const { attempts, attempt_log: log } = delivery;
  return (
    <li className={styles.delivery}>
      <div className={styles.deliveryHead}>
        <Badge tone={tone}>{label}</Badge>
        <span>{describeEvent(event.type)}</span>
        <code className={styles.detail}>{delivery.webhook_endpoint_id}</code>
        {delivery.next_attempt_time !== null && (
          <span className={styles.detail}>
            <Trans>
              next attempt <RelativeTime time={delivery.next_attempt_time} />
            </Trans>
          </span>
        )}
      </div>
      <ol className={styles.attempts}>
        {log.map((attempt) => (
          <li key={attempt.attempt}>{describeAttempt(attempt)}</li>
        ))}
      </ol>
      {attempts > log.length && log.length > 0 && (
        <p className={styles.said}>{t`These are ${{ shown: log.length }} of ${attempts} attempts.`}</p>
      )}
    </li>
  );
}

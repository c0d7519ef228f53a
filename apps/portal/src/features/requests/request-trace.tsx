import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { ScimRequestTrace } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { Link } from 'react-router';
import { linksOf } from '../../shared/api/directory-links';
import { requestQuery } from '../../shared/api/request-log-queries';
import { formatMilliseconds } from '../../shared/format/format-count';
import { escapeHidden } from '../../shared/format/mark-hidden';
import { formatDateTime } from '../../shared/format/format-time';
import { Badge } from '../../shared/ui/badge';
import { CopyButton } from '../../shared/ui/copy-button';
import { Facts } from '../../shared/ui/facts';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Icon } from '../../shared/ui/icon';
import { ErrorNotice, Notice, StaleNotice } from '../../shared/ui/notice';
import { Skeleton } from '../../shared/ui/skeleton';
import { RelativeTime } from '../../shared/ui/time';
import { adviseOnRefusal } from './advise-on-refusal';
import { describeAsked, describeOutcome, describePublication } from './describe-request';
import { TracedDeliveries, TracedEvents } from './traced-events';
import styles from './requests.module.css';

interface RequestTraceProps {
  directoryId: string;
  requestId: string;
  /** The identity provider's name. */
  provider: string;
}

/** One request of the identity provider and what came of it: what changed, its events, and each of their deliveries. */
export function RequestTrace({ directoryId, requestId, provider }: RequestTraceProps) {
  const trace = useQuery(requestQuery(directoryId, requestId));
  return (
    <>
      <Link className={styles.back} to={linksOf(directoryId).requests}>
        <Icon name="arrowLeft" size={16} />
        <Trans>All requests</Trans>
      </Link>
      {trace.isPending && <Loading />}
      {trace.isError && !trace.data && <ErrorNotice error={trace.error} onRetry={() => void trace.refetch()} />}
      {trace.isError && trace.data && (
        <StaleNotice title={t`This request could not be refreshed`} onRetry={() => void trace.refetch()} />
      )}
      {trace.data && <Trace trace={trace.data} directoryId={directoryId} provider={provider} />}
    </>
  );
}

function Trace({ trace, directoryId, provider }: { trace: ScimRequestTrace; directoryId: string; provider: string }) {
  const outcome = describeOutcome(trace.outcome);
  const advice = adviseOnRefusal(trace, provider);
  return (
    <article aria-labelledby="request-title">
      <header className={styles.header}>
        <h2 id="request-title" className={styles.title}>
          {describeAsked(trace)}
        </h2>
        <Badge tone={outcome.tone} dot>
          {outcome.label}
        </Badge>
        <span className={styles.when}>
          <RelativeTime time={trace.occurred_at} />
        </span>
        <CopyButton className={styles.copy} value={window.location.href} label={t`link to this request`} />
      </header>
      <ol className={styles.trace}>
        <Hop number={1} title={t`What ${provider} asked`}>
          {advice && (
            <Notice tone="bad" title={advice.cause}>
              {advice.remedy}
            </Notice>
          )}
          <RequestFacts trace={trace} />
          <div className={styles.bodies}>
            <Body title={t`It sent`} value={trace.request_body} nothing={t`It sent no body.`} />
            <Body title={t`It was answered`} value={trace.response_body} nothing={t`The answer had no body.`} />
          </div>
        </Hop>
        <Hop number={2} title={t`What changed`}>
          <p className={styles.said}>{describePublication(trace)}</p>
          <Changed trace={trace} directoryId={directoryId} />
        </Hop>
        {/* What changed nothing leads nowhere. */}
        {trace.publication !== 'nothing' && (
          <>
            <Hop number={3} title={t`What the app is told`}>
              <TracedEvents trace={trace} directoryId={directoryId} />
            </Hop>
            <Hop number={4} title={t`What the app has heard`}>
              <TracedDeliveries events={trace.events} />
            </Hop>
          </>
        )}
      </ol>
    </article>
  );
}

function Hop({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  const id = useId();
  return (
    <li className={styles.hop}>
      <section aria-labelledby={id}>
        <span className={styles.mark} aria-hidden="true">
          {number}
        </span>
        <h3 id={id} className={styles.hopTitle}>
          {title}
        </h3>
        <div className={styles.panel}>{children}</div>
      </section>
    </li>
  );
}

function RequestFacts({ trace }: { trace: ScimRequestTrace }) {
  const { status, scim_type } = trace;
  return (
    <Facts
      title={t`Request`}
      facts={[
        {
          label: t({ message: 'Address', context: 'request' }),
          value: (
            <code>
              {trace.method} <ForeignText text={trace.path} />
            </code>
          ),
        },
        { label: t`Answer`, value: <code>{scim_type === null ? status : `${status} ${scim_type}`}</code> },
        ...(trace.detail === null
          ? []
          : [
              {
                label: t`Reason given`,
                value: (
                  <span lang="en">
                    <ForeignText text={trace.detail} />
                  </span>
                ),
              },
            ]),
        { label: t`Time`, value: `${formatDateTime(trace.occurred_at)}, ${formatMilliseconds(trace.duration_ms)}` },
        { label: t`Request ID`, value: <code>{trace.id}</code> },
        { label: t`The provider’s ID`, value: trace.correlation_id ?? '–' },
        { label: t`Token`, value: trace.secret_id === null ? '–' : <code>{trace.secret_id}</code> },
        { label: t({ message: 'From', context: 'request' }), value: trace.ip_address ?? '–' },
        { label: t`Client`, value: trace.user_agent ?? '–' },
      ]}
    />
  );
}

function Body({ title, value, nothing }: { title: string; value: unknown; nothing: string }) {
  const id = useId();
  const hasValue = value !== null && value !== undefined;
  const text = hasValue ? escapeHidden(JSON.stringify(value, null, 2)) : '';
  return (
    <div>
      <h4 id={id} className={styles.heading}>
        {title}
      </h4>
      {hasValue ? (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
        <pre className={styles.json} tabIndex={0} aria-labelledby={id} role="region">
          {text}
        </pre>
      ) : (
        <p className={styles.said}>{nothing}</p>
      )}
    </div>
  );
}

function Changed({
  trace: { resource_id: id, outcome },
  directoryId,
}: {
  trace: ScimRequestTrace;
  directoryId: string;
}) {
  if (id === null || outcome === 'refused' || outcome === 'failed') return null;
  const isUser = id.startsWith('diruser_');
  const to = isUser ? linksOf(directoryId).user(id) : linksOf(directoryId).group(id);
  return (
    <p className={styles.event}>
      <Link to={to}>{isUser ? t`The user` : t`The group`}</Link>
      {isUser && (
        <Link to={linksOf(directoryId).explanation(id)}>
          <Trans>Where its values come from</Trans>
        </Link>
      )}
      <code className={styles.detail}>{id}</code>
    </p>
  );
}

function Loading() {
  return (
    <div role="status" aria-label={t`Loading the request`}>
      <Skeleton width={2} />
      <br />
      <Skeleton width={4} />
      <br />
      <Skeleton width={3} />
    </div>
  );
}

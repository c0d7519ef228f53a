import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { UserExplanation } from '@rollcall/sdk';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { Link } from 'react-router';
import { linksOf } from '../../shared/api/directory-links';
import { explainQuery } from '../../shared/api/request-log-queries';
import { formatDateTime } from '../../shared/format/format-time';
import { shownName } from '../../shared/format/shown-name';
import { ForeignText } from '../../shared/ui/foreign-text';
import { ErrorNotice, Notice } from '../../shared/ui/notice';
import { Skeleton } from '../../shared/ui/skeleton';
import { RelativeTime } from '../../shared/ui/time';
import { describeField, describeRole, describeValue, NOTHING } from './describe-explanation';
import styles from './explain.module.css';

interface ExplainUserProps {
  directoryId: string;
  userId: string;
  /** The identity provider's name. */
  provider: string;
}

/** Where everything known of a user comes from: attribute, time and request; roles and groups likewise. */
export function ExplainUser({ directoryId, userId, provider }: ExplainUserProps) {
  const explanation = useQuery(explainQuery(directoryId, userId));
  if (explanation.isPending) {
    return (
      <div role="status" aria-label={t`Loading the explanation`}>
        <Skeleton width={3} />
      </div>
    );
  }
  if (explanation.isError) {
    return <ErrorNotice error={explanation.error} onRetry={() => void explanation.refetch()} />;
  }
  return (
    <section className={styles.stack} aria-labelledby="explanation-title">
      <header>
        <h2 id="explanation-title" className={styles.title}>
          <ForeignText text={nameOf(explanation.data)} />
        </h2>
        <p className={styles.soft}>
          <Trans>Where each value comes from, and which request brought it.</Trans>
        </p>
      </header>
      <State explanation={explanation.data} provider={provider} />
      <Fields explanation={explanation.data} directoryId={directoryId} provider={provider} />
      <Roles roles={explanation.data.roles} />
      <Memberships memberships={explanation.data.memberships} directoryId={directoryId} />
      <p className={styles.soft}>
        <Link to={linksOf(directoryId).user(userId)}>
          <Trans>The user</Trans>
        </Link>
        {' · '}
        <Link to={`${linksOf(directoryId).requests}?resource=${userId}`}>
          <Trans>All requests about this person</Trans>
        </Link>
      </p>
    </section>
  );
}

function nameOf({ fields, user_id }: UserExplanation): string {
  const valueOf = (name: string) => fields.find(({ field }) => field === name)?.value;
  const name = valueOf('name') ?? valueOf('preferred_username');
  return typeof name === 'string' ? name : user_id;
}

type Explained = { explanation: UserExplanation; provider: string };

function State({ explanation: { held, pending, published }, provider }: Explained) {
  if (held) {
    return (
      <Notice
        tone="waiting"
        title={
          held.kind === 'DELETE'
            ? t`${provider} deleted this person, and the app does not know yet`
            : t`${provider} deactivated this person, and the app does not know yet`
        }
      >
        {held.discarded
          ? t`It was decided not to tell the app.`
          : t`Held back by the guard against mass removal since ${{ time: formatDateTime(held.held_time) }}.`}
      </Notice>
    );
  }
  if (pending) return <Notice title={t`Changes of this person are on their way to the app`} />;
  return published ? null : <Notice tone="waiting" title={t`The app has not been told of this person yet`} />;
}

function Fields({ explanation: { fields }, directoryId, provider }: Explained & { directoryId: string }) {
  const id = useId();
  const sent = fields.filter(({ value }) => describeValue(value) !== NOTHING);
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <h3 id={id} className={styles.heading}>
        <Trans>What {provider} sent</Trans>
      </h3>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Field</Trans>
            </th>
            <th scope="col">
              <Trans>Value, attribute and time</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {sent.map((field) => (
            <tr key={field.field}>
              <th scope="row">
                <ForeignText text={describeField(field.field)} />
              </th>
              <td>
                <div className={styles.value}>
                  <ForeignText text={describeValue(field.value)} />
                </div>
                <div className={styles.origin}>
                  {field.scim_path !== null && <code>{field.scim_path}</code>}
                  <Came origin={field} directoryId={directoryId} />
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Origin {
  time: string | null;
  request_id: string | null;
}

function Came({ origin: { time, request_id }, directoryId }: { origin: Origin; directoryId: string }) {
  if (time === null) {
    return (
      <span className={styles.soft}>
        <Trans>before the log begins</Trans>
      </span>
    );
  }
  return <CameAt time={time} requestId={request_id} directoryId={directoryId} />;
}

function CameAt({ time, requestId, directoryId }: { time: string; requestId: string | null; directoryId: string }) {
  if (requestId === null) return <RelativeTime time={time} />;
  return (
    <Link to={linksOf(directoryId).request(requestId)}>
      <RelativeTime time={time} />
    </Link>
  );
}

function Roles({ roles }: { roles: UserExplanation['roles'] }) {
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <h3 id={id} className={styles.heading}>
        <Trans>Roles</Trans>
      </h3>
      {roles.length === 0 ? (
        <p className={styles.soft}>
          <Trans>None: no group or attribute gives one, and there is no default.</Trans>
        </p>
      ) : (
        <ul className={styles.list}>
          {roles.map((role) => (
            <li key={role.role_name}>
              <strong>
                <ForeignText text={role.role_name} />
              </strong>{' '}
              <span className={styles.soft}>
                <ForeignText text={describeRole(role)} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Memberships({
  memberships,
  directoryId,
}: {
  memberships: UserExplanation['memberships'];
  directoryId: string;
}) {
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <h3 id={id} className={styles.heading}>
        <Trans>Groups</Trans>
      </h3>
      {memberships.length === 0 ? (
        <p className={styles.soft}>
          <Trans>In no group.</Trans>
        </p>
      ) : (
        <ul className={styles.list}>
          {memberships.map((membership) => (
            <li key={membership.group_id}>
              <Link to={linksOf(directoryId).group(membership.group_id)}>
                <ForeignText text={shownName(membership.name, membership.group_id)} />
              </Link>{' '}
              <span className={styles.soft}>
                <Joined origin={membership} directoryId={directoryId} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Joined({ origin: { time, request_id }, directoryId }: { origin: Origin; directoryId: string }) {
  if (time === null) return <Trans>joined before the log begins</Trans>;
  return (
    <Trans>
      joined <CameAt time={time} requestId={request_id} directoryId={directoryId} />
    </Trans>
  );
}

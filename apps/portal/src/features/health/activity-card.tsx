import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Directory, DirectoryRefusal } from '@rollcall/sdk';
import { Link } from 'react-router';
import { formatNumber } from '../../shared/format/format-count';
import { useNow } from '../../shared/hooks/use-now';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { Card } from '../../shared/ui/card';
import { Notice } from '../../shared/ui/notice';
import { RelativeTime } from '../../shared/ui/time';
import { describeAttention, describeMissingMembers } from './describe-health';
import styles from './activity-card.module.css';

const TICK_MS = 30_000;

interface ActivityCardProps {
  directory: Directory;
  usersPath: string;
  groupsPath: string;
}

/** What the identity provider has sent, in numbers that can be compared with its own, and what wants a look. */
export function ActivityCard({ directory, usersPath, groupsPath }: ActivityCardProps) {
  const provider = findProvider(directory.directory_provider).shortName;
  const { total_users: users, inactive_users: inactive, total_groups: groups } = directory;
  const missing = describeMissingMembers(directory, provider, useNow(TICK_MS));
  return (
    <Card title={t`Activity`} lead={t`Compare these numbers with what you see in ${provider}.`}>
      <div className={styles.stack}>
        <ul className={styles.counts}>
          <Count
            label={t`Users`}
            path={usersPath}
            note={inactive === null ? '' : describeActive(users, inactive)}
            view={
              <Trans>
                View <span className="visually-hidden">users</span>
              </Trans>
            }
          >
            <span data-testid="total-users">{formatNumber(users)}</span>
          </Count>
          <Count
            label={t`Groups`}
            path={groupsPath}
            note=""
            view={
              <Trans>
                View <span className="visually-hidden">groups</span>
              </Trans>
            }
          >
            <span data-testid="total-groups">{formatNumber(groups)}</span>
          </Count>
        </ul>
        <dl className={styles.times}>
          <Time label={t`First request`} time={directory.setup.first_request_time} />
          <Time label={t`Last change`} time={directory.last_synced_at} />
        </dl>
        {missing && (
          <Notice tone="waiting" title={missing.meaning}>
            {missing.advice}
          </Notice>
        )}
        {directory.health.attention.map((refusal) => (
          <Attention key={refusal.reason} refusal={refusal} provider={provider} />
        ))}
      </div>
    </Card>
  );
}

function describeActive(users: number, inactive: number): string {
  const active = formatNumber(Math.max(0, users - inactive));
  return t`${active} active, ${{ inactive: formatNumber(inactive) }} inactive`;
}

interface CountProps {
  label: string;
  path: string;
  note: string;
  /** What the link to all of them says. */
  view: ReactNode;
  children: ReactNode;
}

function Count({ label, path, note, view, children }: CountProps) {
  return (
    <li className={styles.count}>
      <span className={styles.label}>{label}</span>
      <span className={styles.number}>{children}</span>
      {note && <span className={styles.note}>{note}</span>}
      <Link to={path} className={styles.view}>
        {view} <span aria-hidden="true">›</span>
      </Link>
    </li>
  );
}

function Time({ label, time }: { label: string; time: string | null }) {
  return (
    <div className={styles.time}>
      <dt>{label}</dt>
      <dd>{time === null ? t`None yet` : <RelativeTime time={time} />}</dd>
    </div>
  );
}

function Attention({ refusal, provider }: { refusal: DirectoryRefusal; provider: string }) {
  const { meaning, advice } = describeAttention(refusal, provider);
  const count = formatNumber(refusal.count);
  return (
    <Notice tone="waiting" title={meaning}>
      {advice}{' '}
      {refusal.count > 1 ? (
        <Trans>
          The last: <RelativeTime time={refusal.last_time} />, the first of {count}:{' '}
          <RelativeTime time={refusal.first_time} />.
        </Trans>
      ) : (
        <Trans>
          The last: <RelativeTime time={refusal.last_time} />.
        </Trans>
      )}
    </Notice>
  );
}

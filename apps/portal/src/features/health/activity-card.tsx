import type { ReactNode } from 'react';
import type { Directory, DirectoryRefusal } from '@rollcall/sdk';
import { Link } from 'react-router';
import { formatCount, formatNumber } from '../../shared/format/format-count';
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
    <Card title="Activity" lead={`Compare these numbers with what you see in ${provider}.`}>
      <div className={styles.stack}>
        <ul className={styles.counts}>
          <Count label="Users" path={usersPath} note={inactive === null ? '' : describeActive(users, inactive)}>
            {formatNumber(users)}
          </Count>
          <Count label="Groups" path={groupsPath} note="">
            {formatNumber(groups)}
          </Count>
        </ul>
        <dl className={styles.times}>
          <Time label="First request" time={directory.setup.first_request_time} />
          <Time label="Last change" time={directory.last_synced_at} />
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
  return `${formatNumber(Math.max(0, users - inactive))} active, ${formatNumber(inactive)} inactive`;
}

interface CountProps {
  label: string;
  path: string;
  note: string;
  children: ReactNode;
}

function Count({ label, path, note, children }: CountProps) {
  return (
    <li className={styles.count}>
      <span className={styles.label}>{label}</span>
      <span className={styles.number} data-testid={`total-${label.toLowerCase()}`}>
        {children}
      </span>
      {note && <span className={styles.note}>{note}</span>}
      <Link to={path} className={styles.view}>
        View <span className="visually-hidden">{label.toLowerCase()}</span>
        <span aria-hidden="true">›</span>
      </Link>
    </li>
  );
}

function Time({ label, time }: { label: string; time: string | null }) {
  return (
    <div className={styles.time}>
      <dt>{label}</dt>
      <dd>{time === null ? 'None yet' : <RelativeTime time={time} />}</dd>
    </div>
  );
}

function Attention({ refusal, provider }: { refusal: DirectoryRefusal; provider: string }) {
  const { meaning, advice } = describeAttention(refusal, provider);
  return (
    <Notice tone="waiting" title={meaning}>
      {advice} The last: <RelativeTime time={refusal.last_time} />
      {refusal.count > 1 && (
        <>
          , the first of {formatCount(refusal.count, 'request')}: <RelativeTime time={refusal.first_time} />
        </>
      )}
      .
    </Notice>
  );
}

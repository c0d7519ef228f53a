import { useEffect, useRef } from 'react';
import type { Directory } from '@rollcall/sdk';
import { Link } from 'react-router';
import { formatNumber } from '../../shared/format/format-count';
import { useNow } from '../../shared/hooks/use-now';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { useAnnounce } from '../../shared/ui/announcer';
import { Card } from '../../shared/ui/card';
import { Icon, type IconName } from '../../shared/ui/icon';
import { RelativeTime } from '../../shared/ui/time';
import { describeConnection, type ConnectionTone } from './describe-connection';
import styles from './connection-card.module.css';

const TICK_MS = 1_000;

const SIGNS: Record<ConnectionTone, IconName> = {
  neutral: 'key',
  waiting: 'link',
  warning: 'clock',
  good: 'check',
  bad: 'lock',
};

interface ConnectionCardProps {
  directory: Directory;
  usersPath: string;
  groupsPath: string;
}

/** Whether the identity provider gets through, as it happens, and what has arrived. */
export function ConnectionCard({ directory, usersPath, groupsPath }: ConnectionCardProps) {
  const now = useNow(TICK_MS);
  const provider = findProvider(directory.directory_provider).shortName;
  const { tone, title, text } = describeConnection(directory, provider, now);
  useAnnounceChange(title);
  return (
    <Card number={2} title="Connection">
      <div className={`${styles.state} ${styles[tone] ?? ''}`} data-testid="connection-state">
        <span className={styles.sign}>
          <Icon name={SIGNS[tone]} size={20} />
        </span>
        <div>
          <p className={styles.title}>{title}</p>
          <p className={styles.text}>
            {text}
            {directory.last_synced_at && (
              <>
                {' '}
                Last synced <RelativeTime time={directory.last_synced_at} />.
              </>
            )}
          </p>
        </div>
      </div>
      {directory.status === 'COMPLETED' && (
        <ul className={styles.counts}>
          <Count icon="user" label="Users" count={directory.total_users} path={usersPath} />
          <Count icon="group" label="Groups" count={directory.total_groups} path={groupsPath} />
        </ul>
      )}
    </Card>
  );
}

function Count({ icon, label, count, path }: { icon: IconName; label: string; count: number; path: string }) {
  return (
    <li className={styles.count}>
      <span className={styles.label}>
        <Icon name={icon} size={16} />
        {label}
      </span>
      <span className={styles.number} data-testid={`total-${label.toLowerCase()}`}>
        {formatNumber(count)}
      </span>
      <Link to={path} className={styles.view}>
        View <span className="visually-hidden">{label.toLowerCase()}</span>
        <span aria-hidden="true">›</span>
      </Link>
    </li>
  );
}

/** Speaks the state when it changes by itself, not when the page opens. */
function useAnnounceChange(title: string): void {
  const announce = useAnnounce();
  const last = useRef(title);
  useEffect(() => {
    if (last.current === title) return;
    last.current = title;
    announce(title);
  }, [title, announce]);
}

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import type { Directory } from '@rollcall/sdk';
import { describeStatus } from '../../shared/format/directory-status';
import { useNow } from '../../shared/hooks/use-now';
import { findProvider } from '../../shared/providers/provider-catalogue';
import { useAnnounce } from '../../shared/ui/announcer';
import { Icon, type IconName } from '../../shared/ui/icon';
import { RelativeTime } from '../../shared/ui/time';
import { describeHealth, describeRefused } from './describe-health';
import styles from './health-banner.module.css';

const TICK_MS = 5_000;

const SIGNS: Partial<Record<Directory['health']['state'], IconName>> = {
  waiting: 'link',
  connected: 'check',
  token_expiring: 'clock',
  stalled: 'clock',
  disabled: 'lock',
  feature_off: 'lock',
  no_active_token: 'key',
};

type Facts = Pick<
  Directory,
  'directory_provider' | 'health' | 'last_request_time' | 'secrets' | 'setup' | 'total_users'
>;

interface HealthBannerProps {
  directory: Facts;
  /** What to do about it, for a reader who cannot do what an administrator can. */
  advice?: string;
}

/** How a directory is doing, on each of its pages: the state, what it means, and what to do about it. */
export function HealthBanner({ directory, advice: ownAdvice }: HealthBannerProps) {
  const now = useNow(TICK_MS);
  const { health } = directory;
  const { tone, label } = describeStatus(health.state);
  const provider = findProvider(directory.directory_provider).shortName;
  const described = describeHealth(directory, provider, now);
  const { meaning } = described;
  const advice = ownAdvice ?? described.advice;
  useAnnounceChange(label);
  return (
    <section
      aria-label={t({ message: 'Status', context: 'directory' })}
      data-testid="directory-status"
      className={[styles.banner, styles[tone], health.state === 'waiting' ? styles.pulsing : ''].join(' ')}
    >
      <span className={styles.sign}>
        <Icon name={SIGNS[health.state] ?? 'alert'} size={18} />
      </span>
      <div className={styles.body}>
        <p className={styles.line}>
          <strong className={styles.state}>{label}</strong>
          <span className={styles.meaning}>{meaning}</span>
        </p>
        {(advice || health.refused) && (
          <p className={styles.advice}>
            {health.refused && `${describeRefused(health.refused, now)} `}
            {advice}
          </p>
        )}
      </div>
      {directory.last_request_time && (
        <p className={styles.last}>
          <Trans>
            Last request <RelativeTime time={directory.last_request_time} />
          </Trans>
        </p>
      )}
    </section>
  );
}

/** Speaks the state when it changes by itself, not when the page opens. */
function useAnnounceChange(label: string): void {
  const announce = useAnnounce();
  const last = useRef(label);
  useEffect(() => {
    if (last.current === label) return;
    last.current = label;
    announce(label);
  }, [label, announce]);
}

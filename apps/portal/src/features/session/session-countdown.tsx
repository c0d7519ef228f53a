import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { sessionQuery } from '../../shared/api/queries';
import { tellParent } from '../../shared/embedding/parent-page';
import { formatCountdown } from '../../shared/format/format-time';
import { useNow } from '../../shared/hooks/use-now';
import { useAnnounce } from '../../shared/ui/announcer';
import banner from '../../shared/ui/banner.module.css';
import { Icon } from '../../shared/ui/icon';
import { sessionPhase } from './session-phase';
import styles from './session-countdown.module.css';

const TICK_MS = 1_000;

/** The banner of the last fifteen minutes; at zero it asks the server, which has the last word. */
export function SessionCountdown({ expireTime, organizationId }: { expireTime: string; organizationId: string }) {
  const now = useNow(TICK_MS);
  const client = useQueryClient();
  const announce = useAnnounce();
  const remainingMs = Date.parse(expireTime) - now.getTime();
  const { isEnding, announcement, isOver, isLast } = sessionPhase(remainingMs);

  // The visible seconds are silent; a screen reader hears the few moments that matter.
  useEffect(() => {
    if (announcement) announce(announcement);
  }, [announcement, announce]);
  useEffect(() => {
    if (isLast)
      tellParent({ type: 'PORTAL_SESSION_WARNING', expire_time: expireTime, organization_id: organizationId });
  }, [isLast, expireTime, organizationId]);
  useEffect(() => {
    if (isOver) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }, [isOver, client]);

  if (!isEnding) return null;
  const remaining = formatCountdown(remainingMs);
  return (
    <section className={banner.banner} aria-label={t`Session ending`}>
      <div className={banner.inner}>
        <Icon name="clock" />
        <p className={banner.text}>
          <Trans>
            This session ends in{' '}
            <span className={styles.time} role="timer" data-testid="session-countdown">
              {remaining}
            </span>
            . What you set up is saved; copy any token you still need.
          </Trans>
        </p>
      </div>
    </section>
  );
}

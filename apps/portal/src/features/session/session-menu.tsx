import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { endSession } from '../../shared/api/portal-api';
import { theApp } from '../../shared/branding/app-name';
import { formatTimeOfDay } from '../../shared/format/format-time';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { Button } from '../../shared/ui/button';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { Notice } from '../../shared/ui/notice';
import styles from './session-menu.module.css';

interface SessionMenuProps {
  expireTime: string;
  /** What would be lost by leaving now, a sentence each. */
  losses: readonly string[];
  /** Called when the server has closed the session. */
  onEnded: () => void;
}

/** How long the session lasts, and the way out, which asks: the link that led here does not lead here again. */
export function SessionMenu({ expireTime, losses, onEnded }: SessionMenuProps) {
  const [isLeaving, setIsLeaving] = useState(false);
  const until = formatTimeOfDay(expireTime);
  return (
    <div className={styles.session}>
      <span className={styles.until}>
        <Trans>
          Session until <time dateTime={expireTime}>{until}</time>
        </Trans>
      </span>
      <Button onClick={() => setIsLeaving(true)}>
        <Trans>Leave</Trans>
      </Button>
      {isLeaving && <LeaveDialog losses={losses} onEnded={onEnded} onClose={() => setIsLeaving(false)} />}
    </div>
  );
}

function LeaveDialog({ losses, onEnded, onClose }: Omit<SessionMenuProps, 'expireTime'> & { onClose: () => void }) {
  const end = useOneShot({ mutationFn: endSession, onSuccess: onEnded });
  const app = theApp();
  return (
    <ConfirmDialog
      title={t`Leave the portal?`}
      confirmLabel={t`Leave the portal`}
      tone={losses.length > 0 ? 'danger' : 'primary'}
      busy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate()}
      onClose={onClose}
    >
      <p>
        <Trans>
          Everything you set up is saved. A link opens the portal once: to come back you need a new one, from {app} or
          from its vendor.
        </Trans>
      </p>
      {losses.map((loss) => (
        <Notice key={loss} tone="waiting" title={loss}>
          <Trans>Nobody can show it again after you have left.</Trans>
        </Notice>
      ))}
    </ConfirmDialog>
  );
}

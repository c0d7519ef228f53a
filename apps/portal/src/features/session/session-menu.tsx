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
  return (
    <div className={styles.session}>
      <span className={styles.until}>
        Session until <time dateTime={expireTime}>{formatTimeOfDay(expireTime)}</time>
      </span>
      <Button onClick={() => setIsLeaving(true)}>Leave</Button>
      {isLeaving && <LeaveDialog losses={losses} onEnded={onEnded} onClose={() => setIsLeaving(false)} />}
    </div>
  );
}

function LeaveDialog({ losses, onEnded, onClose }: Omit<SessionMenuProps, 'expireTime'> & { onClose: () => void }) {
  const end = useOneShot({ mutationFn: endSession, onSuccess: onEnded });
  return (
    <ConfirmDialog
      title="Leave the portal?"
      confirmLabel="Leave the portal"
      tone={losses.length > 0 ? 'danger' : 'primary'}
      busy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate()}
      onClose={onClose}
    >
      <p>
        Everything you set up is saved. A link opens the portal once: to come back you need a new one, from {theApp()}{' '}
        or from its vendor.
      </p>
      {losses.map((loss) => (
        <Notice key={loss} tone="waiting" title={loss}>
          Nobody can show it again after you have left.
        </Notice>
      ))}
    </ConfirmDialog>
  );
}

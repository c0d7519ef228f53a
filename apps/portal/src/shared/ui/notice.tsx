import type { ReactNode } from 'react';
import { describeError } from '../api/describe-error';
import { Button } from './button';
import { Icon, type IconName } from './icon';
import styles from './notice.module.css';

type NoticeTone = 'neutral' | 'waiting' | 'bad';

const ICONS: Record<NoticeTone, IconName> = { neutral: 'info', waiting: 'alert', bad: 'alert' };

interface NoticeProps {
  tone?: NoticeTone;
  title?: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** `alert` for what just went wrong; without it the notice is part of the page. */
  role?: 'alert' | 'status';
}

export function Notice({ tone = 'neutral', title, children, actions, role }: NoticeProps) {
  return (
    <div className={`${styles.notice} ${styles[tone] ?? ''}`} role={role}>
      <Icon name={ICONS[tone]} className={styles.icon} />
      <div className={styles.body}>
        {title && <p className={styles.title}>{title}</p>}
        {children && <div className={styles.text}>{children}</div>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}

/** What failed and what to do, with a retry where repeating makes sense. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { title, advice } = describeError(error);
  return (
    <Notice
      tone="bad"
      title={title}
      role="alert"
      actions={
        onRetry && (
          <Button icon="refresh" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {advice}
    </Notice>
  );
}

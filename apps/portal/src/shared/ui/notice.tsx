import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { describeError } from '../api/describe-error';
import { isTransient } from '../api/portal-error';
import { Button } from './button';
import { ForeignText } from './foreign-text';
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
        {title && (
          <p className={styles.title}>
            <ForeignText text={title} />
          </p>
        )}
        {children && <div className={styles.text}>{children}</div>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}

/** What is shown could not be read anew, as its title says: it may be out of date. */
export function StaleNotice({ title, onRetry }: { title: string; onRetry: () => void }) {
  return (
    <Notice
      tone="waiting"
      role="status"
      title={title}
      actions={
        <Button icon="refresh" onClick={onRetry}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      <Trans>What you see was loaded earlier and may be out of date.</Trans>
    </Notice>
  );
}

interface ErrorNoticeProps {
  error: unknown;
  /** What to do now, where the page knows better. */
  advice?: string;
  onRetry?: () => void;
}

/** What failed and what to do, with a retry where repeating makes sense. */
export function ErrorNotice({ error, advice, onRetry }: ErrorNoticeProps) {
  const description = describeError(error);
  const canRetry = onRetry !== undefined && isTransient(error);
  return (
    <Notice
      tone="bad"
      title={description.title}
      role="alert"
      actions={
        canRetry && (
          <Button icon="refresh" onClick={onRetry}>
            <Trans>Try again</Trans>
          </Button>
        )
      }
    >
      {advice ?? description.advice}
    </Notice>
  );
}

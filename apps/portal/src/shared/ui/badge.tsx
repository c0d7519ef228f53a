import type { ReactNode } from 'react';
import type { StatusTone } from '../format/directory-status';
import styles from './badge.module.css';

/** A short state; its words carry the meaning, the colour only repeats it. */
export function Badge({
  tone = 'neutral',
  dot = false,
  children,
}: {
  tone?: StatusTone;
  dot?: boolean;
  children: ReactNode;
}) {
  return (
    <span className={`${styles.badge} ${styles[tone] ?? ''}`}>
      {dot && <span className={styles.dot} />}
      {children}
    </span>
  );
}

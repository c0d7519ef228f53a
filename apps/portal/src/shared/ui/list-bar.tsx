import type { ReactNode } from 'react';
import styles from './list-bar.module.css';

/** Above a list: its search, and how many there are. The count is spoken when it changes, as the result of a search. */
export function ListBar({ children, summary }: { children: ReactNode; summary: string }) {
  return (
    <div className={styles.bar}>
      {children}
      <p className={styles.total} role="status" data-testid="list-total">
        {summary}
      </p>
    </div>
  );
}

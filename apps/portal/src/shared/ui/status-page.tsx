import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Mark } from './mark';
import { PageHeading } from './page-heading';
import { Spinner } from './spinner';
import styles from './status-page.module.css';

interface StatusPageProps {
  title: string;
  /** Something is under way. */
  isBusy?: boolean;
  actions?: ReactNode;
  children?: ReactNode;
}

/** A page that says one thing: where you are, what happened, and what to do. */
export function StatusPage({ title, isBusy = false, actions, children }: StatusPageProps) {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Mark size={44} />
        {/* The heading is a new element per title, so that a changed state is announced by the focus it takes. */}
        <PageHeading key={title} title={title} className={styles.title} />
        <div className={styles.text} role="status">
          {isBusy && (
            <p className={styles.progress}>
              <Spinner /> <Trans>One moment…</Trans>
            </p>
          )}
          {children}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </main>
  );
}

import type { ReactNode } from 'react';
import { Mark } from '../../shared/ui/mark';
import { PageHeading } from '../../shared/ui/page-heading';
import styles from './front-page.module.css';

interface FrontPageProps {
  title: string;
  lead?: ReactNode;
  /** Below the card. */
  foot?: ReactNode;
  children: ReactNode;
}

/** A page before the dashboard: one thing to do, in a card. */
export function FrontPage({ title, lead, foot, children }: FrontPageProps) {
  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <div className={styles.card}>
          <Mark size={40} />
          <div className={styles.titles}>
            {/* A new element per title, so that the next step is announced by the focus it takes. */}
            <PageHeading key={title} title={title} className={styles.title} />
            {lead && <div className={styles.lead}>{lead}</div>}
          </div>
          {children}
        </div>
        {foot && <div className={styles.foot}>{foot}</div>}
      </div>
    </main>
  );
}

import type { ReactNode } from 'react';
import { PageHeading } from './page-heading';
import styles from './page-intro.module.css';

interface PageIntroProps {
  /** Also the title of the browser's tab. */
  title: string;
  /** A sentence under the title. */
  lead?: ReactNode;
  /** Above the title: where one is. */
  trail?: ReactNode;
  actions?: ReactNode;
}

/** The top of a page: what it is, and what can be done. */
export function PageIntro({ title, lead, trail, actions }: PageIntroProps) {
  return (
    <header className={styles.intro}>
      {trail}
      <div className={styles.line}>
        <div className={styles.titles}>
          <PageHeading title={title} className={styles.title} />
          {lead && <div className={styles.lead}>{lead}</div>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </header>
  );
}

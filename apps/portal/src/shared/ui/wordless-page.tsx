import { Button } from './button';
import { Mark } from './mark';
import styles from './status-page.module.css';

/** In English: no message can be had. */
const WORDS = {
  failed: 'This page could not be loaded',
  remedy: 'Its texts did not arrive. Check your connection, then reload the page. What you set up is saved.',
  reload: 'Reload',
} as const;

/** Shown in place of everything where the messages of a language cannot be loaded. What it is made of may have no message. */
export function WordlessPage() {
  return (
    <main className={styles.page}>
      <div className={styles.card} role="alert">
        <Mark size={44} />
        <h1 className={styles.title}>{WORDS.failed}</h1>
        <p className={styles.text}>{WORDS.remedy}</p>
        <div className={styles.actions}>
          <Button tone="primary" icon="refresh" onClick={() => window.location.reload()}>
            {WORDS.reload}
          </Button>
        </div>
      </div>
    </main>
  );
}

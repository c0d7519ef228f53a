import styles from './skeleton.module.css';

/** The place of a text that is on its way; `width` in quarters. */
export function Skeleton({ width = 4 }: { width?: 1 | 2 | 3 | 4 }) {
  return <span className={`${styles.skeleton} ${styles[`w${width}`] ?? ''}`} aria-hidden="true" />;
}

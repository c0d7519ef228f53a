import { escapeHidden } from '../format/mark-hidden';
import { CopyButton } from './copy-button';
import styles from './code-block.module.css';

interface CodeBlockProps {
  /** What it is, in words: `Request body`. */
  label: string;
  code: string;
  /** Long lines are broken, not scrolled. */
  wraps?: boolean;
}

/** A text for machines: to be read, and to be copied as it is. */
export function CodeBlock({ label, code, wraps = false }: CodeBlockProps) {
  return (
    <figure className={styles.block} aria-label={label}>
      <figcaption className={styles.caption}>
        <span>{label}</span>
        <CopyButton value={code} label={label} tone="quiet" />
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard */}
      <pre className={`${styles.code} ${wraps ? styles.wraps : ''}`} tabIndex={0} aria-label={label} role="region">
        {escapeHidden(code)}
      </pre>
    </figure>
  );
}

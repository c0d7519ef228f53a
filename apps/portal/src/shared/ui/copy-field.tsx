import { useId, type ReactNode } from 'react';
import { CopyButton } from './copy-button';
import styles from './copy-field.module.css';

interface CopyFieldProps {
  label: string;
  value: string;
  hint?: ReactNode;
  testId?: string;
}

/** A value to be taken elsewhere: readable in full, selected by one click, with its copy button. */
export function CopyField({ label, value, hint, testId }: CopyFieldProps) {
  const labelId = useId();
  return (
    <div role="group" aria-labelledby={labelId}>
      <span id={labelId} className={styles.label}>
        {label}
      </span>
      <div className={styles.row}>
        <code className={styles.value} data-testid={testId}>
          {value}
        </code>
        <CopyButton value={value} label={label} className={styles.copy} />
      </div>
      {hint && <p className={styles.hint}>{hint}</p>}
    </div>
  );
}

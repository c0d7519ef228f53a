import { useId, type ReactNode } from 'react';
import { CopyButton } from './copy-button';
import styles from './copy-field.module.css';

interface CopyFieldProps {
  label: string;
  value: string;
  hint?: ReactNode;
  testId?: string;
  /** Called when the whole value was put on the clipboard, by the button or by selecting it. */
  onCopied?: () => void;
}

/** A value to be taken elsewhere: readable in full, selected by one click, with its copy button. */
export function CopyField({ label, value, hint, testId, onCopied }: CopyFieldProps) {
  const labelId = useId();
  const onCopy = () => {
    if (document.getSelection()?.toString().includes(value)) onCopied?.();
  };
  return (
    <div role="group" aria-labelledby={labelId}>
      <span id={labelId} className={styles.label}>
        {label}
      </span>
      <div className={styles.row}>
        <code className={styles.value} data-testid={testId} onCopy={onCopy}>
          {value}
        </code>
        <CopyButton value={value} label={label} className={styles.copy} onCopied={onCopied} />
      </div>
      {hint && <p className={styles.hint}>{hint}</p>}
    </div>
  );
}

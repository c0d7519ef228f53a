import { useId, type ReactNode } from 'react';
import { CopyButton } from './copy-button';
import styles from './value-field.module.css';

interface ValueFieldProps {
  label: string;
  /** What the button copies, in words, where that is not the label: `link`. */
  copyLabel?: string;
  value: string;
  hint?: ReactNode;
}

/** A value of one line to be taken elsewhere, in a field that cannot be changed, with its copy button. */
export function ValueField({ label, copyLabel = label, value, hint }: ValueFieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.row}>
        <input
          id={id}
          readOnly
          className={styles.value}
          value={value}
          spellCheck={false}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onFocus={({ target }) => target.select()}
        />
        <CopyButton value={value} label={copyLabel} />
      </div>
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

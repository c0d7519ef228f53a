import { useId, type ReactNode } from 'react';
import styles from './field.module.css';

interface SelectFieldProps<V extends string | number> {
  label: string;
  hint?: ReactNode;
  choices: readonly { value: V; label: string }[];
  value: V;
  disabled?: boolean;
  /** The label is not seen where the place says it already. */
  isLabelHidden?: boolean;
  onChange: (value: V) => void;
}

/** One of several, by the browser's own control, which also works within a modal dialog and on a telephone. */
export function SelectField<V extends string | number>(props: SelectFieldProps<V>) {
  const { label, hint, choices, value, disabled, isLabelHidden = false, onChange } = props;
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={isLabelHidden ? 'visually-hidden' : styles.label} htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className={`${styles.input} ${styles.select}`}
        value={value}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={({ target }) => {
          const chosen = choices.find((choice) => String(choice.value) === target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

import { useId, type ComponentProps, type ReactNode } from 'react';
import styles from './field.module.css';

type TextFieldProps = Omit<ComponentProps<'input'>, 'onChange' | 'id'> & {
  label: ReactNode;
  hint?: ReactNode;
  onChange: (value: string) => void;
};

export function TextField({ label, hint, onChange, ...rest }: TextFieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        {...rest}
        id={id}
        dir="auto"
        className={styles.input}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

export interface Choice<V extends string | number> {
  value: V;
  label: string;
  hint?: string;
}

interface ChoiceFieldProps<V extends string | number> {
  legend: string;
  choices: readonly Choice<V>[];
  value: V;
  onChange: (value: V) => void;
}

/** One of a few, all to be seen at once. */
export function ChoiceField<V extends string | number>({ legend, choices, value, onChange }: ChoiceFieldProps<V>) {
  const name = useId();
  return (
    <fieldset className={styles.choices}>
      <legend>{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className={styles.choice}>
          <input type="radio" name={name} checked={choice.value === value} onChange={() => onChange(choice.value)} />
          <span>
            <span className={styles.choiceLabel}>{choice.label}</span>
            {choice.hint && <span className={styles.hint}>{choice.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

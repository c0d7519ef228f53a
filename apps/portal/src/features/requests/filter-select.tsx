import { useId } from 'react';
import styles from './requests.module.css';

interface FilterSelectProps<Value extends string> {
  label: string;
  /** '' = all. */
  value: Value | '';
  choices: readonly { value: Value; label: string }[];
  onChange: (value: Value | '') => void;
}

/** One of a few values that a list is narrowed to. */
export function FilterSelect<Value extends string>({ label, value, choices, onChange }: FilterSelectProps<Value>) {
  const id = useId();
  return (
    <div className={styles.filter}>
      <label className="visually-hidden" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className={styles.select}
        value={value}
        onChange={(event) => onChange(choices.find((choice) => choice.value === event.target.value)?.value ?? '')}
      >
        <option value="">{`${label}: all`}</option>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}

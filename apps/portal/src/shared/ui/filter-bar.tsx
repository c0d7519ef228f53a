import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { Button } from './button';
import styles from './filter-bar.module.css';

interface FilterBarProps {
  isFiltered: boolean;
  onClear: () => void;
  children: ReactNode;
  /** Beside the filters, at the end. */
  actions?: ReactNode;
}

/** What a list is narrowed down by, and the way back to all of it. */
export function FilterBar({ isFiltered, onClear, children, actions }: FilterBarProps) {
  return (
    <div className={styles.bar} role="group" aria-label="Filters">
      {children}
      {isFiltered && (
        <Button tone="quiet" onClick={onClear}>
          Clear filters
        </Button>
      )}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

export interface FilterOption {
  value: string;
  label: string;
}

interface FilterSelectProps {
  label: string;
  /** '' = all. */
  value: string;
  /** What '' says: `All types`. */
  all: string;
  options: readonly FilterOption[];
  onChange: (value: string) => void;
}

/** One of many, by the browser's own list. */
export function FilterSelect({ label, value, all, options, onChange }: FilterSelectProps) {
  const id = useId();
  const isKnown = value === '' || options.some((option) => option.value === value);
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <select id={id} className={styles.input} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{all}</option>
        {!isKnown && <option value={value}>{value}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

interface FilterTextProps {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}

/** A text that is looked for as a whole, such as an id: it is taken on Enter and when the field is left. */
export function FilterText({ label, placeholder, value, onChange }: FilterTextProps) {
  const id = useId();
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  // The value also changes from outside, by a link or the way back.
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  const take = () => {
    if (text.trim() !== value) onChange(text.trim());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    take();
  };
  return (
    <form className={styles.field} onSubmit={submit}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        id={id}
        className={styles.input}
        placeholder={placeholder}
        value={text}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
      />
    </form>
  );
}

interface FilterTimeProps {
  label: string;
  /** RFC 3339; '' = any. */
  value: string;
  onChange: (value: string) => void;
}

/** A time in the reader's time zone. */
export function FilterTime({ label, value, onChange }: FilterTimeProps) {
  const id = useId();
  const change = (local: string) => onChange(local === '' ? '' : new Date(local).toISOString());
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        id={id}
        type="datetime-local"
        className={styles.input}
        value={toLocalInput(value)}
        onChange={(event) => change(event.target.value)}
      />
    </div>
  );
}

function toLocalInput(time: string): string {
  const date = new Date(time);
  if (time === '' || Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
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
    <div className={styles.bar} role="group" aria-label={t`Filters`}>
      {children}
      {isFiltered && (
        <Button tone="quiet" onClick={onClear}>
          <Trans>Clear filters</Trans>
        </Button>
      )}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

interface FilterOption {
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

/** How long the field of a time rests before what it says is taken. */
const PAUSE_MS = 800;

/**
 * A time in the reader's time zone. It is taken once it is whole: when the field is left, and after a pause, because who picks it from the
 * browser's calendar does not leave it.
 */
export function FilterTime({ label, value, onChange }: FilterTimeProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const shown = toLocalInput(value);
  const taken = useRef(shown);
  // The field is the browser's, which keeps half a time; its value then is none. What was taken from it is not written back: the reader
  // may be typing on.
  useEffect(() => {
    if (input.current && shown !== taken.current) input.current.value = shown;
    taken.current = shown;
  }, [shown]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const take = () => {
    clearTimeout(timer.current);
    const field = input.current;
    if (!field?.validity.valid || field.value === shown) return;
    taken.current = field.value;
    onChange(field.value === '' ? '' : new Date(field.value).toISOString());
  };
  const rest = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(take, PAUSE_MS);
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        ref={input}
        id={id}
        type="datetime-local"
        // A year of which only the first digits are typed is none of these.
        min="2000-01-01T00:00"
        max="9999-12-31T23:59"
        className={styles.input}
        defaultValue={shown}
        onChange={rest}
        onBlur={take}
      />
    </div>
  );
}

function toLocalInput(time: string): string {
  const date = new Date(time);
  if (time === '' || Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

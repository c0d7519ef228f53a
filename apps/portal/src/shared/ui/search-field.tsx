import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { Icon } from './icon';
import styles from './search-field.module.css';

const PAUSE_MS = 300;

interface SearchFieldProps {
  label: string;
  placeholder: string;
  value: string;
  /** Called after a pause in typing, or at once on Enter. */
  onSearch: (value: string) => void;
}

export function SearchField({ label, placeholder, value, onSearch }: SearchFieldProps) {
  const id = useId();
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  // The value also changes from outside, by the back button: what was typed then gives way.
  if (known !== value) {
    setKnown(value);
    if (text.trim() !== value) setText(value);
  }
  useEffect(() => () => clearTimeout(timer.current), []);

  const search = (next: string) => {
    clearTimeout(timer.current);
    if (next.trim() !== value) onSearch(next.trim());
  };
  const type = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search(next), PAUSE_MS);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    search(text);
  };

  return (
    <form role="search" className={styles.search} onSubmit={submit}>
      <label className="visually-hidden" htmlFor={id}>
        {label}
      </label>
      <Icon name="search" size={16} className={styles.icon} />
      <input
        id={id}
        type="search"
        dir="auto"
        className={styles.input}
        placeholder={placeholder}
        value={text}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => type(event.target.value)}
      />
    </form>
  );
}

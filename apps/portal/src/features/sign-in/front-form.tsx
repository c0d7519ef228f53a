import type { FormEvent, ReactNode } from 'react';
import { Button } from '../../shared/ui/button';
import { ErrorNotice } from '../../shared/ui/notice';
import styles from './front-page.module.css';

interface FrontFormProps {
  submitLabel: string;
  busy: boolean;
  error: unknown;
  onSubmit: () => void;
  children: ReactNode;
}

/** A form with one button. What is required the browser asks for; what the server refuses is told above the button. */
export function FrontForm({ submitLabel, busy, error, onSubmit, children }: FrontFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      {children}
      {error !== null && error !== undefined && <ErrorNotice error={error} />}
      <Button type="submit" tone="primary" busy={busy}>
        {submitLabel}
      </Button>
    </form>
  );
}

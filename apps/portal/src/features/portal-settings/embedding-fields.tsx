import { useId } from 'react';
import { ALLOWED_ORIGINS_MAX } from '@rollcall/contract';
import { Card } from '../../shared/ui/card';
import { ForeignText } from '../../shared/ui/foreign-text';
import type { FieldsProps } from './branding-fields';
import { findBadOrigins } from './settings-draft';
import styles from './settings.module.css';

/** Whose pages may show the portal in a frame. */
export function EmbeddingFields({ draft, isReadOnly, onChange }: FieldsProps) {
  const id = useId();
  const bad = findBadOrigins(draft);
  return (
    <Card
      title="Embedding"
      lead="Show the portal within your own application: put a portal link into an iframe, and listen for its messages."
    >
      <div className={styles.field}>
        <label className={styles.label} htmlFor={id}>
          Allowed origins
        </label>
        <textarea
          id={id}
          className={styles.lines}
          rows={4}
          value={draft.origins}
          placeholder="https://app.example.com"
          spellCheck={false}
          readOnly={isReadOnly}
          aria-describedby={`${id}-hint`}
          aria-invalid={bad.length > 0 || undefined}
          onChange={(event) => onChange({ origins: event.target.value })}
        />
        <p id={`${id}-hint`} className={styles.hint}>
          One a line, up to {ALLOWED_ORIGINS_MAX}: https and the host, without a path. No other page can show the portal
          in a frame.
        </p>
        {bad.length > 0 && (
          <p className={styles.problem}>
            Not an origin: <ForeignText text={bad.join(', ')} />
          </p>
        )}
      </div>
    </Card>
  );
}

import { Button, IconButton } from '../../shared/ui/button';
import { newEntry, type MetadataEntry } from './metadata-entries';
import styles from './organizations.module.css';
import field from '../../shared/ui/field.module.css';

interface MetadataFieldsProps {
  entries: readonly MetadataEntry[];
  onChange: (entries: MetadataEntry[]) => void;
}

/** Keys and values that the owner keeps with an organization. */
export function MetadataFields({ entries, onChange }: MetadataFieldsProps) {
  const change = (id: number, changed: Partial<MetadataEntry>) =>
    onChange(entries.map((entry) => (entry.id === id ? { ...entry, ...changed } : entry)));
  return (
    <fieldset className={styles.keys}>
      <legend>Metadata</legend>
      {entries.length === 0 && <p className={styles.hint}>Nothing is kept with it.</p>}
      {entries.map(({ id, key, text }, index) => (
        <div key={id} className={styles.key}>
          <input
            className={field.input}
            aria-label={`Key ${index + 1}`}
            placeholder="Key"
            dir="auto"
            value={key}
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => change(id, { key: target.value })}
          />
          <input
            className={field.input}
            aria-label={`Value ${index + 1}`}
            placeholder="Value"
            dir="auto"
            value={text}
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => change(id, { text: target.value })}
          />
          <IconButton
            icon="close"
            label={`Remove key ${index + 1}`}
            onClick={() => onChange(entries.filter((entry) => entry.id !== id))}
          />
        </div>
      ))}
      <div>
        <Button tone="quiet" icon="plus" onClick={() => onChange([...entries, newEntry()])}>
          Add a key
        </Button>
      </div>
    </fieldset>
  );
}

import { useState } from 'react';
import type { DirectoryDetail } from '@rollcall/sdk';
import { useMayChange } from '../../shared/hooks/use-may-change';
import { Button, IconButton } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { TextField } from '../../shared/ui/field';
import { ErrorNotice } from '../../shared/ui/notice';
import { ImpactNotice } from './impact-notice';
import { previewMappings, saveMappings, type AttributeMapping } from './rules-queries';
import { useRulesChange } from './use-rules-change';
import styles from './rules.module.css';

/** A mapping as it is edited; `row` tells the rows of the form apart. */
type Draft = AttributeMapping & { row: number };

const number = (mappings: readonly AttributeMapping[]): Draft[] =>
  mappings.map((mapping, row) => ({ ...mapping, row }));

/** SCIM attributes under names of the app's own, in `custom_attributes`; tried before they are saved. */
export function AttributeMappingsCard({ directory }: { directory: DirectoryDetail }) {
  const stored = directory.attribute_mappings.attributes;
  const mayChange = useMayChange();
  const [draft, setDraft] = useState(() => number(stored));
  const { trying, saving } = useRulesChange({
    directory,
    preview: previewMappings,
    save: saveMappings,
    saved: 'Attribute mapping saved',
  });
  const mappings = draft.map(({ row: _row, ...mapping }) => mapping);
  const isChanged = JSON.stringify(mappings) !== JSON.stringify(stored);
  const isComplete = mappings.every(({ key, map_to: name }) => key.trim() !== '' && name.trim() !== '');
  const change = (next: Draft[]) => {
    trying.reset();
    setDraft(next);
  };
  const set = (row: number, changed: Partial<AttributeMapping>) =>
    change(draft.map((mapping) => (mapping.row === row ? { ...mapping, ...changed } : mapping)));
  const add = () => change([...draft, { key: '', map_to: '', row: Math.max(-1, ...draft.map(({ row }) => row)) + 1 }]);
  return (
    <Card
      title="Attributes"
      lead="What your app needs beside the usual fields. Each SCIM attribute is sent under your name for it in custom_attributes."
    >
      <div className={styles.stack}>
        {draft.length === 0 && <p className={styles.hint}>No attribute is mapped.</p>}
        {draft.map((mapping, index) => (
          <MappingRow
            key={mapping.row}
            mapping={mapping}
            position={index + 1}
            isDisabled={!mayChange}
            onChange={(changed) => set(mapping.row, changed)}
            onRemove={() => change(draft.filter(({ row }) => row !== mapping.row))}
          />
        ))}
        {trying.data && <ImpactNotice impact={trying.data} />}
        {(trying.error ?? saving.error) && <ErrorNotice error={trying.error ?? saving.error} />}
        {mayChange && (
          <div className={styles.actions}>
            <Button icon="plus" onClick={add}>
              Add an attribute
            </Button>
            <Button
              unavailable={!isChanged || !isComplete}
              busy={trying.isPending}
              onClick={() => trying.mutate(mappings)}
            >
              Try it
            </Button>
            <Button
              tone="primary"
              unavailable={!isChanged || !isComplete}
              busy={saving.isPending}
              onClick={() => saving.mutate(mappings)}
            >
              Save attributes
            </Button>
            {isChanged && (
              <Button tone="quiet" onClick={() => change(number(stored))}>
                Undo changes
              </Button>
            )}
          </div>
        )}
      </div>
    </Card>
  );
}

interface MappingRowProps {
  mapping: AttributeMapping;
  /** 1 for the first. */
  position: number;
  isDisabled: boolean;
  onChange: (changed: Partial<AttributeMapping>) => void;
  onRemove: () => void;
}

function MappingRow({ mapping, position, isDisabled, onChange, onRemove }: MappingRowProps) {
  return (
    <fieldset className={styles.mapping} disabled={isDisabled}>
      <legend className="visually-hidden">Attribute {position}</legend>
      <TextField
        label="SCIM attribute"
        placeholder="urn:…:User:costCenter"
        value={mapping.key}
        maxLength={512}
        autoComplete="off"
        spellCheck={false}
        onChange={(key) => onChange({ key })}
      />
      <TextField
        label="Name in your app"
        placeholder="cost_center"
        value={mapping.map_to}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        onChange={(map_to) => onChange({ map_to })}
      />
      {!isDisabled && <IconButton icon="close" label={`Remove attribute ${position}`} onClick={onRemove} />}
    </fieldset>
  );
}

import { useState, type FormEvent } from 'react';
import type { Organization } from '@rollcall/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { formatDateTime } from '../../shared/format/format-time';
import { useAnnounce } from '../../shared/ui/announcer';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { Facts } from '../../shared/ui/facts';
import { TextField } from '../../shared/ui/field';
import { ErrorNotice } from '../../shared/ui/notice';
import { ValueField } from '../../shared/ui/value-field';
import { diffMetadata, readMetadata, toEntries, type MetadataEntry } from './metadata-entries';
import { MetadataFields } from './metadata-fields';
import { organizationQuery, ORGANIZATIONS_KEY, updateOrganization } from './organization-queries';
import styles from './organizations.module.css';

interface DetailsProps {
  organization: Organization;
  canWrite: boolean;
}

/** What the owner calls it and keeps with it. */
export function OrganizationDetailsCard({ organization, canWrite }: DetailsProps) {
  return (
    <Card title="Details">
      <div className={styles.form}>
        {canWrite ? (
          // What is typed is given up only when another organization is shown, not when this one is read anew.
          <DetailsForm key={organization.id} organization={organization} />
        ) : (
          <Facts
            title="Kept with it"
            facts={[
              { label: 'External ID', value: organization.external_id ?? '–' },
              ...toEntries(organization.metadata).map(({ key, text }) => ({ label: key, value: text })),
            ]}
          />
        )}
        <ValueField label="ID" value={organization.id} />
        <p className={styles.hint}>
          Created {formatDateTime(organization.create_time)}, last changed {formatDateTime(organization.update_time)}.
        </p>
      </div>
    </Card>
  );
}

function DetailsForm({ organization }: { organization: Organization }) {
  const [name, setName] = useState(organization.display_name);
  const [externalId, setExternalId] = useState(organization.external_id ?? '');
  const [entries, setEntries] = useState<MetadataEntry[]>(() => toEntries(organization.metadata));
  const client = useQueryClient();
  const announce = useAnnounce();
  const metadata = readMetadata(entries);
  const save = useMutation({
    mutationFn: () =>
      updateOrganization(organization.id, {
        display_name: name.trim(),
        external_id: externalId.trim() || null,
        metadata: diffMetadata(organization.metadata, metadata),
      }),
    onSuccess: (saved) => {
      client.setQueryData(organizationQuery(saved.id).queryKey, saved);
      void client.invalidateQueries({ queryKey: ORGANIZATIONS_KEY });
      setName(saved.display_name);
      setExternalId(saved.external_id ?? '');
      setEntries(toEntries(saved.metadata));
      announce('Details saved');
    },
  });
  const isChanged =
    name.trim() !== organization.display_name ||
    externalId.trim() !== (organization.external_id ?? '') ||
    diffMetadata(organization.metadata, metadata) !== undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isChanged && !save.isPending) save.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextField label="Display name" required value={name} maxLength={200} autoComplete="off" onChange={setName} />
      <TextField
        label="External ID"
        hint="Your own id of this customer."
        value={externalId}
        maxLength={255}
        autoComplete="off"
        spellCheck={false}
        onChange={setExternalId}
      />
      <MetadataFields entries={entries} onChange={setEntries} />
      {save.isError && <ErrorNotice error={save.error} />}
      <div className={styles.actions}>
        <Button type="submit" tone="primary" busy={save.isPending} unavailable={!isChanged}>
          Save
        </Button>
        {isChanged && <span className={styles.hint}>Not saved yet.</span>}
      </div>
    </form>
  );
}

import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { TextField } from '../../shared/ui/field';
import { createOrganization, organizationQuery, ORGANIZATIONS_KEY } from './organization-queries';

interface CreateOrganizationDialogProps {
  onCreated: (organizationId: string) => void;
  onClose: () => void;
}

/** A customer of the app's owner. */
export function CreateOrganizationDialog({ onCreated, onClose }: CreateOrganizationDialogProps) {
  const [name, setName] = useState('');
  const [externalId, setExternalId] = useState('');
  const client = useQueryClient();
  const create = useOneShot({
    mutationFn: () => createOrganization({ display_name: name.trim(), external_id: externalId.trim() || null }),
    onSuccess: (organization) => {
      client.setQueryData(organizationQuery(organization.id).queryKey, organization);
      void client.invalidateQueries({ queryKey: ORGANIZATIONS_KEY });
      onCreated(organization.id);
    },
  });
  return (
    <ConfirmDialog
      title="Create organization"
      confirmLabel="Create"
      busy={create.isPending}
      error={create.error}
      blocked={name.trim() === ''}
      onConfirm={() => create.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="A customer of yours, as its administrator knows it."
        value={name}
        maxLength={200}
        autoComplete="off"
        onChange={setName}
      />
      <TextField
        label="External ID"
        hint="Your own id of this customer, if you have one. You can find the organization by it."
        value={externalId}
        maxLength={255}
        autoComplete="off"
        spellCheck={false}
        onChange={setExternalId}
      />
    </ConfirmDialog>
  );
}

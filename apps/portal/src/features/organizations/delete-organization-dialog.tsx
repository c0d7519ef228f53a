import { useState } from 'react';
import type { Organization } from '@rollcall/sdk';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { formatCount } from '../../shared/format/format-count';
import { dropHidden } from '../../shared/format/mark-hidden';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { useAnnounce } from '../../shared/ui/announcer';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import { deleteOrganization, directoriesOfQuery, organizationQuery, ORGANIZATIONS_KEY } from './organization-queries';

interface DeleteOrganizationDialogProps {
  organization: Organization;
  onDeleted: () => void;
  onClose: () => void;
}

/** Says what goes with it, and asks for its name. */
export function DeleteOrganizationDialog({ organization, onDeleted, onClose }: DeleteOrganizationDialogProps) {
  const [typed, setTyped] = useState('');
  const client = useQueryClient();
  const announce = useAnnounce();
  const { data } = useQuery(directoriesOfQuery(organization.id));
  const name = organization.display_name;
  const remove = useOneShot({
    mutationFn: () => deleteOrganization(organization.id),
    onSuccess: () => {
      announce(`${name} deleted`);
      // A list that is still known from before would show it once more.
      client.removeQueries({ queryKey: ORGANIZATIONS_KEY });
      onDeleted();
      client.removeQueries({ queryKey: organizationQuery(organization.id).queryKey });
    },
  });
  const users = data?.directories.reduce((sum, { total_users }) => sum + total_users, 0) ?? 0;
  return (
    <ConfirmDialog
      title="Delete this organization?"
      confirmLabel="Delete organization"
      tone="danger"
      busy={remove.isPending}
      error={remove.error}
      blocked={dropHidden(typed).trim() !== dropHidden(name).trim()}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        {data && data.total_size > 0 ? (
          <>
            With it go {formatCount(data.total_size, 'directory', 'directories')} with {formatCount(users, 'user')}: its
            identity providers are refused at once, and your app receives <code>organization.directory_deleted</code>{' '}
            for each directory, which stands for all its users and groups.
          </>
        ) : (
          'It has no directory: your app receives no event.'
        )}{' '}
        Portal sessions end and links stop working. Past events stay readable. It cannot be undone.
      </p>
      <TextField
        label={
          <>
            Type{' '}
            <strong>
              <ForeignText text={name} />
            </strong>{' '}
            to confirm
          </>
        }
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={setTyped}
      />
    </ConfirmDialog>
  );
}

import { useState } from 'react';
import type { Contact } from '@rollcall/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { createContact, deleteContact, updateContact } from '../../shared/api/portal-api';
import { contactsQuery } from '../../shared/api/queries';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { useAnnounce } from '../../shared/ui/announcer';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';

/** Adds a contact, or changes the one that is given. */
export function ContactDialog({ contact, onClose }: { contact?: Contact; onClose: () => void }) {
  const [email, setEmail] = useState(contact?.email ?? '');
  const [name, setName] = useState(contact?.name ?? '');
  const changed = useContactChange(onClose);
  const save = useOneShot({
    mutationFn: () => {
      const input = { email: email.trim(), name: name.trim() };
      return contact ? updateContact(contact.id, input) : createContact(input);
    },
    onSuccess: (saved) => changed(`${saved.name || saved.email} ${contact ? 'saved' : 'added'}`),
  });
  return (
    <ConfirmDialog
      title={contact ? 'Edit IT contact' : 'Add an IT contact'}
      confirmLabel={contact ? 'Save' : 'Add contact'}
      busy={save.isPending}
      error={save.error}
      blocked={email.trim() === ''}
      onConfirm={() => save.mutate()}
      onClose={onClose}
    >
      <TextField
        label="E-mail address"
        type="email"
        value={email}
        maxLength={254}
        autoComplete="off"
        spellCheck={false}
        onChange={setEmail}
      />
      <TextField label="Name (optional)" value={name} maxLength={100} autoComplete="off" onChange={setName} />
    </ConfirmDialog>
  );
}

export function RemoveContactDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const changed = useContactChange(onClose);
  const remove = useOneShot({
    mutationFn: () => deleteContact(contact.id),
    onSuccess: () => changed(`${contact.name || contact.email} removed`),
  });
  return (
    <ConfirmDialog
      title="Remove this contact?"
      confirmLabel="Remove contact"
      tone="danger"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        <ForeignText text={contact.email} /> gets no more mails about your directories.
      </p>
    </ConfirmDialog>
  );
}

/** After a change: the dialog closes, the result is spoken, and the list is read anew. */
function useContactChange(onClose: () => void): (message: string) => void {
  const client = useQueryClient();
  const announce = useAnnounce();
  return (message) => {
    flushSync(onClose);
    announce(message);
    void client.invalidateQueries({ queryKey: contactsQuery.queryKey });
  };
}

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { EMAIL_LENGTH_MAX } from '@rollcall/contract';
import type { Contact } from '@rollcall/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { flushSync } from 'react-dom';
import { useOneShot } from '../../shared/hooks/use-one-shot';
import { useAnnounce } from '../../shared/ui/announcer';
import { ConfirmDialog } from '../../shared/ui/dialog';
import { TextField } from '../../shared/ui/field';
import { ForeignText } from '../../shared/ui/foreign-text';
import type { ContactsAccess } from './contacts-access';

interface DialogProps {
  access: ContactsAccess;
  onClose: () => void;
}

/** Adds a contact, or changes the one that is given. */
export function ContactDialog({ access, contact, onClose }: DialogProps & { contact?: Contact }) {
  const [email, setEmail] = useState(contact?.email ?? '');
  const [name, setName] = useState(contact?.name ?? '');
  const changed = useContactChange(access, onClose);
  const save = useOneShot({
    mutationFn: () => {
      const input = { email: email.trim(), name: name.trim() };
      return contact ? access.update(contact.id, input) : access.create(input);
    },
    onSuccess: (saved) => {
      const name = saved.name || saved.email;
      changed(contact ? t`${name} saved` : t`${name} added`);
    },
  });
  return (
    <ConfirmDialog
      title={contact ? t`Edit IT contact` : t`Add an IT contact`}
      confirmLabel={contact ? t`Save` : t`Add contact`}
      busy={save.isPending}
      error={save.error}
      blocked={email.trim() === ''}
      onConfirm={() => save.mutate()}
      onClose={onClose}
    >
      <TextField
        label={t`E-mail address`}
        type="email"
        value={email}
        maxLength={EMAIL_LENGTH_MAX}
        autoComplete="off"
        spellCheck={false}
        onChange={setEmail}
      />
      <TextField label={t`Name (optional)`} value={name} maxLength={100} autoComplete="off" onChange={setName} />
    </ConfirmDialog>
  );
}

export function RemoveContactDialog({ access, contact, onClose }: DialogProps & { contact: Contact }) {
  const changed = useContactChange(access, onClose);
  const remove = useOneShot({
    mutationFn: () => access.remove(contact.id),
    onSuccess: () => changed(t`${{ name: contact.name || contact.email }} removed`),
  });
  return (
    <ConfirmDialog
      title={t`Remove this contact?`}
      confirmLabel={t`Remove contact`}
      tone="danger"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        <Trans>
          <ForeignText text={contact.email} /> gets no more mails about your directories.
        </Trans>
      </p>
    </ConfirmDialog>
  );
}

/** After a change: the dialog closes, the result is spoken, and the list is read anew. */
function useContactChange({ queryKey }: ContactsAccess, onClose: () => void): (message: string) => void {
  const client = useQueryClient();
  const announce = useAnnounce();
  return (message) => {
    flushSync(onClose);
    announce(message);
    void client.invalidateQueries({ queryKey });
  };
}

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { Contact } from '@rollcall/sdk';
import { Badge } from '../../shared/ui/badge';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Menu } from '../../shared/ui/menu';
import { ContactDialog, RemoveContactDialog } from './contact-dialogs';
import type { ContactsAccess } from './contacts-access';
import styles from './contact-list.module.css';

type OpenDialog = { kind: 'edit' | 'remove'; contact: Contact } | null;

interface ContactListProps {
  contacts: readonly Contact[];
  access: ContactsAccess;
  mayChange: boolean;
}

/** The people who are told of failures, each with what can be done. */
export function ContactList({ contacts, access, mayChange }: ContactListProps) {
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const close = () => setDialog(null);
  return (
    <>
      <ul className={styles.list} aria-label={t`IT contacts`}>
        {contacts.map((contact) => (
          <li key={contact.id} className={styles.item}>
            <div>
              <p className={styles.name}>
                <ForeignText text={contact.name || contact.email} />
              </p>
              {contact.name !== '' && (
                <p className={styles.email}>
                  <ForeignText text={contact.email} />
                </p>
              )}
            </div>
            {!contact.subscribed && (
              <Badge tone="neutral">
                <Trans context="contact">Unsubscribed</Trans>
              </Badge>
            )}
            {mayChange && (
              <Menu
                label={t`Actions for ${{ name: contact.name || contact.email }}`}
                trigger="icon"
                items={[
                  { label: t`Edit…`, onSelect: () => setDialog({ kind: 'edit', contact }) },
                  { label: t`Remove…`, tone: 'bad', onSelect: () => setDialog({ kind: 'remove', contact }) },
                ]}
              />
            )}
          </li>
        ))}
      </ul>
      {dialog?.kind === 'edit' && <ContactDialog access={access} contact={dialog.contact} onClose={close} />}
      {dialog?.kind === 'remove' && <RemoveContactDialog access={access} contact={dialog.contact} onClose={close} />}
    </>
  );
}

import { useState } from 'react';
import type { Contact } from '@rollcall/sdk';
import { Badge } from '../../shared/ui/badge';
import { ForeignText } from '../../shared/ui/foreign-text';
import { Menu } from '../../shared/ui/menu';
import { ContactDialog, RemoveContactDialog } from './contact-dialogs';
import styles from './contact-list.module.css';

type OpenDialog = { kind: 'edit' | 'remove'; contact: Contact } | null;

/** The people who are told of failures, each with what can be done. */
export function ContactList({ contacts }: { contacts: readonly Contact[] }) {
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const close = () => setDialog(null);
  return (
    <>
      <ul className={styles.list} aria-label="IT contacts">
        {contacts.map((contact) => (
          <li key={contact.id} className={styles.item}>
            <div>
              <h2 className={styles.name}>
                <ForeignText text={contact.name || contact.email} />
              </h2>
              {contact.name !== '' && (
                <p className={styles.email}>
                  <ForeignText text={contact.email} />
                </p>
              )}
            </div>
            {!contact.subscribed && <Badge tone="neutral">Unsubscribed</Badge>}
            <Menu
              label={`Actions for ${contact.name || contact.email}`}
              trigger="icon"
              items={[
                { label: 'Edit…', onSelect: () => setDialog({ kind: 'edit', contact }) },
                { label: 'Remove…', tone: 'bad', onSelect: () => setDialog({ kind: 'remove', contact }) },
              ]}
            />
          </li>
        ))}
      </ul>
      {dialog?.kind === 'edit' && <ContactDialog contact={dialog.contact} onClose={close} />}
      {dialog?.kind === 'remove' && <RemoveContactDialog contact={dialog.contact} onClose={close} />}
    </>
  );
}

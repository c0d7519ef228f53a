import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { createContact, deleteContact, listContacts, updateContact } from '../../shared/api/portal-api';
import { theApp } from '../../shared/branding/app-name';
import { Button } from '../../shared/ui/button';
import { PageHeading } from '../../shared/ui/page-heading';
import { ContactDialog } from '../../features/contacts/contact-dialogs';
import type { ContactsAccess } from '../../features/contacts/contacts-access';
import { ContactsSection } from '../../features/contacts/contacts-section';
import styles from './pages.module.css';

const access: ContactsAccess = {
  queryKey: ['contacts'],
  list: listContacts,
  create: createContact,
  update: updateContact,
  remove: deleteContact,
};

/** Whom the organization wants to be told of failures. */
export function ContactsPage() {
  const [isAdding, setIsAdding] = useState(false);
  const app = theApp();
  return (
    <>
      <div className={styles.intro}>
        <div>
          <PageHeading title={t`IT contacts`} />
          <p className={styles.lead}>
            <Trans>
              They get a mail when your identity provider is refused or silent, when its token comes to its end, and
              when users wait to lose their access to {app} until somebody decides: at most one a day for each.
            </Trans>
          </p>
        </div>
        <Button icon="plus" tone="primary" onClick={() => setIsAdding(true)}>
          <Trans>Add contact</Trans>
        </Button>
      </div>
      <ContactsSection access={access} mayChange />
      {isAdding && <ContactDialog access={access} onClose={() => setIsAdding(false)} />}
    </>
  );
}

import type { Contact } from '@rollcall/sdk';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { contactsQuery } from '../../shared/api/queries';
import { theApp } from '../../shared/branding/app-name';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { ErrorNotice, StaleNotice } from '../../shared/ui/notice';
import { PageHeading } from '../../shared/ui/page-heading';
import { Skeleton } from '../../shared/ui/skeleton';
import { ContactDialog } from '../../features/contacts/contact-dialogs';
import { ContactList } from '../../features/contacts/contact-list';
import styles from './pages.module.css';

/** Whom the organization wants to be told of failures. */
export function ContactsPage() {
  const contacts = useQuery(contactsQuery);
  const [isAdding, setIsAdding] = useState(false);
  return (
    <>
      <div className={styles.intro}>
        <div>
          <PageHeading title="IT contacts" />
          <p className={styles.lead}>
            They get a mail when a token of your identity provider comes to its end, and when users wait to lose their
            access to {theApp()} until somebody decides: at most one a day for each.
          </p>
        </div>
        <Button icon="plus" tone="primary" onClick={() => setIsAdding(true)}>
          Add contact
        </Button>
      </div>
      <ContactsBody contacts={contacts.data} error={contacts.error} onRetry={() => void contacts.refetch()} />
      {isAdding && <ContactDialog onClose={() => setIsAdding(false)} />}
    </>
  );
}

interface ContactsBodyProps {
  contacts: Contact[] | undefined;
  error: unknown;
  onRetry: () => void;
}

function ContactsBody({ contacts, error, onRetry }: ContactsBodyProps) {
  if (!contacts && error !== null) return <ErrorNotice error={error} onRetry={onRetry} />;
  if (!contacts) {
    return (
      <div role="status" aria-label="Loading the contacts">
        <Card title="IT contacts">
          <Skeleton width={3} />
        </Card>
      </div>
    );
  }
  return (
    <div className={styles.stack}>
      {error !== null && <StaleNotice what="This list" onRetry={onRetry} />}
      {contacts.length === 0 ? (
        <Card title="Nobody is told yet">
          <p>
            Add who looks after your identity provider. A shared mailbox is a good choice: it is still read when
            somebody is away.
          </p>
        </Card>
      ) : (
        <ContactList contacts={contacts} />
      )}
    </div>
  );
}

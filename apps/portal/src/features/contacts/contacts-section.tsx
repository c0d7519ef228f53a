import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { ErrorNotice, StaleNotice } from '../../shared/ui/notice';
import { Skeleton } from '../../shared/ui/skeleton';
import { ContactList } from './contact-list';
import { contactsQuery, type ContactsAccess } from './contacts-access';
import styles from './contact-list.module.css';

interface ContactsSectionProps {
  access: ContactsAccess;
  mayChange: boolean;
}

/** The list of contacts in each of its states. */
export function ContactsSection({ access, mayChange }: ContactsSectionProps) {
  const contacts = useQuery(contactsQuery(access));
  if (contacts.data === undefined) {
    return contacts.error === null ? (
      <div role="status" aria-label={t`Loading the contacts`}>
        <Skeleton width={3} />
      </div>
    ) : (
      <ErrorNotice error={contacts.error} onRetry={() => void contacts.refetch()} />
    );
  }
  return (
    <div className={styles.section}>
      {contacts.error !== null && (
        <StaleNotice title={t`This list could not be refreshed`} onRetry={() => void contacts.refetch()} />
      )}
      {contacts.data.length === 0 ? (
        <p className={styles.empty}>
          <Trans>
            <strong>Nobody is told yet.</strong> Add who looks after the identity provider. A shared mailbox is a good
            choice: it is still read when somebody is away.
          </Trans>
        </p>
      ) : (
        <ContactList contacts={contacts.data} access={access} mayChange={mayChange} />
      )}
    </div>
  );
}

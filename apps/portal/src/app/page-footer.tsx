import { Trans } from '@lingui/react/macro';
import { SupportContact } from '../shared/branding/support-contact';
import styles from './portal-layout.module.css';

/** The end of every page: whom to ask, where the app's owner has said it, and by whom the page is. */
export function PageFooter({ contact }: { contact: string | null }) {
  return (
    <footer className={styles.footer}>
      {contact !== null && (
        <p>
          <Trans>
            Questions? <SupportContact contact={contact} />
          </Trans>
        </p>
      )}
      <p>
        <Trans>Directory Sync by Rollcall</Trans>
      </p>
    </footer>
  );
}

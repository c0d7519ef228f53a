import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useFreshSecrets } from '../../features/secrets/fresh-secrets';
import { supportContact, theVendor } from '../../shared/branding/app-name';
import { SupportContact } from '../../shared/branding/support-contact';
import { Icon } from '../../shared/ui/icon';
import { PageHeading } from '../../shared/ui/page-heading';
import styles from './pages.module.css';

/** Instead of the Directory Sync pages while the vendor has not switched the feature on, or has switched it off. */
export function FeatureOffPage({ organization }: { organization: string }) {
  const { uncopied } = useFreshSecrets();
  const contact = supportContact();
  const vendor = theVendor();
  return (
    <div className={styles.center}>
      <Icon name="lock" size={28} />
      <PageHeading title={t`Directory Sync is not switched on for ${organization}`} />
      <p>
        {contact === null ? (
          <Trans>Ask {vendor} to enable Directory Sync for your organization. This page goes on by itself then.</Trans>
        ) : (
          <Trans>
            Ask {vendor} (<SupportContact contact={contact} />) to enable Directory Sync for your organization. This
            page goes on by itself then.
          </Trans>
        )}
      </p>
      <p>
        <Trans>Until then every request of an identity provider is refused. What is set up already is kept.</Trans>
      </p>
      {uncopied.length > 0 && (
        <p>
          <Trans>
            <strong>The new token that you were shown is kept on this page too: do not close or reload it.</strong> You
            can copy the token as soon as Directory Sync is enabled.
          </Trans>
        </p>
      )}
    </div>
  );
}

import { useDashboardSession } from '../../shared/dashboard-api/dashboard-session';
import { PageIntro } from '../../shared/ui/page-intro';
import { MailCard } from '../../features/portal-settings/mail-card';
import { PortalSettingsCard } from '../../features/portal-settings/portal-settings-card';
import styles from './pages.module.css';

/** How the environment presents itself to organizations' admins, and how its mails leave. */
export function SettingsPage() {
  const { member } = useDashboardSession();
  return (
    <>
      <PageIntro title="Settings" lead="Of the admin portal that your organizations’ admins open, and of mail." />
      <div className={styles.stack}>
        <PortalSettingsCard />
        <MailCard ownEmail={member.email} />
      </div>
    </>
  );
}

import { PageIntro } from '../../shared/ui/page-intro';
import { PasskeysCard } from '../../features/account/passkeys-card';
import { PasswordCard } from '../../features/account/password-card';
import { ProfileCard } from '../../features/account/profile-card';
import { SecondFactorCard } from '../../features/account/second-factor-card';
import { SessionsCard } from '../../features/account/sessions-card';
import styles from './pages.module.css';

/** The member's own account, the same in every environment. */
export function AccountPage() {
  return (
    <>
      <PageIntro title="Account" lead="Yours, in every environment." />
      <div className={styles.halves}>
        <div className={styles.stack}>
          <ProfileCard />
          <PasswordCard />
        </div>
        <div className={styles.stack}>
          <SecondFactorCard />
          <PasskeysCard />
          <SessionsCard />
        </div>
      </div>
    </>
  );
}

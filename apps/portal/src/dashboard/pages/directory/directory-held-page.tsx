import { GuardCard } from '../../../features/deprovisioning/guard-card';
import { HeldUsers } from '../../../features/held/held-users';
import styles from '../pages.module.css';
import { useDirectoryDetail } from './directory-layout';

/** Whose removal is held back, and from where on that happens. */
export function DirectoryHeldPage() {
  const directory = useDirectoryDetail();
  return (
    <div className={styles.stack}>
      <HeldUsers directory={directory} howToSwitchOn="Switch it on below." />
      <GuardCard directory={directory} />
    </div>
  );
}

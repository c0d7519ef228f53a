import { GuardCard } from '../../../features/deprovisioning/guard-card';
import { HeldList } from '../../../features/deprovisioning/held-list';
import styles from '../pages.module.css';
import { useDirectoryDetail } from './directory-layout';

/** Whose removal is held back, and from where on that happens. */
export function DirectoryHeldPage() {
  const directory = useDirectoryDetail();
  return (
    <div className={styles.stack}>
      <HeldList directory={directory} />
      <GuardCard directory={directory} />
    </div>
  );
}
